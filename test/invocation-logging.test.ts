import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import {
  type BedrockClient,
  CreateModelInvocationJobCommand,
  DeleteModelInvocationLoggingConfigurationCommand,
  GetModelInvocationJobCommand,
  GetModelInvocationLoggingConfigurationCommand,
  PutModelInvocationLoggingConfigurationCommand,
  type LoggingConfig,
} from '@aws-sdk/client-bedrock'
import {
  type BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime'
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dataImport } from '../src/service/data/data-import.ts'
import { awsClients } from './testing/aws-clients.ts'
import { startServer, type TestServer } from './testing/start-server.ts'
import { tinyHome } from './testing/tiny-home.ts'

const haiku = 'anthropic.claude-3-haiku-20240307-v1:0'
const llama = 'meta.llama3-1-8b-instruct-v1:0'

let server: TestServer
let s3: S3Client
let bedrock: BedrockClient
let runtime: BedrockRuntimeClient

beforeAll(async () => {
  server = await startServer(await tinyHome())
  ;({ s3, bedrock, runtime } = awsClients(server))
  await s3.send(new CreateBucketCommand({ Bucket: 'logs' }))
}, 60_000)

afterAll(async () => {
  for (const client of [s3, bedrock, runtime]) client.destroy()
  await server[Symbol.asyncDispose]()
})

const put = (loggingConfig: LoggingConfig): Promise<object> =>
  bedrock.send(new PutModelInvocationLoggingConfigurationCommand({ loggingConfig }))

const anthropic = (content: string): string =>
  JSON.stringify({
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: 4,
    temperature: 0,
    system: 'Be short.',
    messages: [{ role: 'user', content }],
  })

interface LoggedRecord {
  readonly operation: string
  readonly requestId: string
  readonly errorCode?: string
  readonly input: Readonly<Record<string, unknown>>
  readonly output?: Readonly<Record<string, unknown>>
  readonly requestMetadata?: object
}

/** Objects of the log below a prefix, unpacked. */
async function logged(prefix: string): Promise<{ keys: string[]; texts: string[]; records: LoggedRecord[] }> {
  await server.parts.invocations.flush()
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'logs', Prefix: prefix }))
  const keys = Contents.map(({ Key = '' }) => Key)
  const texts: string[] = []
  for (const Key of keys) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'logs', Key }))
    texts.push(gunzipSync((await Body?.transformToByteArray()) ?? Buffer.alloc(0)).toString('utf8'))
  }
  const lines = texts
    .filter((_, at) => !keys[at]?.includes('/data/'))
    .flatMap((text) => text.trim().split('\n'))
  return { keys, texts, records: lines.map((line) => JSON.parse(line) as LoggedRecord) }
}

test('a configuration is kept as it was given, and refused where it could not work', async () => {
  const get = async (): Promise<LoggingConfig | undefined> =>
    (await bedrock.send(new GetModelInvocationLoggingConfigurationCommand({}))).loggingConfig
  expect(await get()).toBeUndefined()
  const cloudWatchConfig = { logGroupName: 'g', roleArn: 'arn:aws:iam::000000000000:role/R' }
  await expect(put({ cloudWatchConfig })).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining('CloudWatch'),
  })
  for (const config of [
    {},
    { s3Config: { bucketName: 'none-such' } },
    { s3Config: { bucketName: '../../logs' } },
  ]) {
    await expect(put(config)).rejects.toMatchObject({ name: 'ValidationException' })
  }
  const config = { s3Config: { bucketName: 'logs', keyPrefix: 'first/' }, textDataDeliveryEnabled: true }
  await put(config)
  expect(await get()).toEqual(config)
  await bedrock.send(new DeleteModelInvocationLoggingConfigurationCommand({}))
  expect(await get()).toBeUndefined()
  expect((await logged('')).keys).toEqual([])
})

