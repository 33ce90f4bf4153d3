import type { RecordFormat } from '../record-format.ts'
import { splitSystem, systemField } from './split-system.ts'

/** One text and what to make of it, the usual form of research datasets. */
export const inputOutput: RecordFormat = {
  id: 'input-output',
  form: '{"input": "…", "output": "…"}',
  usedBy: 'research datasets',
  requiredKeys: ['input', 'output'],
  optionalKeys: ['system'],
  holds: ['system'],
  read(record, draft) {
    draft.addSystemField(record)
    draft.addField(record, 'input', 'user')
    draft.addField(record, 'output', 'assistant')
  },
  write({ messages }) {
    const { system, spoken } = splitSystem(messages)
    return { ...systemField(system), input: spoken[0]?.content, output: spoken[1]?.content }
  },
}
