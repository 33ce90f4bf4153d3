import { once } from 'node:events'
import { request as ask } from 'node:http'
import { connect as connectHttp2, constants } from 'node:http2'
import { connect, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bearerKey, startAwsServer, type TestServer } from '../testing/start-aws-server.ts'
import { readBody } from '../aws/aws-request.ts'

let server: TestServer
/** Endless answers that are being written. */
let open = 0

async function* endless(): AsyncGenerator<Buffer> {
  open++
  try {
    for (;;) {
      yield Buffer.alloc(64 * 1024, 97)
      await new Promise((resolve) => {
        setImmediate(resolve)
      })
    }
  } finally {
    open--
  }
}

beforeAll(async () => {
  server = await startAwsServer({
    headTimeout: 300,
    patience: { body: 300, reader: 200 },
    services: {
      bedrock: async (request) => {
        if (request.path === '/endless') return { status: 200, body: Readable.from(endless()) }
        return { status: 200, body: String((await readBody(request, 10_000_000)).length) }
      },
    },
  })
})
afterAll(() => server[Symbol.asyncDispose]())

/** A connection, what came over it, and its end. */
function open1(): { socket: Socket; text: () => string; ended: Promise<unknown> } {
  const socket = connect(server.port, '127.0.0.1')
  let text = ''
  socket.on('data', (bytes: Buffer) => (text += bytes.toString('latin1')))
  socket.on('error', () => undefined)
  return { socket, text: () => text, ended: once(socket, 'close') }
}

const head = (path: string, length: number): string =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${bearerKey}\r\ncontent-length: ${length}\r\n\r\n`

/** A client that does as it should, at the same time. */
async function answered(body: string): Promise<string> {
  const outgoing = ask({ port: server.port, method: 'POST', path: '/length', agent: false })
  outgoing.setHeader('authorization', `Bearer ${bearerKey}`)
  outgoing.end(body)
  const [incoming] = (await once(outgoing, 'response')) as [Readable]
  return Buffer.concat((await incoming.toArray()) as Buffer[]).toString()
}

test('a connection that says nothing, or half a head, is closed', async () => {
  const silent = open1()
  const half = open1()
  half.socket.write('GET / HTTP/1.1\r\nhost: x\r\n')
  const slow = open1()
  slow.socket.write('GET /')
  const drip = setInterval(() => slow.socket.write('a'), 50)
  expect(await answered('four')).toBe('4')
  await Promise.all([silent.ended, half.ended, slow.ended])
  clearInterval(drip)
  expect(half.text()).toMatch(/^HTTP\/1\.1 408 /)
  expect(slow.text()).toMatch(/^HTTP\/1\.1 408 /)
})

test('an HTTP/2 connection on which nothing is asked is closed', async () => {
  const { socket, ended } = open1()
  socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
  socket.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]))
  await ended
  expect(socket.destroyed).toBe(true)
})

test('a body that stops or drips is refused, one that is slow but moves is taken', async () => {
  const stopped = open1()
  stopped.socket.write(`${head('/length', 1000)}half`)
  const drips = open1()
  drips.socket.write(head('/length', 100_000))
  const drip = setInterval(() => drips.socket.write('a'), 20)
  const moves = open1()
  moves.socket.write(head('/length', 10 * 1024))
  for (let at = 0; at < 10; at++) {
    await new Promise((resolve) => {
      setTimeout(resolve, 60)
    })
    moves.socket.write(Buffer.alloc(1024, 97))
  }
  await Promise.all([stopped.ended, drips.ended])
  clearInterval(drip)
  for (const { text } of [stopped, drips]) {
    expect(text()).toMatch(/^HTTP\/1\.1 408 [^]*RequestTimeout/)
    expect(text().toLowerCase()).toContain('connection: close')
  }
  await expect.poll(() => moves.text()).toMatch(/^HTTP\/1\.1 200 [^]*10240$/)
  moves.socket.destroy()
  expect(await answered('four')).toBe('4')
})

test('an answer that nobody reads is given up, one that is read goes on', async () => {
  const idle = open1()
  idle.socket.write(head('/endless', 0))
  idle.socket.pause()
  const reading = open1()
  reading.socket.write(head('/endless', 0))
  const session = connectHttp2(server.endpoint)
  const stream = session.request({
    [constants.HTTP2_HEADER_METHOD]: 'POST',
    [constants.HTTP2_HEADER_PATH]: '/endless',
    authorization: `Bearer ${bearerKey}`,
  })
  stream.on('error', () => undefined)
  stream.end()
  await expect.poll(() => open).toBe(3)
  // The two that are not read.
  await expect.poll(() => open, { timeout: 5000 }).toBe(1)
  const length = reading.text().length
  await expect.poll(() => reading.text().length).toBeGreaterThan(length)
  idle.socket.destroy()
  reading.socket.destroy()
  session.destroy()
  await expect.poll(() => open).toBe(0)
  expect(server.failures).toEqual([])
})
