import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import type { ChatPart, ChatRequest } from '../../core/chat-model.ts'
import { HoneError } from '../../core/errors.ts'
import type { HostedModel } from '../../core/hosted-model.ts'
import { openHostedChatModel } from './open-hosted-chat-model.ts'
import { startCompletionServer } from './testing/completion-server.ts'

const key = 'sk-secret-9f8e7d6c5b4a'
const env = { SERVICE_KEY: key }
const request: ChatRequest = { messages: [{ role: 'user', content: 'hello' }], maxTokens: 9, temperature: 0 }

type Script = Parameters<typeof startCompletionServer>[0]

async function ask(
  script: Script,
  more: Partial<HostedModel> = {},
  asked: ChatRequest = request,
  signal?: AbortSignal,
) {
  await using server = await startCompletionServer(script)
  const hosted = { name: 'big-model', url: server.url, keyVariable: 'SERVICE_KEY', retries: 3, ...more }
  await using model = openHostedChatModel(hosted, { env, retryMilliseconds: 1 })
  const parts: ChatPart[] = []
  let error: unknown
  try {
    for await (const part of model.chat(asked, signal === undefined ? {} : { signal })) parts.push(part)
  } catch (thrown) {
    error = thrown
  }
  return { parts, error, seen: [...server.seen], isAlive: model.isAlive }
}

const failure = (error: unknown): HoneError => {
  if (!HoneError.isInstance(error)) throw new Error(`this is no HoneError: ${String(error)}`)
  expect(`${error.message} ${error.hint} ${JSON.stringify(error)} ${error.stack}`).not.toContain('secret')
  return error
}

const refusal = (status: number, message = 'not now', headers: Record<string, string> = {}) => ({
  status,
  body: { error: { message } },
  headers,
})

