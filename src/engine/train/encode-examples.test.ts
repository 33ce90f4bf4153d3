import { expect, test } from 'vitest'
import type { ChatText } from '../../text/chat-text.ts'
import { encodeExamples } from './encode-examples.ts'
import { longestTokens, lossWeight } from './encoded-example.ts'

/** One token a message, its length; what the real one trains on is tested beside it. */
const chatText = {
  encodeExample: (messages, options) => ({
    tokens: messages.map(({ content }) => content.length),
    trained: messages.map(
      ({ role }, index) =>
        role === 'assistant' && (options?.answers !== 'last' || index === messages.length - 1),
    ),
    joinedAnswers: 0,
  }),
} satisfies Pick<ChatText, 'encodeExample'> as unknown as ChatText

const messages = [
  { role: 'user', content: 'q' },
  { role: 'assistant', content: 'aa' },
  { role: 'user', content: 'qqq' },
  { role: 'assistant', content: 'aaaa' },
] as const
const example = { id: 'x:1', messages, weight: 2, rejected: 'rejected' }

test('answers are learned all, or the last alone; the weight stays', () => {
  const [all] = encodeExamples([example], chatText)
  expect(all).toEqual({ id: 'x:1', tokens: [1, 2, 3, 4], trained: [false, true, false, true], weight: 2 })
  const [last] = encodeExamples([example], chatText, { answers: 'last' })
  expect(last?.trained).toEqual([false, false, false, true])
  expect([lossWeight(all!), lossWeight(last!)]).toEqual([4, 2])
})

test('a pair is two sequences, of which only the last answers are learned', () => {
  const [pair] = encodeExamples([example], chatText, { method: 'dpo' })
  expect(pair).toEqual({
    id: 'x:1',
    tokens: [1, 2, 3, 4],
    trained: [false, false, false, true],
    weight: 2,
    rejected: { tokens: [1, 2, 3, 8], trained: [false, false, false, true] },
  })
  expect(lossWeight(pair!)).toBe(2)
  expect(longestTokens({ ...pair!, rejected: { tokens: [1, 2, 3, 4, 5], trained: [] } })).toBe(5)
})

test('what is no pair is refused by its id', () => {
  const { rejected: _, ...plain } = example
  expect(() => encodeExamples([plain], chatText, { method: 'dpo' })).toThrow(/^x:1: .*no preference pair/)
})
