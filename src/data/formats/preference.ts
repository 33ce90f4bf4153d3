import type { JsonObject } from '../../core/example.ts'
import { fieldTurn, systemTurn, type RecordFormat, type Turn } from '../record-format.ts'
import type { Report } from '../reading-rules.ts'
import { readAnswer, readMessages } from './chat-messages.ts'

/** An answer is text, or a list of one assistant message. */
function answerTurn(record: JsonObject, key: string, report: Report): Turn[] {
  const value = record[key]
  return Array.isArray(value)
    ? readAnswer(value, `/${key}`, report)
    : fieldTurn(record, key, 'assistant', report)
}

const rejected = (record: JsonObject, report: Report): string | undefined =>
  answerTurn(record, 'rejected', report)[0]?.content

/** Preference pairs of the Hugging Face world: a prompt, as text or as messages, and two answers. */
export const preferencePrompt: RecordFormat = {
  id: 'preference-prompt',
  form: '{"prompt": "…", "chosen": "…", "rejected": "…"}',
  requiredKeys: ['prompt', 'chosen', 'rejected'],
  optionalKeys: ['system'],
  read: (record, report) => [
    ...systemTurn(record, report),
    ...(Array.isArray(record['prompt'])
      ? readMessages(record['prompt'], '/prompt', report)
      : fieldTurn(record, 'prompt', 'user', report)),
    ...answerTurn(record, 'chosen', report),
  ],
  rejected,
}

/** The same with the conversation under `messages`. */
export const preferenceMessages: RecordFormat = {
  id: 'preference-messages',
  form: '{"messages": [{"role": "user", "content": "…"}], "chosen": "…", "rejected": "…"}',
  requiredKeys: ['messages', 'chosen', 'rejected'],
  optionalKeys: ['system'],
  read: (record, report) => [
    ...systemTurn(record, report),
    ...readMessages(record['messages'], '/messages', report),
    ...answerTurn(record, 'chosen', report),
  ],
  rejected,
}
