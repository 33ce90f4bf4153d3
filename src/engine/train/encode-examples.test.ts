import { expect, test } from 'vitest'
import type { Example } from '../../core/example.ts'
import { createChatText, type ChatText } from '../../text/chat-text.ts'
import { tinyTemplate, tinyTokenizer } from '../../text/testing/tiny-model.ts'
import { temporaryFolder } from '../weights/testing/temporary-folder.ts'
import { encodeExamples } from './encode-examples.ts'
import { longestTokens, lossWeight, type EncodedSequence } from './encoded-example.ts'
import { readJobData, writeJobData } from './job-files.ts'

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

const calling: Example = {
  id: 'x:2',
  tools: [{ name: 'look', description: 'Looks', parameters: { type: 'object', properties: {} } }],
  messages: [
    { role: 'user', content: 'q' },
    {
      role: 'assistant',
      content: '',
      toolCalls: [{ id: 'a', name: 'look', arguments: { at: [1.5, null] } }],
    },
    { role: 'tool', content: 'r', toolCallId: 'a', failed: true },
    { role: 'assistant', content: 'done' },
  ],
  rejected: 'never',
}

const learned = ({ tokens, trained }: EncodedSequence): string =>
  tinyTokenizer().decode(tokens.filter((_, index) => trained[index]))

test('calls are learned as answers are, tools and results are not', () => {
  const real = createChatText(tinyTokenizer(), tinyTemplate('zephyr'))
  const [all] = encodeExamples([calling], real)
  expect(learned(all!)).toBe('<tool_call>{"name":"look","arguments":{"at":[1.5,null]}}</tool_call>done')
  const [pair] = encodeExamples([calling], real, { method: 'dpo' })
  expect([learned(pair!), learned(pair!.rejected!)]).toEqual(['done', 'never'])
  const without = encodeExamples([{ ...calling, tools: [] }], real)[0]
  expect(all!.tokens.length).toBeGreaterThan(without!.tokens.length + 100)
})

test('a record with calls without results is refused by its id and place', () => {
  const real = createChatText(tinyTokenizer(), tinyTemplate('zephyr'))
  const unanswered = calling.messages.filter(({ role }) => role !== 'tool')
  expect(() => encodeExamples([{ ...calling, messages: unanswered }], real)).toThrowError(
    expect.objectContaining({ code: 'E_DATA', message: expect.stringMatching(/^x:2: .*no result/) }),
  )
})

test("a job's data hold all that is learned of tools", async () => {
  const folder = temporaryFolder()
  const file = await writeJobData(folder, 'train', [calling, example])
  expect(await readJobData(folder, file)).toEqual([calling, example])
})
