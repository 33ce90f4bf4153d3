import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:http2'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { ChatModel, ChatPart, ChatRequest } from '../src/core/chat-model.ts'
import { onAbort } from '../src/lib/on-abort.ts'
import { startServer, type TestServer } from './testing/start-server.ts'
import { tinyHome } from './testing/tiny-home.ts'

const haiku = 'anthropic.claude-3-haiku-20240307-v1:0'
const mostWaiting = 6

let server: TestServer
let base: string
/** Keys of two clients. */
let keys: [string, string]
/** What the model was asked and has not ended, oldest first. */
let answering: { readonly content: string; readonly end: () => void }[] = []
/** Contents in the order in which the model was asked. */
let asked: string[] = []

const nothing = (): void => undefined

/** A model that says one word and then nothing until it is told to end, or its caller goes. */
const silent: ChatModel = {
  id: 'silent',
  concurrency: 1,
  async *chat({ messages }: ChatRequest, { signal } = {}): AsyncGenerator<ChatPart> {
    const content = messages.at(-1)?.content ?? ''
    asked.push(content)
    yield { type: 'text-delta', text: 'word' }
    let end = nothing
    const ended = new Promise<void>((resolve, reject) => {
      end = resolve
      onAbort(signal, () => reject(signal?.reason))
    })
    const own = { content, end }
    answering.push(own)
    try {
      await ended
    } finally {
      answering = answering.filter((each) => each !== own)
    }
    yield { type: 'finish', reason: 'stop', usage: { promptTokens: 1, completionTokens: 1 } }
  },
  scoreLabels: () => Promise.reject(new Error('nobody asks')),
  [Symbol.asyncDispose]: () => Promise.resolve(),
}

beforeAll(async () => {
  const home = await tinyHome()
  base = home.base
  const chat = {
    open: (id: string) =>
      Promise.resolve({
        id,
        kind: 'base' as const,
        folder: id,
        base: id,
        defaultSystemPrompt: null,
        systemPrompt: null,
        model: silent,
        countTokens: () => 1,
        [Symbol.asyncDispose]: () => Promise.resolve(),
      }),
  }
  server = await startServer({ ...home, chat, mostWaiting })
  const made = [1, 2].map((user) => server.parts.keys.createBearer({ user: `user ${user}`, allow: ['*'] }))
  keys = (await Promise.all(made)).map(({ key }) => key) as [string, string]
})
afterAll(() => server[Symbol.asyncDispose]())
let calls: Call[] = []
afterEach(async () => {
  for (const call of calls) call.hangUp()
  for (const { end } of answering) end()
  calls = []
  await vi.waitUntil(() => load().running + load().waiting === 0, soon)
  asked = []
})

interface Call {
  /** Status of the answer. */
  readonly status: Promise<number>
  /** All of the answer's body. */
  readonly body: Promise<string>
  hangUp(): void
}

interface Asking {
  readonly content: string
  readonly stream?: boolean
  readonly key?: string
}

const bodyOf = (content: string): string =>
  JSON.stringify({
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: 6,
    messages: [{ role: 'user', content }],
  })
const pathOf = (stream: boolean): string => `/model/${haiku}/invoke${stream ? '-with-response-stream' : ''}`

async function textOf(body: AsyncIterable<unknown>): Promise<string> {
  let text = ''
  for await (const bytes of body) text += String(bytes)
  return text
}

/** Hung up when the test is over. */
const noted =
  (ask: (asking: Asking) => Call) =>
  (asking: Asking): Call => {
    const call = ask(asking)
    calls.push(call)
    return call
  }

const quiet = <Result>(promise: Promise<Result>): Promise<Result> => {
  promise.catch(() => undefined)
  return promise
}

function overHttp1({ content, stream = false, key = keys[0] }: Asking): Call {
  const request = httpRequest(`${server.endpoint}${pathOf(stream)}`, {
    method: 'POST',
    agent: false,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
  })
  request.on('error', () => undefined)
  const response = quiet(
    new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
      request.once('response', resolve)
      request.once('error', reject)
    }),
  )
  request.end(bodyOf(content))
  return {
    status: quiet(response.then(({ statusCode = 0 }) => statusCode)),
    body: quiet(response.then(textOf)),
    hangUp: () => request.destroy(),
  }
}

