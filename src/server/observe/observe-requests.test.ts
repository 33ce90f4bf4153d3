import { EventEmitter, once } from 'node:events'
import { get } from 'node:http'
import { connect } from 'node:http2'
import { expect, test } from 'vitest'
import type { ServerLogEntry } from '../../service/serving/running-server.ts'
import { listenOnOnePort } from '../one-port.ts'
import { createRequestObserver } from './observe-requests.ts'

test('who goes away before the answer is whole is told, on either protocol; who waits is not', async () => {
  const told: ServerLogEntry[] = []
  const log = new EventEmitter()
  const observe = createRequestObserver({
    now: () => 0,
    traces: undefined,
    metrics: { begin: () => undefined, end: () => undefined },
    onLog: (entry) => {
      told.push(entry)
      log.emit('line')
    },
  })
  await using port = await listenOnOnePort(
    { host: '127.0.0.1', port: 0, maximumConnections: 10, headTimeout: 5000, idleTimeout: 5000 },
    (incoming, outgoing) => {
      observe(incoming, outgoing)
      outgoing.writeHead(200)
      if (incoming.url?.startsWith('/whole') === true) outgoing.end('whole')
      else (outgoing as NodeJS.WritableStream).write('begun')
    },
  )
  const address = `http://127.0.0.1:${port.port}`
  const next = async (act: () => unknown): Promise<unknown> => {
    const line = once(log, 'line')
    await act()
    await line
    return told.at(-1)?.['hungUp']
  }
  expect(await next(() => fetch(`${address}/whole?secret`))).toBeUndefined()
  expect(
    await next(async () => {
      const request = get(`${address}/part`)
      await once(request, 'response')
      request.destroy()
    }),
  ).toBe(true)
  const session = connect(address)
  expect(await next(() => session.request({ ':path': '/whole' }).resume())).toBeUndefined()
  expect(
    await next(async () => {
      const stream = session.request({ ':path': '/part' })
      await once(stream, 'response')
      stream.close()
    }),
  ).toBe(true)
  session.destroy()
  expect(told.map(({ path }) => path)).toEqual(['/whole', '/part', '/whole', '/part'])
})
