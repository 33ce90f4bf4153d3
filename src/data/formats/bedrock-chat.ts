import { systemTurn, type RecordFormat } from '../record-format.ts'
import { readMessages } from './chat-messages.ts'

/**
 * The single- and multi-turn format of Claude 3 Haiku on Amazon Bedrock: the system prompt beside the messages.
 * Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-customization-prepare.html
 */
export const bedrockChat: RecordFormat = {
  id: 'bedrock-chat',
  form: '{"system": "…", "messages": [{"role": "user", "content": "…"}, {"role": "assistant", "content": "…"}]}',
  requiredKeys: ['system', 'messages'],
  optionalKeys: [],
  read: (record, report) => [
    ...systemTurn(record, report),
    ...readMessages(record['messages'], '/messages', report),
  ],
}
