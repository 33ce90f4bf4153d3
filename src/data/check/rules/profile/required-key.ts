import { isJsonObject, kindOf } from '../../../records/record-format.ts'
import type { RecordRule } from '../../rule.ts'

const examples = {
  messages:
    '{"system": "…", "messages": [{"role": "user", "content": "…"}, {"role": "assistant", "content": "…"}]}',
  'prompt-completion': '{"prompt": "…", "completion": "…"}',
  converse:
    '{"schemaVersion": "bedrock-conversation-2024", "messages": [{"role": "user", "content": [{"text": "…"}]}, …]}',
  'openai-chat': '{"messages": [{"role": "user", "content": "…"}, {"role": "assistant", "content": "…"}]}',
  'openai-preference':
    '{"input": {"messages": […]}, "preferred_output": [{"role": "assistant", "content": "…"}], "non_preferred_output": […]}',
  'openai-reinforcement': '{"messages": [{"role": "user", "content": "…"}], "answer": "…"}',
} as const

export const requiredKey: RecordRule = {
  id: 'profile/required-key',
  isAboutForm: true,
  severity: 'error',
  reason: 'The service reads records of one form only.',
  start({ profile }) {
    if (profile === undefined || profile.service === 'local') return undefined
    const { record: shape } = profile
    const hint = `write ${examples[shape.kind]}; hone data import and export convert other forms`
    return ({ record }, report) => {
      for (const key of shape.required) {
        const value = record[key]
        if (value === undefined) report('', `the record has no "${key}"`, hint)
        else if (key === 'messages' && !Array.isArray(value)) {
          report('/messages', `messages must be a list, this is ${kindOf(value)}`, hint)
        } else if (key === 'input' && !(isJsonObject(value) && Array.isArray(value['messages']))) {
          report('/input', 'input must be an object with a list of messages', hint)
        } else if ((key === 'prompt' || key === 'completion') && typeof value !== 'string') {
          report(`/${key}`, `"${key}" must be text, this is ${kindOf(value)}`, hint)
        }
      }
      const system = record['system']
      if (system !== undefined && shape.kind === 'messages' && typeof system !== 'string') {
        report('/system', `system must be text, this is ${kindOf(system)}`, hint)
      }
      if (system !== undefined && shape.kind === 'converse' && !Array.isArray(system)) {
        report('/system', `system must be a list of {"text": "…"}, this is ${kindOf(system)}`, hint)
      }
    }
  },
}
