import type { Example, JsonObject, Message } from '../../../core/example.ts'
import { isJsonObject, type Lose, type RecordFormat } from '../record-format.ts'
import { readSpeakerTurns, readToolText } from './speaker-turns.ts'

const ownNames = new Set<unknown>(['gpt', 'chatgpt', 'function_call', 'observation'])

/**
 * Conversations as ShareGPT wrote them, with the calls that LLaMA-Factory added.
 * Source: https://github.com/hiyouga/LLaMA-Factory/blob/main/data/README.md
 */
export const sharegpt: RecordFormat = {
  id: 'sharegpt',
  form: '{"conversations": [{"from": "human", "value": "…"}, {"from": "gpt", "value": "…"}], "tools": "[…]"}',
  usedBy: 'LLaMA-Factory, Axolotl, Unsloth',
  requiredKeys: ['conversations'],
  optionalKeys: ['system', 'tools'],
  holds: ['system', 'turns', 'tools', 'calls', 'turn-weights'],
  fits: ({ conversations }) =>
    Array.isArray(conversations) &&
    conversations.some((turn: unknown) => isJsonObject(turn) && ownNames.has(turn['from'])),
  read(record, draft) {
    draft.addSystemField(record)
    readSpeakerTurns(record['conversations'], '/conversations', draft)
    readToolText(record['tools'], draft)
  },
  write(example, lose) {
    const turns = writeTurns(example, lose)
    const { tools } = example
    return turns === undefined
      ? undefined
      : { conversations: turns, ...(tools === undefined ? {} : { tools: JSON.stringify(tools) }) }
  },
}

const names = { system: 'system', user: 'human', assistant: 'gpt', tool: 'observation' } as const

function writeTurns({ messages, learned }: Example, lose: Lose): JsonObject[] | undefined {
  const turns: JsonObject[] = []
  let calls = 0
  let answer = 0
  for (const message of messages) {
    const { role, content, toolCalls } = message
    const isContext = role === 'assistant' && learned?.[answer++] === false
    if (toolCalls === undefined) {
      turns.push({ from: names[role], value: content, ...(isContext ? { weight: 0 } : {}) })
      continue
    }
    if (content !== '' || isContext || waits(messages, message)) {
      lose('calls', 'a turn is either text or calls, and results come in the order of the calls')
      return undefined
    }
    if (toolCalls.some(({ id }) => id !== `call_${++calls}`)) lose('call-ids', 'calls have no ids')
    const written = toolCalls.map(({ name, arguments: given }) => ({ name, arguments: given }))
    turns.push({ from: 'function_call', value: JSON.stringify(written.length === 1 ? written[0] : written) })
  }
  return turns
}

/** Whether the results after a message are in another order than its calls: they could not be told apart. */
function waits(messages: readonly Message[], message: Message): boolean {
  const after = messages.slice(messages.indexOf(message) + 1)
  const { toolCalls = [] } = message
  return toolCalls.some(({ id }, at) => after[at]?.role === 'tool' && after[at].toolCallId !== id)
}