describe('a request', () => {
  test('is what chat completions takes, with the key, and comes back as parts', async () => {
    const { parts, seen } = await ask(
      () => 'good day',
      {},
      {
        ...request,
        topP: 0.9,
        topK: 40,
        seed: 3,
        stop: ['\n'],
      },
    )
    expect(parts).toEqual([
      { type: 'text-delta', text: 'good day' },
      { type: 'finish', reason: 'stop', usage: { promptTokens: 2, completionTokens: 7 } },
    ])
    expect(seen).toHaveLength(1)
    expect(seen[0]).toMatchObject({
      path: '/v1/chat/completions',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    })
    expect(seen[0]!.body).toEqual({
      model: 'big-model',
      messages: [{ role: 'user', content: 'hello' }],
      max_tokens: 9,
      temperature: 0,
      top_p: 0.9,
      top_k: 40,
      seed: 3,
      stop: ['\n'],
    })
  })

  test('carries tools and their results, and gets calls back', async () => {
    const call = { id: 'c1', name: 'weather', arguments: { city: 'Rome' } }
    const { parts, seen } = await ask(
      () => ({
        message: {
          content: null,
          tool_calls: [
            { id: 'c2', type: 'function', function: { name: 'weather', arguments: '{"city":"Bari"}' } },
          ],
        },
        finish_reason: 'tool_calls',
      }),
      {},
      {
        messages: [
          { role: 'user', content: 'weather?' },
          { role: 'assistant', content: '', toolCalls: [call] },
          { role: 'tool', content: '20 °C', toolCallId: 'c1' },
        ],
        tools: [{ name: 'weather', description: 'tells the weather' }],
      },
    )
    expect(parts.slice(0, -1)).toEqual([
      { type: 'tool-call', call: { id: 'c2', name: 'weather', arguments: { city: 'Bari' } } },
    ])
    expect(parts.at(-1)).toMatchObject({ type: 'finish', reason: 'tool-calls' })
    expect(seen[0]!.body).toMatchObject({
      messages: [
        { role: 'user' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [
            { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Rome"}' } },
          ],
        },
        { role: 'tool', content: '20 °C', tool_call_id: 'c1' },
      ],
      tools: [{ type: 'function', function: { name: 'weather', parameters: {} } }],
    })
  })

  test('without a key variable has no key', async () => {
    await using server = await startCompletionServer(() => 'yes')
    await using model = openHostedChatModel({ name: 'm', url: server.url }, { env })
    for await (const _ of model.chat(request));
    expect(server.seen[0]!.headers['authorization']).toBeUndefined()
  })

  test('an empty key variable is refused before anything is sent, by its name', () => {
    const hosted = { name: 'm', url: 'http://127.0.0.1:1/v1', keyVariable: 'NO_SUCH' }
    expect(() => openHostedChatModel(hosted, { env })).toThrow('the environment variable NO_SUCH is empty')
  })

  test('takes the form that the service asks for', async () => {
    const { parts, seen } = await ask(({ body }) => {
      if ('max_tokens' in body)
        return refusal(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")
      return 'temperature' in body
        ? refusal(
            400,
            "Unsupported value: 'temperature' does not support 0. Only the default (1) is supported.",
          )
        : 'thought'
    })
    expect(parts[0]).toEqual({ type: 'text-delta', text: 'thought' })
    expect(seen.at(-1)!.body).toEqual({
      model: 'big-model',
      messages: [{ role: 'user', content: 'hello' }],
      max_completion_tokens: 9,
    })
  })
})

describe('what fails', () => {
  test.each([408, 429, 500, 502, 503, 504, 529])(
    'status %i is asked again until it is answered',
    async (status) => {
      const { parts, seen, error } = await ask((_, number) => (number < 2 ? refusal(status) : 'late'))
      expect(error).toBeUndefined()
      expect(parts[0]).toEqual({ type: 'text-delta', text: 'late' })
      expect(seen).toHaveLength(3)
    },
  )

  test('at most as often as was asked for', async () => {
    const { error, seen, isAlive } = await ask(() => refusal(503), { retries: 2 })
    expect(failure(error)).toMatchObject({ code: 'E_PROVIDER', status: 503 })
    expect(seen).toHaveLength(3)
    expect(isAlive).toBe(true)
  })

  test('a bad request is not sent again, and ends nothing else', async () => {
    const { error, seen, isAlive } = await ask(() => refusal(400, 'too many tokens'))
    expect(failure(error).message).toMatch(/^127\.0\.0\.1:\d+ answers with status 400: too many tokens$/)
    expect(seen).toHaveLength(1)
    expect(isAlive).toBe(true)
  })

  test.each([401, 403, 404])('after status %i nothing more is asked', async (status) => {
    const { error, seen, isAlive } = await ask(() => refusal(status, `no: ${key}, sk-abcd**wxyz`))
    expect(failure(error).message).toContain(`status ${status}: no: [key], [key]`)
    expect(seen).toHaveLength(1)
    expect(isAlive).toBe(false)
  })

  test('the wait that the service asks for is kept', async () => {
    const { seen, parts } = await ask((_, number) =>
      number === 0 ? refusal(429, 'slow down', { 'retry-after': '0.02' }) : 'ok',
    )
    expect(seen).toHaveLength(2)
    expect(parts).toHaveLength(2)
  })

  test('a redirect is not followed: the key stays with the service that was named', async () => {
    const { error, seen } = await ask(() => ({
      status: 307,
      body: '',
      headers: { location: 'http://127.0.0.1:9/steal' },
    }))
    expect(failure(error).message).toContain('status 307')
    expect(seen).toHaveLength(1)
  })

  test('no answer in time is asked again, then said', async () => {
    const { error, seen } = await ask(() => undefined, { timeoutSeconds: 0.05, retries: 1 })
    expect(failure(error).message).toMatch(/no answer within 0\.05 s$/)
    expect(seen).toHaveLength(2)
  })

  test.each([
    ['no JSON', { status: 200, body: 'oops' }, 'the answer is not JSON'],
    ['no completion', { status: 200, body: { choices: [] } }, 'the answer is no chat completion: /choices'],
    [
      'no usage',
      { status: 200, body: { choices: [{ message: { content: 'x' } }] } },
      'the answer does not say how many tokens it took',
    ],
  ])('%s', async (_, answer, message) => {
    const { error } = await ask(() => answer, { retries: 0 })
    expect(failure(error)).toMatchObject({ code: 'E_PROVIDER' })
    expect(failure(error).message).toContain(message)
  })

  test('nobody there', async () => {
    await using model = openHostedChatModel(
      { name: 'm', url: 'http://127.0.0.1:9/v1', keyVariable: 'SERVICE_KEY', retries: 1 },
      { env, retryMilliseconds: 1 },
    )
    const asked = (async () => {
      for await (const _ of model.chat(request));
    })()
    expect(failure(await asked.catch((error: unknown) => error))).toMatchObject({ code: 'E_PROVIDER' })
  })

  test('a wait that is given up ends at once and leaves no listener', async () => {
    const stop = new AbortController()
    const { error } = await ask(
      () => {
        stop.abort(new Error('enough'))
        return undefined
      },
      {},
      request,
      stop.signal,
    )
    expect(error).toMatchObject({ message: 'enough' })
    expect(getEventListeners(stop.signal, 'abort')).toHaveLength(0)
  })

  test('labels have no probability', async () => {
    const model = openHostedChatModel({ name: 'm', url: 'http://127.0.0.1:9/v1' }, { env })
    await expect(model.scoreLabels([], ['a'])).rejects.toMatchObject({ code: 'E_MODEL_UNSUPPORTED' })
    await model[Symbol.asyncDispose]()
  })
})
