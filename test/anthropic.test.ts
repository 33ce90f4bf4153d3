import Anthropic from '@anthropic-ai/sdk'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { refusal } from './testing/anthropic-refusal.ts'
import { startServer, type TestServer } from './testing/start-server.ts'
import { tinyHome } from './testing/tiny-home.ts'

let server: TestServer
let client: Anthropic
let base: string

beforeAll(async () => {
  const tiny = await tinyHome()
  base = tiny.base
  server = await startServer({ home: tiny.home, base })
  client = new Anthropic({ apiKey: server.bearer, baseURL: server.endpoint, maxRetries: 0 })
}, 60_000)
afterAll(() => server[Symbol.asyncDispose]())
// Nothing was the server's own fault.
afterEach(() => {
  if (server.failures.length > 0) throw new Error(server.failures.map(String).join('\n'))
})

const hello = [{ role: 'user' as const, content: 'Which colour is the sky?' }]

describe('a message', () => {
  test('is answered whole and as a stream alike, with the same tokens', async () => {
    const asked = { model: base, max_tokens: 2, temperature: 0, system: 'Be brief.', messages: hello }
    const { data: whole, request_id: requestId } = await client.messages.create(asked).withResponse()
    expect(whole).toMatchObject({
      type: 'message',
      role: 'assistant',
      model: base,
      stop_reason: 'max_tokens',
    })
    expect(requestId).toMatch(/^req_/)
    expect(whole.usage).toMatchObject({ output_tokens: 2, cache_read_input_tokens: 0 })
    const stream = client.messages.stream(asked)
    const types: string[] = []
    stream.on('streamEvent', ({ type }) => types.push(type))
    const streamed = await stream.finalMessage()
    expect(streamed).toMatchObject({ content: whole.content, stop_reason: 'max_tokens', usage: whole.usage })
    expect(types.slice(0, 3)).toEqual(['message_start', 'content_block_start', 'content_block_delta'])
    expect(types.slice(-3)).toEqual(['content_block_stop', 'message_delta', 'message_stop'])
    const { input_tokens: counted } = await client.messages.countTokens({
      model: base,
      system: 'Be brief.',
      messages: hello,
    })
    expect(counted).toBe(whole.usage.input_tokens)
  })

  test('tells what the cache really did, where the client asks for it', async () => {
    const system = [
      {
        type: 'text' as const,
        text: 'Answer with the colour.',
        cache_control: { type: 'ephemeral' as const },
      },
    ]
    const usages: Anthropic.Usage[] = []
    for (const content of ['red', 'green', 'blue']) {
      const { usage } = await client.messages.create({
        model: base,
        max_tokens: 1,
        system,
        messages: [{ role: 'user', content }],
      })
      usages.push(usage)
    }
    const [first, second, third] = usages
    expect(first).toMatchObject({ cache_creation_input_tokens: 0, cache_read_input_tokens: 0 })
    expect(second?.cache_creation_input_tokens).toBeGreaterThan(16)
    expect(third?.cache_read_input_tokens).toBeGreaterThan(16)
    const { input_tokens: counted } = await client.messages.countTokens({
      model: base,
      system,
      messages: [{ role: 'user', content: 'blue' }],
    })
    const {
      input_tokens: rest = 0,
      cache_read_input_tokens: read,
      cache_creation_input_tokens: made,
    } = third ?? {}
    expect(rest + (read ?? 0) + (made ?? 0)).toBe(counted)
  })
})

describe('what an answer must be', () => {
  const asked = { model: 'tiny', max_tokens: 30, messages: [{ role: 'user' as const, content: 'x' }] }

  test('it is: JSON of a schema', async () => {
    const { content } = await client.messages.create({
      ...asked,
      output_config: { format: { type: 'json_schema', schema: { enum: ['red', 'blue'] } } },
    })
    const [block] = content
    expect(JSON.parse(block?.type === 'text' ? block.text : '')).toMatch(/^(red|blue)$/)
  })

  test('is refused with its place where it cannot be kept', async () => {
    const schema = { type: 'object', patternProperties: {} }
    const { message } = await refusal(
      client.messages.create({ ...asked, output_config: { format: { type: 'json_schema', schema } } }),
    )
    expect(message).toMatch(/^output_config\.format\.schema/)
    const input = { name: 'paint', input_schema: { ...schema, type: 'object' as const } }
    const tool = client.messages.create({ ...asked, tools: [input], tool_choice: { type: 'any' } })
    expect((await refusal(tool)).message).toMatch(/^tools\.0\.input_schema/)
  })
})

describe('a refusal', () => {
  const asked = { model: 'tiny', max_tokens: 3, messages: hello }

  test('has the type and status of the API', async () => {
    const stranger = new Anthropic({ apiKey: 'nonsense', baseURL: server.endpoint, maxRetries: 0 })
    expect(await refusal(stranger.messages.create(asked))).toMatchObject({
      status: 401,
      type: 'authentication_error',
    })
    expect(await refusal(client.messages.create({ ...asked, model: 'claude-nine' }))).toEqual({
      status: 404,
      type: 'not_found_error',
      message: expect.stringContaining('claude-nine'),
    })
    expect(await refusal(client.get('/v1/nothing'))).toMatchObject({ status: 404, type: 'not_found_error' })
  })

  test('of a body names the place', async () => {
    const image = {
      type: 'image' as const,
      source: { type: 'url' as const, url: 'https://example.com/a.png' },
    }
    const refusals = await Promise.all(
      [
        { thinking: { type: 'adaptive' as const } },
        { tools: [{ type: 'bash_20250124' as const, name: 'bash' as const }] },
        { messages: [{ role: 'user' as const, content: [image] }] },
      ].map((change) => refusal(client.messages.create({ ...asked, ...change }))),
    )
    for (const each of refusals) expect(each).toMatchObject({ status: 400, type: 'invalid_request_error' })
    expect(refusals.map(({ message }) => message.split(': ')[0])).toEqual([
      'thinking.type',
      'tools.0.type',
      'messages.0.content',
    ])
  })
})

