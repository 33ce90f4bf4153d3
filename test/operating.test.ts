import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { InvokeModelCommand, BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime'
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createServices } from '../src/compose.ts'
import type { RunningServer, ServerLogEntry } from '../src/service/serving/running-server.ts'
import { tinyHome } from './testing/tiny-home.ts'

const haiku = 'anthropic.claude-3-haiku-20240307-v1:0'

interface Attribute {
  readonly key: string
  readonly value: Readonly<Record<string, unknown>>
}

interface SentSpan {
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly attributes: readonly Attribute[]
}

/** What a collector of traces is sent. */
interface Traces {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] }
    readonly scopeSpans: readonly { readonly spans: readonly SentSpan[] }[]
  }[]
}

const received: Traces[] = []
const collector = createServer((request, response) => {
  void (async () => {
    const body = await bodyOf(request)
    if (request.url === '/v1/traces') received.push(JSON.parse(body) as Traces)
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })()
})

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

const log: ServerLogEntry[] = []
let server: RunningServer
let runtime: BedrockRuntimeClient
let s3: S3Client
let services: ReturnType<typeof createServices>
let credentials: { accessKeyId: string; secretAccessKey: string }

beforeAll(async () => {
  collector.listen(0, '127.0.0.1')
  await once(collector, 'listening')
  const { port } = collector.address() as AddressInfo
  const { home, base } = await tinyHome()
  writeFileSync(join(home, 'hone.server.yaml'), `schema: 1\nmodels: { default: ${base} }\n`)
  services = createServices({
    home,
    env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` },
  })
  server = await services.serve({ port: 0, onLog: (entry) => log.push(entry) })
  const { id = '', secret = '' } = server.madeKey ?? {}
  credentials = { accessKeyId: id, secretAccessKey: secret }
  const options = { endpoint: server.address, region: 'us-west-2', credentials }
  runtime = new BedrockRuntimeClient(options)
  s3 = new S3Client({ ...options, forcePathStyle: true })
}, 60_000)

afterAll(() => {
  collector.close()
  runtime.destroy()
  s3.destroy()
})

const ask = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${server.address}${path}`, { headers })

const valueOf = ({ attributes }: { readonly attributes: readonly Attribute[] }, name: string): unknown => {
  const value = attributes.find(({ key }) => key === name)?.value
  return value === undefined ? undefined : Object.values(value)[0]
}

const metric = (text: string, start: string): number => {
  const line = text.split('\n').find((each) => each.startsWith(start))
  return Number(line?.split(' ').at(-1))
}

/** Headers of a request with a new key, from another machine. */
const bearer = async (allow: string): Promise<Record<string, string>> => {
  const { key = '' } = await services.keys.add({ user: 'prometheus', allow: [allow], bearer: true })
  return { authorization: `Bearer ${key}`, 'x-forwarded-for': '203.0.113.7' }
}

const secretText = 'nobody may ever read this'

describe('a server that answered', () => {
  let requestId: string | undefined

  beforeAll(async () => {
    const { $metadata } = await runtime.send(
      new InvokeModelCommand({
        modelId: haiku,
        body: JSON.stringify({
          anthropic_version: 'bedrock-2023-05-31',
          max_tokens: 4,
          temperature: 0,
          messages: [{ role: 'user', content: secretText }],
        }),
      }),
    )
    requestId = $metadata.requestId
    await runtime
      .send(
        new ConverseCommand({
          modelId: 'no.such-model',
          messages: [{ role: 'user', content: [{ text: secretText }] }],
        }),
      )
      .catch(() => undefined)
    await s3.send(new PutObjectCommand({ Bucket: 'not-there', Key: 'x', Body: 'y' })).catch(() => undefined)
    await s3.send(new ListObjectsV2Command({ Bucket: 'not-there' })).catch(() => undefined)
  }, 60_000)

  test('says in its log who asked what of whom, and never what was said', () => {
    const lines = log.filter(({ message }) => message === 'request')
    expect(lines.find(({ request }) => request === requestId)).toMatchObject({
      level: 'info',
      service: 'bedrock',
      operation: 'InvokeModel',
      method: 'POST',
      key: credentials.accessKeyId,
      status: 200,
      model: 'tiny',
      outputTokens: 4,
      inputTokens: expect.any(Number) as unknown,
      firstTokenMilliseconds: expect.any(Number) as unknown,
      milliseconds: expect.any(Number) as unknown,
      trace: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
    })
    expect(lines.filter((line) => 'hungUp' in line)).toEqual([])
    expect(lines.map(({ operation, status, error }) => [operation, status, error])).toEqual(
      expect.arrayContaining([
        ['Converse', 404, 'ResourceNotFoundException'],
        ['PutObject', 404, 'NoSuchBucket'],
        ['ListObjectsV2', 404, 'NoSuchBucket'],
      ]),
    )
    expect(JSON.stringify(log)).not.toContain(secretText)
    expect(JSON.stringify(log)).not.toContain(credentials.secretAccessKey)
    expect(JSON.stringify(log)).not.toContain('X-Amz-Signature')
  })

  test('counts requests, times and tokens', async () => {
    const response = await ask('/metrics')
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    const text = await response.text()
    const labels = 'service="bedrock",operation="InvokeModel"'
    expect(metric(text, `hone_requests_total{${labels},status="200"}`)).toBe(1)
    expect(metric(text, `hone_request_duration_seconds_count{${labels}}`)).toBe(1)
    expect(metric(text, 'hone_requests_total{service="s3",operation="PutObject",status="404"}')).toBe(1)
    expect(metric(text, 'hone_time_to_first_token_seconds_count{model="tiny"}')).toBe(1)
    expect(metric(text, 'hone_tokens_total{model="tiny",direction="output"}')).toBe(4)
    expect(metric(text, 'hone_tokens_total{model="tiny",direction="input"}')).toBeGreaterThan(0)
    expect(metric(text, 'hone_models_in_memory')).toBe(1)
    expect(metric(text, 'hone_database_up')).toBe(1)
    expect(metric(text, 'hone_requests_in_flight')).toBe(1)
    expect(metric(text, 'process_resident_memory_bytes')).toBeGreaterThan(1e6)
    expect(metric(text, 'hone_event_loop_delay_seconds{quantile="0.99"}')).toBeGreaterThanOrEqual(0)
  })

  test('tells its numbers to this machine, and to keys that may read them', async () => {
    expect((await ask('/metrics', { 'x-forwarded-for': '203.0.113.7' })).status).toBe(403)
    expect((await ask('/metrics', { authorization: 'Bearer hone_nonsense' })).status).toBe(403)
    expect((await ask('/metrics', await bearer('metrics'))).status).toBe(200)
    expect((await ask('/metrics', await bearer('invoke:*'))).status).toBe(403)
  })

  test('is alive and ready', async () => {
    const [alive, ready] = await Promise.all([ask('/healthz'), ask('/readyz')])
    expect([alive.status, await alive.json()]).toEqual([200, { status: 'ok' }])
    expect([ready.status, await ready.json()]).toEqual([
      200,
      { status: 'ready', checks: { database: 'ok', folder: 'ok', draining: 'no' } },
    ])
  })

  test('a signed request reaches the bucket that is called like a probe', async () => {
    const found = await s3
      .send(new ListObjectsV2Command({ Bucket: 'healthz' }))
      .catch((error: unknown) => error)
    expect(found).toMatchObject({ name: 'NoSuchBucket' })
  })

  test('sends its spans, below those of its callers', async () => {
    const caller = { trace: '0af7651916cd43dd8448eb211c80319c', span: 'b7ad6b7169203331' }
    await ask('/healthz', { traceparent: `00-${caller.trace}-${caller.span}-01` })
    await ask('/healthz', { traceparent: `00-${'0'.repeat(32)}-${caller.span}-01` })
    // What is left is sent before a server is closed.
    await server.close()
    const spans = received.flatMap(({ resourceSpans }) =>
      resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)),
    )
    expect(valueOf(received[0]?.resourceSpans[0]?.resource ?? { attributes: [] }, 'service.name')).toBe(
      'hone',
    )
    const request = spans.find(({ name }) => name === 'bedrock InvokeModel')
    const chat = spans.find(({ name }) => name === `chat ${haiku}`)
    expect(request).toBeDefined()
    expect(chat).toMatchObject({ traceId: request?.traceId, parentSpanId: request?.spanId })
    const own = chat ?? { attributes: [] }
    expect(valueOf(own, 'gen_ai.operation.name')).toBe('chat')
    expect(valueOf(own, 'gen_ai.provider.name')).toBe('hone')
    expect(valueOf(own, 'gen_ai.request.model')).toBe(haiku)
    expect(valueOf(own, 'gen_ai.response.model')).toBe('tiny')
    expect(Number(valueOf(own, 'gen_ai.usage.input_tokens'))).toBeGreaterThan(0)
    expect(Number(valueOf(own, 'gen_ai.usage.output_tokens'))).toBe(4)
    expect(valueOf(own, 'gen_ai.response.finish_reasons')).toEqual({ values: [{ stringValue: 'length' }] })
    const probes = spans.filter(({ name }) => name === 'operating healthz')
    expect(probes.filter(({ traceId }) => traceId === caller.trace)).toMatchObject([
      { parentSpanId: caller.span },
    ])
    expect(probes.some(({ traceId }) => /^0+$/.test(traceId))).toBe(false)
    expect(JSON.stringify(received)).not.toContain(secretText)
  }, 30_000)
})
