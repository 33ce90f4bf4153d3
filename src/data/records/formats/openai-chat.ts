import type { RecordFormat } from '../record-format.ts'
import { readMessages } from './chat-messages.ts'
import { readChatSettings, writeOpenaiTool } from './openai-tools.ts'
import { writeMessages } from './write-chat.ts'

/** OpenAI's chat fine-tuning format. Source: https://platform.openai.com/docs/guides/supervised-fine-tuning */
export const openaiChat: RecordFormat = {
  id: 'openai-chat',
  form: '{"messages": [{"role": "user", "content": "…"}, {"role": "assistant", "content": "…"}], "tools": […]}',
  usedBy: 'OpenAI fine-tuning, TRL, and most tools',
  requiredKeys: ['messages'],
  optionalKeys: ['tools', 'functions', 'parallel_tool_calls'],
  holds: [
    'system',
    'turns',
    'parts',
    'images',
    'tools',
    'calls',
    'call-ids',
    'parallel',
    'names',
    'turn-weights',
  ],
  read(record, draft) {
    readMessages(record['messages'], draft)
    readChatSettings(record, draft)
  },
  write(example, lose) {
    const messages = writeMessages(example, lose)
    const { tools, parallelToolCalls } = example
    return messages === undefined
      ? undefined
      : {
          messages,
          ...(tools === undefined ? {} : { tools: tools.map(writeOpenaiTool) }),
          ...(parallelToolCalls === undefined ? {} : { parallel_tool_calls: parallelToolCalls }),
        }
  },
}
