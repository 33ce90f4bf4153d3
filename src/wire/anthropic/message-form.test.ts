import type Anthropic from '@anthropic-ai/sdk'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AnswerContext, DialectAnswer, DialectPart } from '../dialect-request.ts'
import { messageEvents, writeMessage, type MessageEvent } from './message-answer.ts'
import { messageForm } from './message-form.ts'

const context: AnswerContext = { id: '1', model: 'm', inputTokens: () => 9, elapsed: () => 5 }

const count = fc.nat(1000)
const call = fc.record({
  id: fc.stringMatching(/^[a-z]{3}$/),
  name: fc.stringMatching(/^[a-z]{3}$/),
  arguments: fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.oneof(fc.string(), fc.integer())),
})

/** An answer, the pieces that its text comes in, and whether its client marks what is to be cached. */
const answers = fc
  .record({
    pieces: fc.array(fc.string({ unit: 'grapheme', minLength: 1 }), { maxLength: 5 }),
    toolCalls: fc.array(call, { maxLength: 2 }),
    stop: fc.constantFrom('end', 'length', 'stop-sequence', 'tool-call'),
    read: count,
    written: count,
    rest: count,
    outputTokens: count,
    caches: fc.boolean(),
  })
  .map(({ pieces, toolCalls, stop, read, written, rest, outputTokens, caches }) => {
    const usage = { inputTokens: read + written + rest, outputTokens, cached: { read, written } }
    const end = { stop, usage, ...(stop === 'stop-sequence' ? { stopSequence: 'END' } : {}) } as const
    const answer: DialectAnswer = { text: pieces.join(''), toolCalls, ...end }
    const parts: DialectPart[] = [
      ...pieces.map((text) => ({ type: 'text' as const, text })),
      ...toolCalls.map((each) => ({ type: 'tool-call' as const, call: each })),
      { type: 'end', ...end },
    ]
    return { answer, parts, caches, rest }
  })

async function eventsOf(parts: readonly DialectPart[], caches: boolean): Promise<MessageEvent[]> {
  async function* stream(): AsyncGenerator<DialectPart> {
    yield* parts
  }
  const events: MessageEvent[] = []
  for await (const event of messageEvents(stream(), context, messageForm({ caches }))) events.push(event)
  return events
}

/** What a client makes of events, as the documentation of streams says. */
function folded(events: readonly Anthropic.RawMessageStreamEvent[]): Anthropic.Message {
  let message: Anthropic.Message | undefined
  let json = ''
  for (const event of events) {
    if (event.type === 'message_start') message = event.message
    else if (message === undefined) continue
    else if (event.type === 'content_block_start') {
      message = { ...message, content: [...message.content, event.content_block] }
    } else if (event.type === 'content_block_delta') {
      const block = message.content[event.index]
      if (event.delta.type === 'text_delta' && block?.type === 'text') block.text += event.delta.text
      if (event.delta.type === 'input_json_delta') json += event.delta.partial_json
    } else if (event.type === 'content_block_stop') {
      const block = message.content[event.index]
      if (block?.type === 'tool_use') block.input = JSON.parse(json)
      json = ''
    } else if (event.type === 'message_delta') {
      const { cache_creation_input_tokens: created, ...usage } = event.usage
      message = {
        ...message,
        ...event.delta,
        usage: {
          ...message.usage,
          ...usage,
          input_tokens: usage.input_tokens ?? 0,
          cache_creation_input_tokens: created,
          cache_creation: { ephemeral_1h_input_tokens: 0, ephemeral_5m_input_tokens: created ?? 0 },
        },
      }
    }
  }
  if (message === undefined) throw new Error('no message was started')
  return message
}

describe('an answer', () => {
  test('is the same whole and as events, which the client folds up', async () => {
    await fc.assert(
      fc.asyncProperty(answers, async ({ answer, parts, caches }) => {
        const events = (await eventsOf(parts, caches)) as unknown as Anthropic.RawMessageStreamEvent[]
        expect(folded(events)).toEqual(writeMessage(answer, context, messageForm({ caches })))
      }),
    )
  })

  test('counts every token of its input once, and tells of the cache only where it is asked to', () => {
    fc.assert(
      fc.property(answers, ({ answer, caches, rest }) => {
        const { usage } = writeMessage(answer, context, messageForm({ caches })) as Anthropic.Message
        const {
          input_tokens: input,
          cache_creation_input_tokens: created,
          cache_read_input_tokens: read,
        } = usage
        expect(input + (created ?? 0) + (read ?? 0)).toBe(answer.usage.inputTokens)
        expect(input).toBe(caches ? rest : answer.usage.inputTokens)
      }),
    )
  })

  test("is of the official client's type", () => {
    const message: Anthropic.Message = {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'm',
      container: null,
      diagnostics: null,
      content: [
        // Citations are left out where there are none.
        { type: 'text', text: 'Red.' } as Anthropic.TextBlock,
        { type: 'tool_use', id: 'a', name: 'paint', input: { colour: 'red' }, caller: { type: 'direct' } },
      ],
      stop_reason: 'tool_use',
      stop_sequence: null,
      stop_details: null,
      usage: {
        input_tokens: 9,
        output_tokens: 4,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 0,
        cache_creation: { ephemeral_1h_input_tokens: 0, ephemeral_5m_input_tokens: 0 },
        inference_geo: null,
        output_tokens_details: null,
        server_tool_use: null,
        service_tier: 'batch',
        speed: null,
      },
    }
    const written = writeMessage(
      {
        text: 'Red.',
        toolCalls: [{ id: 'a', name: 'paint', arguments: { colour: 'red' } }],
        stop: 'tool-call',
        usage: { inputTokens: 9, outputTokens: 4 },
      },
      context,
      messageForm({ caches: true, tier: 'batch' }),
    )
    expect(written).toEqual(message)
  })
})

test('the events of a stream come in the order of the documentation', async () => {
  const usage = { inputTokens: 9, outputTokens: 2 }
  const events = await eventsOf(
    [
      { type: 'text', text: 'R' },
      { type: 'text', text: 'ed' },
      { type: 'tool-call', call: { id: 'a', name: 'f', arguments: {} } },
      { type: 'end', stop: 'tool-call', usage },
    ],
    false,
  )
  expect(events.map(({ type }) => type)).toEqual([
    'message_start',
    'content_block_start',
    'ping',
    'content_block_delta',
    'content_block_delta',
    'content_block_stop',
    'content_block_start',
    'content_block_delta',
    'content_block_stop',
    'message_delta',
    'message_stop',
  ])
  const none = await eventsOf([{ type: 'end', stop: 'end', usage }], false)
  expect(none.map(({ type }) => type)).toEqual([
    'message_start',
    'content_block_start',
    'ping',
    'content_block_stop',
    'message_delta',
    'message_stop',
  ])
})
