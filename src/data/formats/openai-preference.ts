import { excerpt } from '../excerpt.ts'
import { isJsonObject, kindOf, pointerPart, type RecordFormat } from '../record-format.ts'
import { readAnswer, readMessages } from './chat-messages.ts'

/**
 * OpenAI's preference format: a conversation and two answers to it.
 * Source: https://platform.openai.com/docs/guides/direct-preference-optimization
 */
export const openaiPreference: RecordFormat = {
  id: 'openai-preference',
  form: '{"input": {"messages": […]}, "preferred_output": [{"role": "assistant", "content": "…"}], "non_preferred_output": […]}',
  requiredKeys: ['input', 'preferred_output', 'non_preferred_output'],
  optionalKeys: [],
  read(record, report) {
    const { input } = record
    if (!isJsonObject(input)) {
      report('record/not-object', '/input', `input must be an object, this is ${kindOf(input)}`)
      return []
    }
    for (const [key, value] of Object.entries(input)) {
      const empty = value === null || (Array.isArray(value) && value.length === 0)
      if (key === 'messages' || key === 'parallel_tool_calls' || empty) continue
      if (key === 'tools') report('record/unsupported', '/input/tools', '"tools" cannot be trained')
      else report('record/ignored-key', `/input/${pointerPart(key)}`, `${excerpt(key)} of input is not read`)
    }
    return [
      ...readMessages(input['messages'], '/input/messages', report),
      ...readAnswer(record['preferred_output'], '/preferred_output', report),
    ]
  },
  rejected: (record, report) =>
    readAnswer(record['non_preferred_output'], '/non_preferred_output', report)[0]?.content,
}
