import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { openTraces } from './request-traces.ts'

const options = { version: '0.1.0', onFailure: (): void => undefined }

test('without an endpoint, or switched off, there are none', async () => {
  expect(await openTraces({ ...options, env: {} })).toBeUndefined()
  expect(await openTraces({ ...options, env: { OTEL_EXPORTER_OTLP_ENDPOINT: '' } })).toBeUndefined()
  const off = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_SDK_DISABLED: 'true' }
  expect(await openTraces({ ...options, env: off })).toBeUndefined()
})

test('spans that a collector refuses are told, and fail nothing', async () => {
  const asked: (string | undefined)[] = []
  const collector = createServer((request, response) => {
    asked.push(request.url)
    request.resume()
    response.writeHead(400).end()
  }).listen(0, '127.0.0.1')
  await once(collector, 'listening')
  const { port } = collector.address() as AddressInfo
  const failures: number[] = []
  const traces = await openTraces({
    ...options,
    env: { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `http://127.0.0.1:${port}/own/path` },
    onFailure: (_, spans) => failures.push(spans),
  })
  const begun = { method: 'GET', path: '/', startedAt: 1000 }
  const span = traces?.begin({ traceparent: 'ff-nonsense' }, begun)
  expect(span?.traceId).toMatch(/^[0-9a-f]{32}$/)
  span?.end({ ...begun, facts: { id: 'x' }, status: 200, endedAt: 1001, hungUp: false })
  await traces?.close()
  collector.close()
  expect(asked).toEqual(['/own/path'])
  expect(failures).toEqual([1])
})
