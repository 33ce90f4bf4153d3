import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { HoneError } from '../../core/errors.ts'
import { onAbort } from '../../lib/on-abort.ts'
import { QueueFull } from '../../service/serving/fair-queue.ts'
import { jsonEvent, type ServerSentEvent } from '../../wire/server-sent-events.ts'
import type { RequestFacts } from '../aws/request-facts.ts'
import { listenOnOnePort, type OnePort } from '../one-port.ts'
import { createApiHandler } from './api-handler.ts'
import { findRoute, route, type ApiRoute } from './api-route.ts'
import { findJsonApi, isBelow } from './find-json-api.ts'
import type { JsonApi } from './json-api.ts'

const now = 1_800_000_000_000
/** Keys, and what each may do. */
const keys: Readonly<Record<string, readonly string[]>> = {
  all: ['*'],
  reader: ['read'],
  caller: ['invoke:small*'],
  old: ['*'],
}

let failures: unknown[] = []
let audited: unknown[] = []
let facts: RequestFacts
/** Streams that are being made. */
let open = 0
let port: OnePort
let address = ''

async function* words(count: number, failure?: unknown): AsyncGenerator<ServerSentEvent> {
  open++
  try {
    for (let at = 0; at < count; at++) {
      // What does not end is much, so that it does not fit anywhere.
      yield count === Infinity ? { data: 'a'.repeat(65_536) } : jsonEvent({ at }, 'word')
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    if (failure !== undefined) throw failure
  } finally {
    open--
  }
}

const fails: Readonly<Record<string, unknown>> = {
  full: new QueueFull('9 requests are waiting'),
  data: new HoneError('E_DATA', 'no text', { at: { pointer: '/messages/0' }, hint: 'write some' }),
  model: new HoneError('E_MODEL_UNKNOWN', 'no such model'),
  worker: new HoneError('E_WORKER', 'it was killed at /secret/place'),
  ours: new Error('a secret'),
}

const routes: readonly ApiRoute[] = [
  route({
    name: 'Things.list',
    method: 'GET',
    path: '/toy/things',
    action: 'read',
    search: z.strictObject({
      limit: z.coerce.number().max(10).optional(),
      'of[]': z.array(z.string()).optional(),
    }),
    answer: ({ search }) => Promise.resolve({ json: search }),
  }),
  route({
    name: 'Things.make',
    method: 'POST',
    path: '/toy/things',
    action: 'write',
    body: z.strictObject({
      name: z.string(),
      parts: z.array(z.strictObject({ size: z.number() })).optional(),
    }),
    largestBody: 1000,
    answer: ({ body, identity }) => Promise.resolve({ status: 201, json: { ...body, by: identity.user } }),
  }),
  route({
    name: 'Things.ask',
    method: 'POST',
    path: '/toy/ask',
    action: 'invoke',
    body: z.object({ model: z.string() }),
    resource: ({ body }) => body.model,
    answer: ({ body }) => Promise.resolve({ json: body.model }),
  }),
  route({
    name: 'Things.remove',
    method: 'DELETE',
    path: '/toy/things/{thing}',
    action: 'write',
    answer: ({ labels }) => Promise.resolve({ json: labels }),
  }),
  route({
    name: 'Things.events',
    method: 'GET',
    path: '/toy/events/{kind}',
    action: 'read',
    answer: ({ labels }) =>
      Promise.resolve({
        events: words(labels['kind'] === 'endless' ? Infinity : 2, fails[labels['kind'] ?? '']),
      }),
  }),
  route({
    name: 'Things.waiting',
    method: 'GET',
    path: '/toy/waiting',
    action: 'read',
    answer: ({ signal }) =>
      new Promise((_, reject) => {
        open++
        onAbort(signal, () => {
          open--
          reject(signal.reason)
        })
      }),
  }),
  route({
    name: 'Things.content',
    method: 'GET',
    path: '/toy/content',
    action: 'anyone',
    answer: () => Promise.resolve({ content: { type: 'text/plain', body: Readable.from(['a', 'b']) } }),
  }),
  route({
    name: 'Things.upload',
    method: 'PUT',
    path: '/toy/content',
    action: 'write',
    async answer(call) {
      let bytes = 0
      for await (const chunk of call.stream()) bytes += chunk.length
      return { json: bytes }
    },
  }),
  route({
    name: 'Things.fail',
    method: 'POST',
    path: '/toy/fail/{kind}',
    action: 'write',
    answer: ({ labels }) => Promise.reject(fails[labels['kind'] ?? '']),
  }),
]

const toy: JsonApi = {
  name: 'toy',
  claims: ({ url }) => isBelow(url, '/toy'),
  routes,
  headers: ({ id, milliseconds }) => ({ 'x-id': id, 'x-ms': String(milliseconds) }),
  refusal: ({ kind, message, pointer, code, hint }) => ({ json: { kind, message, pointer, code, hint } }),
  failedEvent: ({ kind, message }) => jsonEvent({ kind, message }, 'failed'),
}

beforeAll(async () => {
  const handle = createApiHandler({
    findBearer: (key) => {
      const allow = Object.hasOwn(keys, key) ? keys[key] : undefined
      const identity = { keyId: `id-${key}`, user: key, account: '0', arn: 'arn', allow: allow ?? [] }
      const expires = key === 'old' ? { expires: now - 1 } : {}
      return Promise.resolve(allow === undefined ? undefined : { identity, ...expires })
    },
    now: () => now,
    onFailure: (error) => failures.push(error),
    audit: (entry) => Promise.resolve(void audited.push(entry)),
    patience: { body: 300, reader: 200 },
  })
  port = await listenOnOnePort(
    { host: '127.0.0.1', port: 0, maximumConnections: 50, headTimeout: 2000, idleTimeout: 5000 },
    (incoming, outgoing) => {
      facts = { id: 'request-1' }
      const api = findJsonApi([toy], incoming)
      if (api === undefined) outgoing.end('nobody')
      else void handle(api, incoming, outgoing, facts)
    },
  )
  address = `http://127.0.0.1:${port.port}`
})
afterAll(() => port[Symbol.asyncDispose]())
beforeEach(() => {
  failures = []
  audited = []
})

interface Asked {
  readonly method?: string
  readonly key?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

async function ask(
  path: string,
  { method = 'GET', key = 'all', headers = {}, body }: Asked = {},
): Promise<{ status: number; headers: Headers; json: unknown; text: string }> {
  const response = await fetch(`${address}${path}`, {
    method,
    headers: { ...(key === '' ? {} : { authorization: `Bearer ${key}` }), ...headers },
    ...(body === undefined ? {} : { body: body as string }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type') === 'application/json'
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson ? JSON.parse(text) : undefined,
  }
}

test('routes are found by method and path, with labels decoded once', async () => {
  expect(findRoute(routes, 'DELETE', '/toy/things/a%2Fb%2520')).toMatchObject({ labels: { thing: 'a/b%20' } })
  expect(findRoute(routes, 'DELETE', '/toy/things/%zz')).toMatchObject({ labels: { thing: '%zz' } })
  expect(findRoute(routes, 'DELETE', '/toy/things/')).toMatchObject({ methods: [] })
  expect(findRoute(routes, 'PATCH', '/toy/things')).toMatchObject({ methods: ['GET', 'POST'] })
  expect(await ask('/toy/nothing')).toMatchObject({ status: 404, json: { kind: 'not-found' } })
  const wrong = await ask('/toy/things', { method: 'PATCH' })
  expect(wrong).toMatchObject({ status: 405, json: { kind: 'wrong-method' } })
  expect(wrong.headers.get('allow')).toBe('GET, POST')
  expect((await ask('/toyshop')).text).toBe('nobody')
  const signed = { authorization: 'AWS4-HMAC-SHA256 Credential=x' }
  expect((await ask('/toy/things', { key: '', headers: signed })).text).toBe('nobody')
})

test('a request is answered, and every answer has its headers and facts', async () => {
  const made = await ask('/toy/things', { method: 'POST', body: '{"name":"ü"}' })
  expect(made).toMatchObject({ status: 201, json: { name: 'ü', by: 'all' } })
  expect(Object.fromEntries(made.headers)).toMatchObject({ 'x-id': 'request-1', 'x-ms': '0' })
  expect(facts).toEqual({ id: 'request-1', service: 'toy', operation: 'Things.make', keyId: 'id-all' })
  expect(audited).toEqual([{ keyId: 'id-all', action: 'Things.make', resource: '*', outcome: '201' }])
  const listed = await ask('/toy/things?limit=3&of[]=a&of[]=b')
  expect(listed.json).toEqual({ limit: 3, 'of[]': ['a', 'b'] })
  expect((await ask('/toy/content', { key: '' })).text).toBe('ab')
  expect(await ask('/toy/content', { key: '', method: 'HEAD' })).toMatchObject({ status: 200, text: '' })
  const upload = await ask('/toy/content', { method: 'PUT', body: new Uint8Array(5000) })
  expect(upload.json).toBe(5000)
})

test('a key comes as a bearer or in x-api-key, is in time, and is allowed what is asked', async () => {
  expect((await ask('/toy/things', { key: '', headers: { 'x-api-key': 'reader' } })).status).toBe(200)
  for (const key of ['', 'unknown', 'old', 'x'.repeat(600)]) {
    expect(await ask('/toy/things', { key })).toMatchObject({
      status: 401,
      json: { kind: 'unauthenticated' },
    })
  }
  expect(await ask('/toy/things/a', { key: 'reader', method: 'DELETE' })).toMatchObject({
    status: 403,
    json: { kind: 'forbidden', message: 'This key is not allowed to write a.' },
  })
  const invoke = (model: string): Promise<{ status: number }> =>
    ask('/toy/ask', { key: 'caller', method: 'POST', body: JSON.stringify({ model }) })
  expect(await invoke('small-1')).toMatchObject({ status: 200 })
  expect(await invoke('large')).toMatchObject({ status: 403 })
  expect(audited).toEqual([])
})

test.each([
  ['no JSON', '{"name"', undefined],
  ['no UTF-8', new Uint8Array([34, 255, 34]), undefined],
  ['a wrong member', '{"name":"a","parts":[{"size":"b"}]}', '/parts/0/size'],
  ['an unknown member', '{"name":"a","age":1}', ''],
  ['nothing', undefined, '/name'],
])('a body of %s is refused with its place', async (_, body, pointer) => {
  const { status, json } = await ask('/toy/things', {
    method: 'POST',
    ...(body === undefined ? {} : { body }),
  })
  expect(status).toBe(400)
  expect(json).toMatchObject({ kind: 'invalid', ...(pointer === undefined ? {} : { pointer }) })
})

test('members of the query are refused by name', async () => {
  expect(await ask('/toy/things?limit=11')).toMatchObject({ status: 400, json: { pointer: '?limit' } })
})

test('failures have their status; those of the server are told to its log only', async () => {
  const statuses = { full: 429, data: 400, model: 404, worker: 503, ours: 500 }
  for (const [kind, status] of Object.entries(statuses)) {
    const answered = await ask(`/toy/fail/${kind}`, { method: 'POST' })
    expect({ kind, status: answered.status }).toEqual({ kind, status })
    expect(answered.text).not.toContain('secret')
  }
  expect(failures).toEqual([fails['ours']])
  expect(audited).toMatchObject(
    ['throttled', 'E_DATA', 'E_MODEL_UNKNOWN', 'E_WORKER', 'internal'].map((outcome) => ({ outcome })),
  )
  expect((await ask('/toy/fail/data', { method: 'POST' })).json).toMatchObject({
    pointer: '/messages/0',
    hint: 'write some',
  })
})

test('events are sent as they come, and a failure among them is the last one', async () => {
  const whole = await ask('/toy/events/good')
  expect(whole.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  expect(whole.text).toBe('event: word\ndata: {"at":0}\n\nevent: word\ndata: {"at":1}\n\n')
  const failed = await ask('/toy/events/ours')
  expect(failed.status).toBe(200)
  expect(failed.text).toContain(
    'event: failed\ndata: {"kind":"internal","message":"The server failed; its log says why."}\n\n',
  )
  expect(failures).toEqual([fails['ours']])
})

test('a body that is too large, too slow or compressed is refused', async () => {
  const body = JSON.stringify({ name: 'a'.repeat(2000) })
  expect(await ask('/toy/things', { method: 'POST', body })).toMatchObject({ status: 413 })
  const compressed = { method: 'POST', body: '{}', headers: { 'content-encoding': 'gzip' } }
  expect(await ask('/toy/things', compressed)).toMatchObject({
    status: 400,
    text: expect.stringContaining('The body is gzip') as string,
  })
  const socket = connect(port.port, '127.0.0.1')
  let text = ''
  socket.on('data', (bytes: Buffer) => (text += String(bytes)))
  socket.on('error', () => undefined)
  socket.write(
    'POST /toy/things HTTP/1.1\r\nhost: x\r\nauthorization: Bearer all\r\ncontent-length: 900\r\n\r\n{',
  )
  await once(socket, 'close')
  expect(text).toMatch(/^HTTP\/1\.1 408 [^]*too-slow/)
})

function connected(path: string): Socket {
  const socket = connect(port.port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer all\r\n\r\n`)
  return socket
}

test('who hangs up, or stops reading, ends what is done for them', async () => {
  const reading = connected('/toy/events/endless').resume()
  connected('/toy/events/endless').pause()
  const waiting = connected('/toy/waiting').resume()
  await expect.poll(() => open, { timeout: 10_000 }).toBe(3)
  // The one that does not read.
  await expect.poll(() => open, { timeout: 10_000 }).toBe(2)
  waiting.destroy()
  await expect.poll(() => open, { timeout: 10_000 }).toBe(1)
  reading.destroy()
  await expect.poll(() => open, { timeout: 10_000 }).toBe(0)
  expect(failures).toEqual([])
})
