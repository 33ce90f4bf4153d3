import { ElementPointers } from '../element-pointers.ts'
import type { RecordFormat } from '../record-format.ts'
import { readMessages } from './chat-messages.ts'
import { splitSystem, systemField } from './split-system.ts'

const promptAt = new ElementPointers('/prompt')
const completionAt = new ElementPointers('/completion')

/**
 * One question and its answer, as Amazon Titan, Llama on Amazon Bedrock, older OpenAI models and many scripts write them.
 * TRL also writes both as lists of messages, which are read.
 */
export const promptCompletion: RecordFormat = {
  id: 'prompt-completion',
  form: '{"prompt": "…", "completion": "…"}',
  usedBy: 'Llama 3.1 and Titan on Amazon Bedrock, TRL, older OpenAI models',
  requiredKeys: ['prompt', 'completion'],
  optionalKeys: ['system'],
  holds: ['system'],
  read(record, draft) {
    draft.addSystemField(record)
    if (Array.isArray(record['prompt'])) readMessages(record['prompt'], draft, promptAt)
    else draft.addField(record, 'prompt', 'user')
    if (Array.isArray(record['completion'])) readMessages(record['completion'], draft, completionAt)
    else draft.addField(record, 'completion', 'assistant')
  },
  write({ messages }) {
    const { system, spoken } = splitSystem(messages)
    return { ...systemField(system), prompt: spoken[0]?.content, completion: spoken[1]?.content }
  },
}
