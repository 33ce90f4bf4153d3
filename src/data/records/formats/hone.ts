import { features, isJsonObject, isMeaningful, type Feature, type RecordFormat } from '../record-format.ts'
import { readMessages } from './chat-messages.ts'
import { readChatSettings, writeOpenaiTool } from './openai-tools.ts'
import { writeAnyPart, writeMessages } from './write-chat.ts'

/**
 * Hone's own form: OpenAI's chat form, with what an example has beside it. It holds everything. A record without any of
 * the further keys is OpenAI's.
 */
export const hone: RecordFormat = {
  id: 'hone',
  form: '{"messages": […], "tools": […], "rejected": "…", "weight": 1, "label": "…", "metadata": {…}}',
  usedBy: 'Hone itself: what `hone data import` writes',
  requiredKeys: ['messages'],
  optionalKeys: ['tools', 'parallel_tool_calls', 'rejected', 'label', 'metadata'],
  holds: Object.keys(features) as Feature[],
  fits: (record) =>
    (isMeaningful(record['label']) ||
      isJsonObject(record['metadata']) ||
      typeof record['rejected'] === 'string') &&
    record['chosen'] === undefined &&
    record['system'] === undefined &&
    record['schemaVersion'] === undefined,
  read(record, draft) {
    readMessages(record['messages'], draft)
    readChatSettings(record, draft)
    if (record['rejected'] !== undefined && record['rejected'] !== null) {
      draft.rejected = draft.text(record['rejected'], '/rejected')
    }
  },
  write(example, lose) {
    const messages = writeMessages(example, lose, writeAnyPart)
    if (messages === undefined) return undefined
    const { tools, parallelToolCalls, rejected, weight, label, metadata } = example
    return {
      messages,
      ...(tools === undefined ? {} : { tools: tools.map(writeOpenaiTool) }),
      ...(parallelToolCalls === undefined ? {} : { parallel_tool_calls: parallelToolCalls }),
      ...(rejected === undefined ? {} : { rejected }),
      ...(weight === undefined ? {} : { weight }),
      ...(label === undefined ? {} : { label }),
      ...(metadata === undefined ? {} : { metadata }),
    }
  },
}
