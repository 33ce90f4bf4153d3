import { expect, test } from 'vitest'
import type { ChatPart } from '../../core/chat-model.ts'
import type { AnswerPart } from '../../engine/generate/answer.ts'
import { createChatText } from '../../text/chat-text.ts'
import { tinyTemplate, tinyTokenizer } from '../../text/testing/tiny-model.ts'
import { readingCalls } from './reading-calls.ts'

const chatText = createChatText(tinyTokenizer(), tinyTemplate('zephyr'))
const call = '<tool_call>{"name": "look", "arguments": {"at": [1, "é"]}}</tool_call>'
const usage = { promptTokens: 3, completionTokens: 9 }
const finish = { type: 'finish', reason: 'stop', usage } as const

/** What comes of an answer of one-letter tokens, each with its log-probability. */
function partsOf(answer: string, end: AnswerPart, logProbabilities = false): ChatPart[] {
  const parts: ChatPart[] = []
  const take = readingCalls(chatText.callReader([{ name: 'look' }]), (part) => parts.push(part))
  Array.from(answer).forEach((text, at) =>
    take({ type: 'text-delta', text, ...(logProbabilities ? { logProbabilities: [-at] } : {}) }),
  )
  take(end)
  return parts
}

const textOf = (parts: readonly ChatPart[]): string =>
  parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('')
const callsOf = (parts: readonly ChatPart[]): object[] =>
  parts.flatMap((part) => (part.type === 'tool-call' ? [part.call] : []))

test('calls come after all text, each with an id of its own, and the model waits for their results', () => {
  const parts = partsOf(`I look.\n${call}\n${call}`, finish)
  expect(textOf(parts)).toBe('I look.')
  const read = { name: 'look', arguments: { at: [1, 'é'] } }
  expect(callsOf(parts)).toMatchObject([read, read])
  expect(new Set(parts.map((part) => (part.type === 'tool-call' ? part.call.id : ''))).size).toBe(3)
  expect(parts.map(({ type }) => type).slice(-3)).toEqual(['tool-call', 'tool-call', 'finish'])
  expect(parts.at(-1)).toEqual({ ...finish, reason: 'tool-calls' })
})

test('text without a call is passed on, and the end is as it was', () => {
  const parts = partsOf('1 < 2, says <tool_call> nobody', finish)
  expect(textOf(parts)).toBe('1 < 2, says <tool_call> nobody')
  expect(parts.at(-1)).toEqual(finish)
})

test('an answer that is cut stays so, with what was called before', () => {
  const parts = partsOf(`${call}<tool_call>{"name": "look"`, { ...finish, reason: 'length' })
  expect(callsOf(parts)).toHaveLength(1)
  expect(textOf(parts)).toBe('<tool_call>{"name": "look"')
  expect(parts.at(-1)).toMatchObject({ reason: 'length' })
  const stopped = partsOf(call, { ...finish, stopSequence: '.' })
  expect(stopped.at(-1)).toEqual({ ...finish, stopSequence: '.' })
})

test('no log-probability is lost: those of calls come with the last text', () => {
  const answer = `Yes. ${call}`
  const told = partsOf(answer, finish, true).flatMap((part) =>
    part.type === 'text-delta' ? (part.logProbabilities ?? []) : [],
  )
  expect(told).toEqual(Array.from(answer, (_, at) => -at))
})
