import { ElementPointers } from '../element-pointers.ts'
import { excerpt } from '../../excerpt.ts'
import { isJsonObject, kindOf, pointerPart, type RecordFormat } from '../record-format.ts'
import { readAnswer, readMessages } from './chat-messages.ts'
import { readChatSettings, writeOpenaiTool } from './openai-tools.ts'
import { addPreference, splitPreference } from './preference-pair.ts'
import { writeMessages } from './write-chat.ts'

const inputAt = new ElementPointers('/input/messages')
const read = new Set(['messages', 'tools', 'functions', 'parallel_tool_calls'])

/**
 * OpenAI's preference format: a conversation and two answers to it.
 * Source: https://platform.openai.com/docs/guides/direct-preference-optimization
 */
export const openaiPreference: RecordFormat = {
  id: 'openai-preference',
  form: '{"input": {"messages": […]}, "preferred_output": [{"role": "assistant", "content": "…"}], "non_preferred_output": […]}',
  usedBy: 'OpenAI direct preference optimisation',
  requiredKeys: ['preferred_output', 'non_preferred_output', 'input'],
  optionalKeys: [],
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
    'rejected',
  ],
  read(record, draft) {
    const { input } = record
    if (!isJsonObject(input)) {
      draft.report('record/not-object', '/input', `input must be an object, this is ${kindOf(input)}`)
      return
    }
    for (const key of Object.keys(input)) {
      if (read.has(key)) continue
      draft.report('record/ignored-key', `/input/${pointerPart(key)}`, `${excerpt(key)} of input is not read`)
    }
    readMessages(input['messages'], draft, inputAt)
    readChatSettings(input, draft, '/input')
    addPreference(
      draft,
      readAnswer(record['preferred_output'], '/preferred_output', draft),
      '/preferred_output/0',
      readAnswer(record['non_preferred_output'], '/non_preferred_output', draft),
    )
  },
  write(example, lose) {
    const pair = splitPreference(example, lose)
    const messages = pair && writeMessages({ messages: pair.before }, lose)
    if (pair === undefined || messages === undefined) return undefined
    const { tools, parallelToolCalls } = example
    return {
      input: {
        messages,
        ...(tools === undefined ? {} : { tools: tools.map(writeOpenaiTool) }),
        ...(parallelToolCalls === undefined ? {} : { parallel_tool_calls: parallelToolCalls }),
      },
      preferred_output: [{ role: 'assistant', content: pair.chosen }],
      non_preferred_output: [{ role: 'assistant', content: pair.rejected }],
    }
  },
}
