import type { RecordFormat } from '../record-format.ts'
import { readMessages } from './chat-messages.ts'

/** OpenAI's chat fine-tuning format. Source: https://platform.openai.com/docs/guides/supervised-fine-tuning */
export const openaiChat: RecordFormat = {
  id: 'openai-chat',
  form: '{"messages": [{"role": "user", "content": "…"}, {"role": "assistant", "content": "…"}]}',
  requiredKeys: ['messages'],
  optionalKeys: [],
  read: (record, report) => readMessages(record['messages'], '/messages', report),
}
