import Anthropic, { APIError } from '@anthropic-ai/sdk'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { HoneError } from '../src/core/errors.ts'
import { unitTokensPerMinute } from '../src/service/serving/throughput.ts'
import { startServer, type TestServer } from './testing/start-server.ts'
import { tinyHome } from './testing/tiny-home.ts'
import { createToldChat } from './testing/told-chat.ts'

const call = '<tool_call>{"name": "find_claim", "arguments": {"id": "C-7"}}</tool_call>'
const told = createToldChat()

let server: TestServer
let client: Anthropic
let base: string

const clientOf = (apiKey: string): Anthropic =>
  new Anthropic({ apiKey, baseURL: server.endpoint, maxRetries: 0 })

beforeAll(async () => {
  const home = await tinyHome()
  base = home.base
  server = await startServer({ ...home, chat: told, mostWaiting: 1, placesOfBase: 1 })
  client = clientOf(server.bearer)
}, 60_000)
afterAll(() => server[Symbol.asyncDispose]())
beforeEach(() => {
  told.answer = 'Hello.'
  told.failure = undefined
  told.asked.length = 0
})

const question = {
  model: 'tiny',
  max_tokens: 100,
  messages: [{ role: 'user' as const, content: 'Where is C-7?' }],
}
const schema = { type: 'object' as const, properties: { id: { type: 'string' } } }
const tools = [{ name: 'find_claim', description: 'Finds a claim', input_schema: schema }]

const failureOf = async (asked: Promise<unknown>): Promise<APIError> => {
  const error = await asked.then(
    () => new Error('nothing was refused'),
    (reason: unknown) => reason,
  )
  if (error instanceof APIError) return error
  throw error
}

describe('tools', () => {
  test('are called whole and streamed, and their results are read', async () => {
    told.answer = `I look.\n${call}`
    const whole = await client.messages.create({ ...question, tools })
    const streamed = await client.messages.stream({ ...question, tools }).finalMessage()
    for (const message of [whole, streamed]) {
      expect(message.stop_reason).toBe('tool_use')
      expect(message.content).toEqual([
        { type: 'text', text: 'I look.' },
        {
          type: 'tool_use',
          id: expect.any(String),
          name: 'find_claim',
          input: { id: 'C-7' },
          caller: { type: 'direct' },
        },
      ])
    }
    const id = whole.content.find((block) => block.type === 'tool_use')?.id ?? ''
    told.answer = 'It is paid.'
    const last = await client.messages.create({
      ...question,
      tools,
      messages: [
        ...question.messages,
        { role: 'assistant', content: whole.content as Anthropic.ContentBlockParam[] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: 'paid' }] },
      ],
    })
    expect(last.content).toEqual([{ type: 'text', text: 'It is paid.' }])
    expect(told.asked.at(-1)?.messages.map(({ role, toolCallId }) => [role, toolCallId])).toEqual([
      ['user', undefined],
      ['assistant', undefined],
      ['tool', id],
    ])
  })

  test.each([
    [{ type: 'any' as const }, 'required'],
    [{ type: 'tool' as const, name: 'find_claim' }, { name: 'find_claim' }],
    [{ type: 'auto' as const }, undefined],
  ])('the choice %j is handed to the model', async (choice, demanded) => {
    told.answer = call
    await client.messages.create({ ...question, tools, tool_choice: choice })
    expect(told.asked.map(({ toolChoice }) => toolChoice)).toEqual([demanded])
  })

  test('the choice none leaves the model without any', async () => {
    told.answer = call
    const { stop_reason: reason } = await client.messages.create({
      ...question,
      tools,
      tool_choice: { type: 'none' },
    })
    expect(reason).toBe('end_turn')
    expect(told.asked[0]?.tools).toBeUndefined()
  })
})

