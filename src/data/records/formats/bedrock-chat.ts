import type { RecordFormat } from '../record-format.ts'
import { readMessages } from './chat-messages.ts'
import { plainMessages, splitSystem, systemField } from './split-system.ts'

/**
 * The single- and multi-turn format of Claude 3 Haiku on Amazon Bedrock: the system prompt beside the messages.
 * Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-customization-prepare.html
 */
export const bedrockChat: RecordFormat = {
  id: 'bedrock-chat',
  form: '{"system": "…", "messages": [{"role": "user", "content": "…"}, {"role": "assistant", "content": "…"}]}',
  usedBy: 'Claude 3 Haiku on Amazon Bedrock',
  requiredKeys: ['system', 'messages'],
  optionalKeys: [],
  holds: ['system', 'turns'],
  read(record, draft) {
    draft.addSystemField(record)
    readMessages(record['messages'], draft)
  },
  write({ messages }) {
    const { system, spoken } = splitSystem(messages)
    return { ...systemField(system), messages: plainMessages(spoken) }
  },
}
