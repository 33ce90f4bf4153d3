import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { FileObjectStore } from '../../store/objects/file-object-store.ts'
import { InvocationLog, type InvocationLogOptions } from './invocation-log.ts'
import type { Invocation } from './invocation-record.ts'
import type { LoggingDocument } from './logging-document.ts'

const at = Date.UTC(2026, 2, 4, 5, 6, 7, 890)
const destination: LoggingDocument = { bucket: 'logs', prefix: 'a/b', text: true, media: true, given: {} }
const folder = 'a/b/AWSLogs/000000000000/BedrockModelInvocationLogs/us-west-2/2026/03/04/05'
let ids = 0
const invocation = (change: Partial<Invocation> = {}): Invocation => ({
  requestId: `request-${++ids}`,
  at,
  account: '000000000000',
  region: 'us-west-2',
  identity: 'arn:aws:iam::000000000000:user/me',
  operation: 'Converse',
  modelId: 'a.model',
  input: { messages: [] },
  inputTokens: 3,
  output: { output: {} },
  outputTokens: 4,
  errorCode: undefined,
  metadata: undefined,
  hasMedia: false,
  ...change,
})

interface Opened {
  readonly log: InvocationLog
  readonly objects: FileObjectStore
  readonly failures: [string, number][]
  readonly read: () => Promise<Map<string, string>>
}

async function open(change: Partial<InvocationLogOptions> = {}): Promise<Opened> {
  const objects = new FileObjectStore(mkdtempSync(join(tmpdir(), 'hone-log-')))
  await objects.createBucket('logs')
  const failures: [string, number][] = []
  const log = new InvocationLog({
    objects,
    logging: { find: () => Promise.resolve(undefined) },
    now: () => at,
    onFailure: (error, records) => failures.push([String(error), records]),
    ...change,
  })
  const read = async (): Promise<Map<string, string>> => {
    const { objects: listed } = await objects.list('logs', { limit: 100 })
    const texts = listed.map(async ({ key }): Promise<[string, string]> => {
      const { body } = await objects.get('logs', key)
      return [key, gunzipSync(await buffer(body)).toString('utf8')]
    })
    return new Map(await Promise.all(texts))
  }
  return { log, objects, failures, read }
}

test("records come together into one object below the hour's folder", async () => {
  const { log, failures, read } = await open()
  log.add(destination, invocation({ requestId: 'one', metadata: { team: 'claims' } }))
  log.add(
    destination,
    invocation({
      requestId: 'two',
      output: undefined,
      outputTokens: undefined,
      inputTokens: undefined,
      errorCode: 'ThrottlingException',
    }),
  )
  await log[Symbol.asyncDispose]()
  const [[key, text] = ['', ''], ...more] = await read()
  expect(more).toEqual([])
  expect(key).toMatch(new RegExp(`^${folder}/20260304T050607890Z_[0-9a-f]{16}\\.json\\.gz$`))
  const records = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
  expect(records).toEqual([
    {
      schemaType: 'ModelInvocationLog',
      schemaVersion: '1.0',
      timestamp: '2026-03-04T05:06:07Z',
      accountId: '000000000000',
      identity: { arn: 'arn:aws:iam::000000000000:user/me' },
      region: 'us-west-2',
      requestId: 'one',
      operation: 'Converse',
      modelId: 'a.model',
      input: { inputContentType: 'application/json', inputBodyJson: { messages: [] }, inputTokenCount: 3 },
      output: { outputContentType: 'application/json', outputBodyJson: { output: {} }, outputTokenCount: 4 },
      requestMetadata: { team: 'claims' },
    },
    expect.objectContaining({
      errorCode: 'ThrottlingException',
      input: { inputContentType: 'application/json', inputBodyJson: { messages: [] } },
    }),
  ])
  expect(records[1]).not.toHaveProperty('output')
  expect(log.counts).toEqual({ written: 2, failed: 0 })
  expect(failures).toEqual([])
})

test('a large body lies in an object of its own, named by the record', async () => {
  const { log, read } = await open()
  const input = { inputText: 'x'.repeat(110_000) }
  log.add(destination, invocation({ requestId: 'large', input }))
  await log.flush()
  const objects = await read()
  const key = `${folder}/data/large_input.json.gz`
  expect(JSON.parse(objects.get(key) ?? '')).toEqual(input)
  const [line = ''] = [...objects].filter(([name]) => name !== key).map(([, text]) => text)
  expect(JSON.parse(line)).toMatchObject({
    input: { inputBodyS3Path: `s3://logs/${key}` },
    output: { outputBodyJson: { output: {} } },
  })
  expect(line).not.toContain('xxxx')
})

test.each([
  [{ text: false }, {}],
  [{ media: false }, { hasMedia: true }],
])('bodies are left out where %j', async (flags, change) => {
  const { log, read } = await open()
  log.add({ ...destination, ...flags }, invocation(change))
  await log.flush()
  const [text = ''] = (await read()).values()
  const record = JSON.parse(text) as Record<string, unknown>
  expect(record['input']).toEqual({ inputContentType: 'application/json', inputTokenCount: 3 })
  expect(record['output']).toEqual({ outputContentType: 'application/json', outputTokenCount: 4 })
})

test('records are written when there are many, and by themselves after a time', async () => {
  const many = await open({ flushBytes: 1000 })
  for (let count = 0; count < 10; count++) many.log.add(destination, invocation())
  await many.log.flush()
  expect((await many.read()).size).toBeGreaterThan(2)
  const slow = await open({ flushEvery: 1 })
  slow.log.add(destination, invocation())
  await expect.poll(() => slow.log.counts.written).toBe(1)
})

test('what is more than may wait is dropped and said, and a bucket that is gone fails nobody', async () => {
  const { log, failures } = await open({ mostBytes: 1500 })
  for (let count = 0; count < 10; count++) log.add(destination, invocation())
  await log.flush()
  const { written, failed } = log.counts
  expect(written + failed).toBe(10)
  expect(written).toBeGreaterThan(0)
  expect(failures).toEqual([[expect.stringContaining('1500 bytes'), failed]])
  log.add({ ...destination, bucket: 'gone' }, invocation())
  await log.flush()
  expect(failures.at(-1)).toEqual([expect.stringContaining('bucket does not exist'), 1])
  log.add(destination, invocation())
  await log.flush()
  expect(log.counts).toEqual({ written: written + 1, failed: failed + 1 })
})

test('a configuration is asked for now and then, and at once when it has changed', async () => {
  let asked = 0
  let now = 0
  const document = { ...destination }
  const { log } = await open({
    now: () => now,
    logging: {
      find: (region) => {
        asked++
        if (asked === 4) return Promise.reject(new Error('no database'))
        const resource = {
          id: region,
          name: region,
          state: 'active',
          parent: null,
          createdAt: 0,
          updatedAt: 0,
        }
        return Promise.resolve(asked === 1 ? undefined : { ...resource, document })
      },
    },
  })
  expect([await log.find('r'), await log.find('r'), asked]).toEqual([undefined, undefined, 1])
  log.forget('r')
  expect(await log.find('r')).toBe(document)
  now = 5000
  expect([await log.find('r'), asked]).toEqual([document, 3])
  now = 10_000
  // What was known last still holds where the database cannot be asked.
  expect([await log.find('r'), asked]).toEqual([document, 4])
})
