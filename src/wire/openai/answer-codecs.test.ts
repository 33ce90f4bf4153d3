import * as fc from 'fast-check'
import type OpenAI from 'openai'
import { ChatCompletionStream } from 'openai/lib/ChatCompletionStream'
import { expect, test } from 'vitest'
import type { AnswerToken } from '../../core/chat-model.ts'
import type { Message } from '../../core/example.ts'
import { BodyFault, type DialectAnswer, type DialectPart, type DialectRequest } from '../dialect-request.ts'
import { readWith } from '../read-body.ts'
import { chatCompletionChunks, writeChatCompletion, type IndexedPart } from './chat-answer.ts'
import { chatBody } from './chat-request.ts'
import { completionBody } from './completion.ts'
import { responseEvents, writeResponse } from './response-answer.ts'
import { keptItems, readKeptItem, toMessages } from './response-items.ts'
import { responseBody } from './response-request.ts'
import { withShownTokens } from './token-bytes.ts'

const context = { id: 'x', created: 1, model: 'm', fingerprint: 'fp' }
const word = fc.stringMatching(/^[a-z]{1,8}$/)
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
const json = fc.dictionary(word, fc.oneof(fc.integer(), text, fc.boolean()), { noNullPrototype: true })
const call = fc.record({ id: word, name: word, arguments: json }, { noNullPrototype: true })
const usage = fc.record({ inputTokens: fc.nat(99), outputTokens: fc.nat(99) })

const tokenOf = (said: string): AnswerToken => ({
  bytes: [...Buffer.from(said)],
  logProbability: -1,
  likeliest: [],
})

/** Answers as their parts, and whole. */
const answer = fc
  .record({
    texts: fc.array(text, { maxLength: 4 }),
    toolCalls: fc.array(call, { maxLength: 2 }),
    stop: fc.constantFrom('end' as const, 'length' as const),
    used: usage,
    isTold: fc.boolean(),
  })
  .map(({ texts, toolCalls, stop, used, isTold }) => {
    const end = { stop: toolCalls.length > 0 ? ('tool-call' as const) : stop, usage: used }
    const parts: DialectPart[] = [
      ...texts.map((said) => ({
        type: 'text' as const,
        text: said,
        ...(isTold ? { tokens: [tokenOf(said)] } : {}),
      })),
      ...toolCalls.map((each) => ({ type: 'tool-call' as const, call: each })),
      { type: 'end', ...end },
    ]
    const tokens = isTold && texts.length > 0 ? { tokens: texts.map(tokenOf) } : {}
    const whole: DialectAnswer = { text: texts.join(''), toolCalls, ...end, ...tokens }
    return { parts, whole }
  })

async function* listed<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = []
  for await (const item of items) found.push(item)
  return found
}

test("chunks are gathered by OpenAI's client to what is answered whole", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 3 }), async (answers) => {
      const parts = answers.flatMap(({ parts: own }, index): IndexedPart[] =>
        own.map((item) => ({ index, item })),
      )
      const options = { choices: answers.length, includeUsage: true }
      const chunks = await all(chatCompletionChunks(listed(parts), context, options))
      const lines = chunks.map((chunk) => `${JSON.stringify(chunk)}\n`).join('')
      const stream = ChatCompletionStream.fromReadableStream(new Blob([lines]).stream())
      const gathered = await stream.finalChatCompletion()
      const wholes = answers.map(({ whole }) => whole)
      const whole = writeChatCompletion(wholes, context) as OpenAI.ChatCompletion
      expect(gathered.usage).toEqual(whole.usage)
      for (const [at, choice] of whole.choices.entries()) {
        const { annotations: _, ...said } = choice.message
        // The client has nothing for a text without a word.
        const message = said.content === '' ? { ...said, content: null } : said
        expect(gathered.choices[at]).toMatchObject({ message, finish_reason: choice.finish_reason })
        expect(gathered.choices[at]?.logprobs?.content ?? []).toEqual(choice.logprobs?.content ?? [])
      }
    }),
    { numRuns: 50 },
  )
})

test('events of a response end with what is answered whole, numbered from the first', async () => {
  await fc.assert(
    fc.asyncProperty(answer, async ({ parts, whole }) => {
      const events = await all(responseEvents(listed(parts), context, {}, () => undefined))
      expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, at) => at))
      expect(events.at(-1)?.['response']).toEqual(writeResponse(whole, context, {}))
      const ofType = (type: string): typeof events => events.filter((event) => event.type === type)
      expect(ofType('response.output_item.added')).toHaveLength(ofType('response.output_item.done').length)
      const said = ofType('response.output_text.delta').map((event) => event['delta'])
      expect(said.join('')).toBe(whole.text)
    }),
  )
})

