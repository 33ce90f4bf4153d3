import { fieldTurn, systemTurn, type RecordFormat } from '../record-format.ts'

/** One question and its answer, as Amazon Titan, older OpenAI models and many scripts write them. */
export const promptCompletion: RecordFormat = {
  id: 'prompt-completion',
  form: '{"prompt": "…", "completion": "…"}',
  requiredKeys: ['prompt', 'completion'],
  optionalKeys: ['system'],
  read: (record, report) => [
    ...systemTurn(record, report),
    ...fieldTurn(record, 'prompt', 'user', report),
    ...fieldTurn(record, 'completion', 'assistant', report),
  ],
}