/** Waits until a batch has ended. */
async function ended(id: string): Promise<Anthropic.Messages.MessageBatch> {
  for (;;) {
    const batch = await client.messages.batches.retrieve(id)
    if (batch.processing_status === 'ended') return batch
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

describe('a batch', () => {
  const params = { max_tokens: 2, messages: hello }

  test('answers each request by its own model, and says what is wrong with the others', async () => {
    const made = await client.messages.batches.create({
      requests: [
        { custom_id: 'a', params: { ...params, model: base } },
        { custom_id: 'b', params: { ...params, model: 'claude-nine' } },
        { custom_id: 'c', params: { ...params, model: 'claude-3-haiku-20240307' } },
        { custom_id: 'd', params: { ...params, model: base, thinking: { type: 'adaptive' } } },
      ],
    })
    expect(made).toMatchObject({ type: 'message_batch', processing_status: 'in_progress', results_url: null })
    expect(made.request_counts.processing).toBe(4)
    const batch = await ended(made.id)
    expect(batch.request_counts).toEqual({ processing: 0, succeeded: 2, errored: 2, canceled: 0, expired: 0 })
    const results: Anthropic.Messages.MessageBatchIndividualResponse[] = []
    for await (const each of await client.messages.batches.results(made.id)) results.push(each)
    expect(results.map(({ custom_id: id, result }) => [id, result.type])).toEqual([
      ['a', 'succeeded'],
      ['b', 'errored'],
      ['c', 'succeeded'],
      ['d', 'errored'],
    ])
    expect(results[0]?.result).toMatchObject({
      message: { type: 'message', usage: { service_tier: 'batch' } },
    })
    expect(results[1]?.result).toMatchObject({ error: { error: { type: 'not_found_error' } } })
    expect(results[3]?.result).toMatchObject({ error: { error: { type: 'invalid_request_error' } } })
    const listed = await client.messages.batches.list({ limit: 1 })
    expect(listed.data).toEqual([batch])
    expect(await client.messages.batches.delete(made.id)).toEqual({
      id: made.id,
      type: 'message_batch_deleted',
    })
    expect(await refusal(client.messages.batches.retrieve(made.id))).toMatchObject({ status: 404 })
    const { objects } = await server.parts.objects.list('hone-files', { limit: 10 })
    expect(objects).toEqual([])
  }, 30_000)

  test('that is canceled tells what was not answered', async () => {
    const batchOf = (count: number): Promise<Anthropic.Messages.MessageBatch> =>
      client.messages.batches.create({
        requests: Array.from({ length: count }, (_, at) => ({
          custom_id: `r${at}`,
          params: { ...params, model: base },
        })),
      })
    // It waits behind the first, and nobody has begun it.
    const [{ id: first }, { id }] = [await batchOf(60), await batchOf(3)]
    expect(await client.messages.batches.cancel(id)).toMatchObject({ id })
    const canceled = await ended(id)
    expect(canceled.cancel_initiated_at).not.toBeNull()
    expect(canceled.request_counts).toMatchObject({ canceled: 3, succeeded: 0 })
    const types: string[] = []
    for await (const { result } of await client.messages.batches.results(id)) types.push(result.type)
    expect(types).toEqual(['canceled', 'canceled', 'canceled'])
    expect(await refusal(client.messages.batches.cancel(id))).toMatchObject({ status: 400 })
    expect((await ended(first)).request_counts).toMatchObject({ succeeded: 60 })
  }, 30_000)

  test('with an id that stands twice is refused', async () => {
    const request = { custom_id: 'a', params: { ...params, model: base } }
    const asked = client.messages.batches.create({ requests: [request, request] })
    expect(await refusal(asked)).toMatchObject({
      status: 400,
      message: expect.stringContaining('requests.1.custom_id'),
    })
  })
})

describe('models', () => {
  test('are listed in pages, the stand-ins among them, and each answers', async () => {
    const all: Anthropic.ModelInfo[] = []
    for await (const model of client.models.list({ limit: 1 })) all.push(model)
    const ids = all.map(({ id }) => id)
    expect(ids).toEqual([base, 'claude-3-haiku-20240307'])
    const before = await client.models.list({ before_id: ids[1] ?? '', limit: 5 })
    expect(before.data.map(({ id }) => id)).toEqual([base])
    for (const model of ids) {
      expect(await client.models.retrieve(model)).toMatchObject({
        id: model,
        type: 'model',
        lifecycle: 'active',
      })
      const { content } = await client.messages.create({ model, max_tokens: 2, messages: hello })
      expect(content).toHaveLength(1)
    }
    expect(await refusal(client.models.retrieve('nothing'))).toMatchObject({ status: 404 })
  })
})