/** A request, and what its bodies say. */
const request = fc
  .record({
    system: fc.option(text, { nil: undefined }),
    user: text,
    calls: fc.array(call, { minLength: 1, maxLength: 2 }),
    offered: fc.uniqueArray(
      fc.record({ name: word, description: text, parameters: json }, { noNullPrototype: true }),
      { selector: ({ name }) => name, minLength: 1, maxLength: 3 },
    ),
    temperature: fc.constantFrom(0, 0.5, 2),
    topP: fc.constantFrom(0.1, 1),
    maxTokens: fc.integer({ min: 1, max: 99 }),
    choice: fc.constantFrom('auto', 'none', 'required', 'named'),
  })
  .map((each) => {
    const { system, user, calls, offered, choice, maxTokens, temperature, topP } = each
    const messages: Message[] = [
      ...(system === undefined ? [] : [{ role: 'system' as const, content: system }]),
      { role: 'user', content: user },
      { role: 'assistant', content: user, toolCalls: calls },
      ...calls.map(({ id }): Message => ({ role: 'tool', content: user, toolCallId: id })),
    ]
    const name = offered[0]?.name ?? ''
    const choices = {
      auto: {},
      none: { toolChoice: 'none' as const },
      required: { toolChoice: 'any' as const },
    }
    const kept: DialectRequest = {
      messages,
      maxTokens,
      temperature,
      topP,
      tools: offered,
      ...(choice === 'named' ? { toolChoice: { name } } : choices[choice]),
    }
    return { ...each, kept, name }
  })

test('a chat completion reads as it was written', () => {
  fc.assert(
    fc.property(request, ({ kept, name, choice, system, user, calls, offered, ...numbers }) => {
      const parts = [{ type: 'text', text: system }]
      const asked = readWith(chatBody, {
        model: 'm',
        messages: [
          ...(system === undefined ? [] : [{ role: 'developer', content: parts }]),
          { role: 'user', content: user },
          {
            role: 'assistant',
            content: user,
            tool_calls: calls.map((each) => ({
              id: each.id,
              type: 'function',
              function: { name: each.name, arguments: JSON.stringify(each.arguments) },
            })),
          },
          ...calls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: user })),
        ],
        temperature: numbers.temperature,
        top_p: numbers.topP,
        max_completion_tokens: numbers.maxTokens,
        tools: offered.map((tool) => ({ type: 'function', function: tool })),
        tool_choice: choice === 'named' ? { type: 'function', function: { name } } : choice,
      })
      expect(asked.request).toEqual(kept)
    }),
  )
})

test('a request of responses reads as it was written', () => {
  fc.assert(
    fc.property(request, ({ kept, name, choice, system, user, calls, offered, ...numbers }) => {
      const asked = readWith(responseBody, {
        model: 'm',
        instructions: system ?? null,
        input: [
          { role: 'user', content: [{ type: 'input_text', text: user }] },
          {
            type: 'message',
            role: 'assistant',
            content: [{ type: 'output_text', text: user, annotations: [] }],
          },
          ...calls.map((each) => ({
            type: 'function_call',
            call_id: each.id,
            name: each.name,
            arguments: JSON.stringify(each.arguments),
          })),
          ...calls.map(({ id }) => ({ type: 'function_call_output', call_id: id, output: user })),
        ],
        temperature: numbers.temperature,
        top_p: numbers.topP,
        max_output_tokens: numbers.maxTokens,
        tools: offered.map((tool) => ({ type: 'function', strict: false, ...tool })),
        tool_choice: choice === 'named' ? { type: 'function', name } : choice,
      })
      const items = asked.input.filter((item) => item.type !== 'item_reference')
      expect(asked.toRequest(toMessages(items))).toEqual(kept)
      const again = keptItems('0'.repeat(32), items).map(readKeptItem)
      expect(asked.toRequest(toMessages(again))).toEqual(kept)
    }),
  )
})

function outcomeOf(schema: Parameters<typeof readWith>[0], sent: unknown): string {
  try {
    readWith(schema, sent)
    return 'read'
  } catch (error) {
    if (error instanceof BodyFault && /^(\/|$)/.test(error.pointer)) return 'refused'
    throw error
  }
}

test('whatever is sent is read, or refused with its place', () => {
  const names = ['messages', 'input', 'prompt', 'model', 'tools', 'stop', 'n', 'text', 'tool_choice', 'x']
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom('a', 1, null, true, [{ role: 'user', content: 'a' }]),
  )
  const members = fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 4 })
  const outcomes = new Set<string>()
  fc.assert(
    fc.property(members, (sent) => {
      outcomes.add(outcomeOf(chatBody, { model: 'm', messages: [{ role: 'user', content: 'a' }], ...sent }))
      outcomes.add(outcomeOf(completionBody, { model: 'm', ...sent }))
      outcomes.add(outcomeOf(responseBody, { model: 'm', input: 'a', ...sent }))
    }),
    { numRuns: 300 },
  )
  expect([...outcomes].toSorted()).toEqual(['read', 'refused'])
})

test('tokens of a text that is not shown are left out, and those that come early wait', async () => {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(tokenOf) as [
    AnswerToken,
    AnswerToken,
    AnswerToken,
    AnswerToken,
  ]
  const parts: DialectPart[] = [
    { type: 'text', text: 'ab', tokens: [a, b, c] },
    { type: 'text', text: 'cd', tokens: [d, tokenOf('END')] },
    { type: 'end', stop: 'stop-sequence', usage: { inputTokens: 1, outputTokens: 5 } },
  ]
  const shown = await all(withShownTokens(listed(parts)))
  expect(shown.map((part) => (part.type === 'text' ? part.tokens : part.type))).toEqual([
    [a, b],
    [c, d],
    'end',
  ])
})