/** Hangs up a stream, or the whole connection. */
const overHttp2 =
  (what: 'stream' | 'connection') =>
  ({ content, stream = false, key = keys[0] }: Asking): Call => {
    const session = connect(server.endpoint)
    session.on('error', () => undefined)
    const request = session.request({
      ':method': 'POST',
      ':path': pathOf(stream),
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
    })
    request.on('error', () => undefined)
    const status = quiet(once(request, 'response').then(([headers]) => Number(headers[':status'])))
    const body = quiet(status.then(() => textOf(request)))
    request.once('close', () => session.close())
    request.end(bodyOf(content))
    return { status, body, hangUp: () => (what === 'stream' ? request.close(8) : session.destroy()) }
  }

const load = (): { running: number; waiting: number } =>
  server.parts.inference.load[base] ?? { running: 0, waiting: 0 }
// Nothing here waits for a clock: how soon is a matter of the machine.
const soon = { timeout: 8_000, interval: 10 }

describe.each([
  ['HTTP/1.1', overHttp1],
  ['a stream of HTTP/2', overHttp2('stream')],
  ['a connection of HTTP/2', overHttp2('connection')],
])('a client that hangs up: %s', (_, open) => {
  const ask = noted(open)
  test.each([true, false])('frees its place at once (streamed: %s)', async (stream) => {
    const call = ask({ content: 'a', stream })
    await expect.poll(() => answering.length, soon).toBe(1)
    if (stream) await call.status
    expect(load()).toEqual({ running: 1, waiting: 0 })
    call.hangUp()
    await expect.poll(load, soon).toEqual({ running: 0, waiting: 0 })
    expect(answering).toEqual([])
  })

  test('frees its place in the queue, and is never answered', async () => {
    const places = 40
    for (let at = 0; at < places; at++) ask({ content: 'running' })
    await expect.poll(() => answering.length, soon).toBe(places)
    const waiting = ask({ content: 'gone' })
    ask({ content: 'next' })
    await expect.poll(load, soon).toEqual({ running: places, waiting: 2 })
    waiting.hangUp()
    await expect.poll(load, soon).toEqual({ running: places, waiting: 1 })
    answering[0]?.end()
    await expect.poll(() => asked.at(-1), soon).toBe('next')
    expect(asked).not.toContain('gone')
  })
})

test('keys take turns, and what is too much for the queue is throttled', async () => {
  const ask = noted(overHttp1)
  for (let at = 0; at < 40; at++) ask({ content: 'running' })
  await expect.poll(() => answering.length, soon).toBe(40)
  const greedy: Call[] = []
  for (let at = 0; at < mostWaiting; at++) {
    greedy.push(ask({ content: `greedy ${at}` }))
    await expect.poll(() => load().waiting, soon).toBe(at + 1)
  }
  const tooMuch = ask({ content: 'too much' })
  expect(await tooMuch.status).toBe(429)
  expect(await tooMuch.body).toContain('Too many requests')
  // Somebody else is answered at once, however many wait.
  ask({ content: 'modest first', key: keys[1] })
  await expect.poll(() => asked.at(-1), soon).toBe('modest first')
  // What more they ask finds room among those who wait: the last of those who have most must go.
  ask({ content: 'modest', key: keys[1] })
  expect(await greedy.at(-1)?.status).toBe(429)
  asked = []
  // One beside as many as there are places is running.
  answering.find(({ content }) => content === 'running')?.end()
  await expect.poll(() => load().running, soon).toBe(40)
  for (let at = 0; at < 3; at++) {
    answering.find(({ content }) => content === 'running')?.end()
    await expect.poll(() => asked.length, soon).toBe(at + 1)
  }
  expect(asked).toEqual(['greedy 0', 'modest', 'greedy 1'])
  expect(server.failures).toEqual([])
})
