import Anthropic from '@anthropic-ai/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  expect(server.failures).toEqual([])
})

const hello = [{ role: 'user' as const, content: 'Which colour is the sky?' }]

/** What a client is told when it is refused. */
async function refusal(
  asked: Promise<unknown>,
): Promise<{ status: unknown; type: unknown; message: string }> {
  const error = await asked.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof Anthropic.APIError)) throw error ?? new Error('nothing was refused')
  expect(error.requestID).toMatch(/^req_/)
  expect(error.error).toMatchObject({ type: 'error', request_id: error.requestID })
  return { status: error.status, type: error.type, message: String(error.apiMessage) }
}

describe('a message', () => {
  test('is answered whole and as a stream alike, with the same tokens', async () => {
    const asked = { model: base, max_tokens: 2, system: 'Be brief.', messages: hello }
    const whole = await client.messages.create(asked)
    expect(whole).toMatchObject({
      type: 'message',
      role: 'assistant',
      model: base,
      stop_reason: 'max_tokens',
    })
    expect(whole._request_id).toMatch(/^req_/)
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
