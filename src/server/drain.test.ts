import { once } from 'node:events'
import { get, Agent, type IncomingMessage } from 'node:http'
import { connect as connectHttp2 } from 'node:http2'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import type { Outgoing } from './http/exchange.ts'
import { listenOnOnePort, type OnePort } from './one-port.ts'

/** A server whose answers are at their first byte until they are told to end. */
async function slowServer(): Promise<{ port: OnePort; answers: Outgoing[]; end: () => void }> {
  const answers: Outgoing[] = []
  const port = await listenOnOnePort(
    { host: '127.0.0.1', port: 0, maximumConnections: 10, headTimeout: 60_000, idleTimeout: 60_000 },
    (_, outgoing) => {
      outgoing.writeHead(200)
      ;(outgoing as NodeJS.WritableStream).write('begun ')
      answers.push(outgoing)
    },
  )
  return { port, answers, end: () => answers.forEach((answer) => answer.end('and ended')) }
}

const refused = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(false)
    })
    socket.once('error', () => resolve(true))
  })

test('answers under way end, nobody new comes in, and nothing is waited for after the last', async () => {
  const { port, end } = await slowServer()
  const agent = new Agent({ keepAlive: true })
  const request = get({ port: port.port, host: '127.0.0.1', agent })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const session = connectHttp2(`http://127.0.0.1:${port.port}`)
  const stream = session.request({ ':path': '/' })
  await once(stream, 'response')
  // Has sent nothing yet.
  const silent = connect(port.port, '127.0.0.1')
  silent.on('error', () => undefined)
  await once(silent, 'connect')
  const closed = port.close(3_600_000)
  expect(await refused(port.port)).toBe(true)
  end()
  expect(await text(response)).toBe('begun and ended')
  expect(await text(stream)).toBe('begun and ended')
  await closed
  agent.destroy()
})

test('what has not ended in time is cut off', async () => {
  const { port } = await slowServer()
  const request = get({ port: port.port, host: '127.0.0.1' })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  await port.close(50)
  await expect(text(response)).rejects.toThrow('aborted')
})