test('every way to ask is logged, and the log is read back as examples', async () => {
  await put({ s3Config: { bucketName: 'logs', keyPrefix: 'all' } })
  const body = anthropic('ab red')
  const answer = await runtime.send(new InvokeModelCommand({ modelId: haiku, body }))
  const { content } = JSON.parse(Buffer.from(answer.body).toString('utf8')) as { content: { text: string }[] }
  const said = content[0]?.text ?? ''
  const streamed = await runtime.send(new InvokeModelWithResponseStreamCommand({ modelId: haiku, body }))
  for await (const _ of streamed.body ?? []);
  const messages = [{ role: 'user' as const, content: [{ text: 'ab red' }] }]
  const system = [{ text: 'Be short.' }]
  const inferenceConfig = { maxTokens: 4, temperature: 0 }
  const spoken = { modelId: haiku, system, messages, inferenceConfig }
  await runtime.send(new ConverseCommand({ ...spoken, requestMetadata: { team: 'claims' } }))
  const spokenStream = await runtime.send(new ConverseStreamCommand(spoken))
  for await (const _ of spokenStream.stream ?? []);
  const prompt =
    '<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nab red<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n'
  const llamaBody = JSON.stringify({ prompt, max_gen_len: 4, temperature: 0 })
  await runtime.send(new InvokeModelCommand({ modelId: llama, body: llamaBody }))
  const llamaStream = await runtime.send(
    new InvokeModelWithResponseStreamCommand({ modelId: llama, body: llamaBody }),
  )
  for await (const _ of llamaStream.body ?? []);

  const { keys, texts, records } = await logged('all/')
  expect(keys).toHaveLength(1)
  expect(keys[0]).toMatch(
    /^all\/AWSLogs\/000000000000\/BedrockModelInvocationLogs\/us-west-2\/\d{4}\/\d\d\/\d\d\/\d\d\/[\dTZ]+_[0-9a-f]{16}\.json\.gz$/,
  )
  expect(records.map(({ operation }) => operation)).toEqual([
    'InvokeModel',
    'InvokeModelWithResponseStream',
    'Converse',
    'ConverseStream',
    'InvokeModel',
    'InvokeModelWithResponseStream',
  ])
  expect(records[0]).toMatchObject({
    schemaType: 'ModelInvocationLog',
    modelId: haiku,
    requestId: answer.$metadata.requestId,
    identity: { arn: expect.stringContaining('user/developer') },
    input: { inputBodyJson: JSON.parse(body), inputTokenCount: expect.any(Number) },
    output: { outputBodyJson: { type: 'message', content }, outputTokenCount: 4 },
  })
  const events = records[1]?.output?.['outputBodyJson'] as { type: string }[]
  expect([events[0]?.type, events.at(-1)?.type]).toEqual(['message_start', 'message_stop'])
  expect(records[2]).toMatchObject({ requestMetadata: { team: 'claims' } })
  expect(records[3]).toMatchObject({
    output: {
      outputBodyJson: { output: { message: { content: [{ text: said }] } }, usage: { outputTokens: 4 } },
    },
  })

  const folder = mkdtempSync(join(tmpdir(), 'hone-log-import-'))
  const log = join(folder, '20260101T000000000Z_0011223344556677.json')
  writeFileSync(log, texts.join(''))
  const to = join(folder, 'examples.jsonl')
  const imported = await dataImport({ files: [log], to })
  expect(imported).toMatchObject({ records: 6, refused: 0 })
  const examples = readFileSync(to, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object)
  const asked = { role: 'user', content: 'ab red' }
  const whole = [{ role: 'system', content: 'Be short.' }, asked, { role: 'assistant', content: said }]
  for (const example of examples.slice(0, 4)) expect(example).toMatchObject({ messages: whole })
  expect(examples[5]).toEqual(examples[4])
  expect(examples[4]).toMatchObject({ messages: [asked, { role: 'assistant' }] })
  expect(server.failures).toEqual([])
}, 60_000)

test('rows of a batch are logged, large bodies apart, and requests that fail with their code', async () => {
  await put({ s3Config: { bucketName: 'logs', keyPrefix: 'batch' } })
  const modelInput = JSON.parse(anthropic('ab')) as object
  await s3.send(
    new PutObjectCommand({ Bucket: 'logs', Key: 'rows.jsonl', Body: `${JSON.stringify({ modelInput })}\n` }),
  )
  const { jobArn } = await bedrock.send(
    new CreateModelInvocationJobCommand({
      jobName: 'logged',
      roleArn: 'arn:aws:iam::000000000000:role/Batch',
      modelId: haiku,
      inputDataConfig: { s3InputDataConfig: { s3Uri: 's3://logs/rows.jsonl' } },
      outputDataConfig: { s3OutputDataConfig: { s3Uri: 's3://logs/out' } },
    }),
  )
  await expect
    .poll(
      async () => (await bedrock.send(new GetModelInvocationJobCommand({ jobIdentifier: jobArn }))).status,
      { timeout: 30_000 },
    )
    .toBe('Completed')
  await expect(
    runtime.send(new InvokeModelCommand({ modelId: haiku, body: '{"nothing":1}' })),
  ).rejects.toMatchObject({ name: 'ValidationException' })
  await expect(
    runtime.send(new InvokeModelCommand({ modelId: 'nothing.like-it', body: '{}' })),
  ).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  const long = anthropic('ab '.repeat(50_000))
  await expect(runtime.send(new InvokeModelCommand({ modelId: haiku, body: long }))).rejects.toMatchObject({
    name: 'ValidationException',
  })
  const { keys, texts, records } = await logged('batch/')
  expect(records.map(({ errorCode }) => errorCode)).toEqual([
    undefined,
    'ValidationException',
    'ResourceNotFoundException',
    'ValidationException',
  ])
  expect(records[0]).toMatchObject({ operation: 'InvokeModel', input: { inputBodyJson: modelInput } })
  const apart = keys.findIndex((key) => key.endsWith(`/data/${records[3]?.requestId}_input.json.gz`))
  expect(texts[apart]).toBe(long)
  expect(records[3]?.input['inputBodyS3Path']).toBe(`s3://logs/${keys[apart]}`)
}, 60_000)

test('without the delivery of texts only the counts are logged', async () => {
  await put({ s3Config: { bucketName: 'logs', keyPrefix: 'bare' }, textDataDeliveryEnabled: false })
  await runtime.send(new InvokeModelCommand({ modelId: haiku, body: anthropic('ab secret') }))
  const { texts, records } = await logged('bare/')
  expect(records).toHaveLength(1)
  expect(records[0]?.input).toEqual({
    inputContentType: 'application/json',
    inputTokenCount: expect.any(Number),
  })
  expect(texts.join('')).not.toContain('secret')
})

test('a stream that the client leaves is logged as such', async () => {
  await put({ s3Config: { bucketName: 'logs', keyPrefix: 'left' } })
  const body = JSON.stringify({ ...(JSON.parse(anthropic('ab')) as object), max_tokens: 400 })
  const abortController = new AbortController()
  const { body: events } = await runtime.send(
    new InvokeModelWithResponseStreamCommand({ modelId: haiku, body }),
    { abortSignal: abortController.signal },
  )
  const reading = (async (): Promise<void> => {
    for await (const _ of events ?? []) {
      abortController.abort()
      break
    }
  })()
  await reading.catch(() => undefined)
  await expect.poll(async () => (await logged('left/')).records[0]?.errorCode).toBe('ClientDisconnected')
}, 30_000)
