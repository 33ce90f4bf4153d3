import { once } from 'node:events'
import { request as ask, type ClientRequest, type IncomingMessage } from 'node:http'
import { connect, type ClientHttp2Session } from 'node:http2'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { EventStreamCodec } from '@smithy/core/event-streams'
import { createEchoChat } from '../src/service/testing/echo-chat.ts'
import { startServer, type TestServer } from './testing/start-server.ts'
import { tinyHome } from './testing/tiny-home.ts'

const nothing = (): void => undefined
let gate: Promise<void> | undefined
const echo = createEchoChat({ pauseMilliseconds: 20, afterFirstWord: () => gate ?? Promise.resolve() })
const words = Array.from({ length: 12 }, (_, at) => `word${at} `)
const haiku = 'anthropic.claude-3-haiku-20240307-v1:0'

let server: TestServer
let headers: Record<string, string>

beforeAll(async () => {
  const { home, base } = await tinyHome()
  server = await startServer({ home, base, chat: echo, placesOfBase: 1000 })
  const { key } = await server.parts.keys.createBearer({ user: 'streams', allow: ['*'] })
  headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
})
afterAll(() => server[Symbol.asyncDispose]())

const path = (model: string, operation = 'invoke-with-response-stream'): string =>
  `/model/${encodeURIComponent(model)}/${operation}`

const question = (said: readonly string[]): string =>
  JSON.stringify({
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: 1000,
    messages: [{ role: 'user', content: said.join('') }],
  })

interface Streamed {
  readonly status: number
  readonly chunks: AsyncIterable<Buffer>
  /** Hangs up. */
  end(): void
}

type Open = (model: string, body: string) => Promise<Streamed>

const overHttp1: Open = async (model, body) => {
  const { port } = new URL(server.endpoint)
  const outgoing: ClientRequest = ask({ port, method: 'POST', path: path(model), headers, agent: false })
  outgoing.on('error', () => undefined)
  outgoing.end(body)
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
  incoming.on('error', () => undefined)
  return { status: incoming.statusCode ?? 0, chunks: incoming, end: () => outgoing.destroy() }
}

const overHttp2 =
  (session: ClientHttp2Session): Open =>
  async (model, body) => {
    const stream = session.request({ ':method': 'POST', ':path': path(model), ...headers })
    stream.on('error', () => undefined)
    stream.end(body)
    const [{ ':status': status = 0 }] = (await once(stream, 'response')) as [{ ':status'?: number }]
    return { status, chunks: stream, end: () => stream.close(8) }
  }

/** The text of an answer, whole; its last event says that it came to its end. */
async function textOf({ chunks }: Streamed): Promise<string> {
  const all: Buffer[] = []
  for await (const chunk of chunks) all.push(chunk)
  const codec = new EventStreamCodec(
    (bytes) => Buffer.from(bytes).toString('utf8'),
    (text) => Buffer.from(text, 'utf8'),
  )
  const bytes = Buffer.concat(all)
  let text = ''
  let last: string | undefined
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt32BE(at)
    const { body } = codec.decode(bytes.subarray(at, at + length))
    at += length
    const chunk = JSON.parse(Buffer.from(body).toString('utf8')) as { readonly bytes: string }
    const event = JSON.parse(Buffer.from(chunk.bytes, 'base64').toString('utf8')) as {
      readonly type: string
      readonly delta?: { readonly text?: string }
    }
    text += event.delta?.text ?? ''
    last = event.type
  }
  expect(last).toBe('message_stop')
  return text
}

test('a thousand streams at once all come to their end', async () => {
  const sessions = Array.from({ length: 2 }, () => connect(server.endpoint))
  const before = process.memoryUsage.rss()
  let go = nothing
  gate = new Promise((resolve) => (go = resolve))
  const texts = Promise.all(
    Array.from({ length: 1000 }, async (_, at) => {
      const session = sessions[at % 4]
      const open = session === undefined ? overHttp1 : overHttp2(session)
      const said = [`${at} `, ...words]
      const streamed = await open(haiku, question(said))
      expect(streamed.status).toBe(200)
      expect(await textOf(streamed)).toBe(said.join(''))
      return at
    }),
  )
  // All of them have begun to answer.
  await expect.poll(() => echo.running, { timeout: 100_000 }).toBe(1000)
  const kilobytes = Math.round((process.memoryUsage.rss() - before) / 1000 / 1024)
  process.stderr.write(`a thousand streams: ${kilobytes} KiB for each with its client\n`)
  go()
  gate = undefined
  expect(await texts).toHaveLength(1000)
  await expect.poll(() => echo.running).toBe(0)
  for (const session of sessions) session.close()
}, 120_000)

test('who hangs up gives the place back, over HTTP/1.1 and HTTP/2', async () => {
  const session = connect(server.endpoint)
  const units = 1
  const target = { baseIdentifier: haiku, localBase: 'tiny', modelId: null }
  const rest = { description: null, commitment: null, commitmentEnds: null, dialect: {} }
  const endpoint = await server.parts.endpoints.create('provisioned', 'four', { ...target, units, ...rest })
  const long = question(Array.from({ length: 2000 }, (_, at) => `${at} `))
  for (const open of [overHttp1, overHttp2(session)]) {
    const four = await Promise.all(Array.from({ length: 4 }, () => open(endpoint.name, long)))
    expect(four.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    // A model unit is four answers at a time.
    const fifth = await open(endpoint.name, long)
    expect(fifth.status).toBe(429)
    fifth.end()
    expect(echo.running).toBe(4)
    four[0]?.end()
    await expect.poll(() => echo.running, { timeout: 1000, interval: 10 }).toBe(3)
    const next = await open(endpoint.name, long)
    expect(next.status).toBe(200)
    for (const streamed of [...four, next]) streamed.end()
    await expect.poll(() => echo.running, { timeout: 1000, interval: 10 }).toBe(0)
  }
  // The same where nothing has been answered yet.
  const asked = [
    ask({ port: new URL(server.endpoint).port, method: 'POST', path: path(haiku, 'invoke'), headers }),
    session.request({ ':method': 'POST', ':path': path(haiku, 'invoke'), ...headers }),
  ]
  for (const each of asked) {
    each.on('error', () => undefined)
    each.end(long)
  }
  await expect.poll(() => echo.running).toBe(2)
  for (const each of asked) each.destroy()
  await expect.poll(() => echo.running, { timeout: 1000, interval: 10 }).toBe(0)
  session.destroy()
  expect(server.failures).toEqual([])
})
