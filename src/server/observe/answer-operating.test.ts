import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Readiness } from '../../service/serving/check-readiness.ts'
import { listenOnOnePort, type OnePort } from '../one-port.ts'
import { createOperatingHandler } from './answer-operating.ts'

const contentType = 'text/plain; version=0.0.4; charset=utf-8'
const ready: Readiness = { database: undefined, folder: undefined }
let readiness = ready
let asked = 0
let isDraining = false
let now = 0
const told: Readiness[] = []
let port: OnePort

beforeAll(async () => {
  const handle = createOperatingHandler({
    metrics: { contentType, text: () => Promise.resolve('numbers') },
    readiness: () => {
      asked++
      return Promise.resolve(readiness)
    },
    isDraining: () => isDraining,
    findBearer: () => Promise.resolve(undefined),
    now: () => now,
    onNotReady: (found) => told.push(found),
  })
  port = await listenOnOnePort(
    { host: '127.0.0.1', port: 0, maximumConnections: 50, headTimeout: 5000, idleTimeout: 5000 },
    (incoming, outgoing) => void handle(incoming, outgoing, { id: 'x' }),
  )
})
afterAll(() => port[Symbol.asyncDispose]())

async function readyz(): Promise<readonly [number, unknown]> {
  const response = await fetch(`http://127.0.0.1:${port.port}/readyz`)
  return [response.status, await response.json()]
}

test('a server that cannot write or ask its database is not ready, and says which; why is for its log', async () => {
  now += 2000
  readiness = { database: 'connect ECONNREFUSED 10.0.0.3', folder: 'ENOSPC' }
  const [status, body] = await readyz()
  expect(status).toBe(503)
  expect(body).toEqual({
    status: 'not-ready',
    checks: { database: 'failed', folder: 'failed', draining: 'no' },
  })
  expect(told).toEqual([readiness])
  now += 2000
  readiness = ready
  expect((await readyz())[0]).toBe(200)
})

test('whoever asks often does not make the server check often', async () => {
  now += 2000
  const before = asked
  await Promise.all(Array.from({ length: 20 }, () => readyz()))
  expect(asked - before).toBe(1)
})

test('a server that is going is alive and not ready', async () => {
  isDraining = true
  expect(await readyz()).toEqual([
    503,
    { status: 'not-ready', checks: { database: 'ok', folder: 'ok', draining: 'yes' } },
  ])
  expect((await fetch(`http://127.0.0.1:${port.port}/healthz`)).status).toBe(200)
})
