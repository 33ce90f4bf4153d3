import { fieldTurn, systemTurn, type RecordFormat } from '../record-format.ts'

/** One text and what to make of it, the usual form of research datasets. */
export const inputOutput: RecordFormat = {
  id: 'input-output',
  form: '{"input": "…", "output": "…"}',
  requiredKeys: ['input', 'output'],
  optionalKeys: ['system'],
  read: (record, report) => [
    ...systemTurn(record, report),
    ...fieldTurn(record, 'input', 'user', report),
    ...fieldTurn(record, 'output', 'assistant', report),
  ],
}