describe('what fails', () => {
  test('after the answer has begun is an event of the stream, which says the request', async () => {
    told.failure = new HoneError('E_WORKER', 'the process is gone')
    const { data: stream, response } = await client.messages
      .create({ ...question, stream: true })
      .withResponse()
    const read = async (): Promise<string[]> => {
      const types: string[] = []
      for await (const { type } of stream) types.push(type)
      return types
    }
    const error = await failureOf(read())
    expect(error.error).toEqual({
      type: 'error',
      error: { type: 'api_error', message: 'The model stopped while it answered. Try again.' },
      request_id: response.headers.get('request-id'),
    })
  })

  test('is answered with a status where nothing was said yet', async () => {
    told.answer = ''
    told.failure = new HoneError('E_WORKER', 'the process is gone')
    const error = await failureOf(client.messages.create({ ...question, stream: true }))
    expect([error.status, error.type]).toEqual([500, 'api_error'])
  })

  test('for want of room is overload, and may be tried again', async () => {
    // One of this key runs, one waits, and the others find no room.
    const own = await server.parts.keys.findBearer(server.bearer)
    const place = server.parts.inference.chat(
      { homeId: base, localBase: base },
      { messages: question.messages },
      AbortSignal.timeout(30_000),
      own?.id,
    )
    await place.next()
    const all = Array.from({ length: 4 }, () => client.messages.create(question))
    const overloaded = await failureOf(Promise.race(all))
    await place.return(undefined)
    const outcomes = await Promise.allSettled(all)
    expect(outcomes.map(({ status }) => status)).toContain('fulfilled')
    expect([overloaded.status, overloaded.type, overloaded.headers?.get('retry-after')]).toEqual([
      529,
      'overloaded_error',
      '1',
    ])
  })
})

describe('keys', () => {
  test('do what they are allowed, in x-api-key or as a bearer, and nothing else', async () => {
    const { key } = await server.parts.keys.createBearer({ user: 'reader', allow: ['read', 'invoke:tiny'] })
    const reader = clientOf(key)
    await reader.messages.create(question)
    await reader.models.list()
    const answer = await fetch(`${server.endpoint}/v1/messages/batches`, {
      headers: { 'anthropic-version': '2023-06-01', 'x-api-key': key },
    })
    expect(answer.status).toBe(200)
    const refused = await Promise.all(
      [
        reader.messages.create({ ...question, model: 'claude-3-haiku-20240307' }),
        reader.messages.batches.create({ requests: [{ custom_id: 'a', params: question }] }),
        reader.post('/v1/fine_tuning/jobs', { body: { model: 'tiny', training_file: 'file_a' } }),
      ].map(failureOf),
    )
    for (const error of refused) expect([error.status, error.type]).toEqual([403, 'permission_error'])
    const writer = clientOf((await server.parts.keys.createBearer({ user: 'writer', allow: ['write'] })).key)
    const batch = writer.messages.batches.create({ requests: [{ custom_id: 'a', params: question }] })
    expect((await failureOf(batch)).status).toBe(403)
  })
})

test('a provisioned throughput tells what is left of its minute, and refuses what is beyond', async () => {
  const { id } = await server.parts.endpoints.create('provisioned', 'bought', {
    modelId: null,
    baseIdentifier: base,
    localBase: base,
    units: 1,
    description: null,
    commitment: null,
    commitmentEnds: null,
    dialect: {},
  })
  const { response } = await client.messages.create({ ...question, model: 'bought' }).withResponse()
  expect(response.headers.get('anthropic-ratelimit-tokens-limit')).toBe(String(unitTokensPerMinute))
  const left = Number(response.headers.get('anthropic-ratelimit-tokens-remaining'))
  expect(left).toBeGreaterThan(0)
  expect(left).toBeLessThan(unitTokensPerMinute)
  expect(Date.parse(response.headers.get('anthropic-ratelimit-tokens-reset') ?? '')).not.toBeNaN()
  using place = server.parts.throughput.enter(id, 1)
  place.spend(2 * unitTokensPerMinute)
  const error = await failureOf(client.messages.create({ ...question, model: 'bought' }))
  expect([error.status, error.type]).toEqual([429, 'rate_limit_error'])
})
