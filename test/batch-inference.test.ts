import { setTimeout as pause } from 'node:timers/promises'
import {
  type BedrockClient,
  CreateModelInvocationJobCommand,
  GetModelInvocationJobCommand,
  ListModelInvocationJobsCommand,
  ListTagsForResourceCommand,
  StopModelInvocationJobCommand,
  type CreateModelInvocationJobCommandInput,
  type GetModelInvocationJobCommandOutput,
} from '@aws-sdk/client-bedrock'
import { type BedrockRuntimeClient, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime'
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { awsClients } from './testing/aws-clients.ts'
import { startServer, type TestServer } from './testing/start-server.ts'
import { tinyHome, type TinyHome } from './testing/tiny-home.ts'

const haiku = 'anthropic.claude-3-haiku-20240307-v1:0'

let home: TinyHome
let server: TestServer
let s3: S3Client
let bedrock: BedrockClient
let runtime: BedrockRuntimeClient

beforeAll(async () => {
  home = await tinyHome()
  server = await startServer(home)
  ;({ s3, bedrock, runtime } = awsClients(server))
  await s3.send(new CreateBucketCommand({ Bucket: 'batches' }))
}, 60_000)

afterAll(async () => {
  for (const client of [s3, bedrock, runtime]) client.destroy()
  await server[Symbol.asyncDispose]()
})

const asked = (word: string, tokens = 4): object => ({
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: tokens,
  temperature: 0,
  messages: [{ role: 'user', content: `ab ${word}` }],
})

async function put(key: string, records: readonly object[]): Promise<void> {
  const body = records.map((record) => `${JSON.stringify(record)}\n`).join('')
  await s3.send(new PutObjectCommand({ Bucket: 'batches', Key: key, Body: body }))
}

async function get(key: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'batches', Key: key }))
  return (await Body?.transformToString()) ?? ''
}

let names = 0
const request = (
  uri: string,
  change: Partial<CreateModelInvocationJobCommandInput> = {},
): CreateModelInvocationJobCommandInput => ({
  jobName: `batch-${++names}`,
  roleArn: 'arn:aws:iam::000000000000:role/Batch',
  modelId: haiku,
  inputDataConfig: { s3InputDataConfig: { s3Uri: uri, s3InputFormat: 'JSONL' } },
  outputDataConfig: { s3OutputDataConfig: { s3Uri: 's3://batches/out/' } },
  ...change,
})

async function finished(jobIdentifier = ''): Promise<GetModelInvocationJobCommandOutput> {
  for (;;) {
    const job = await bedrock.send(new GetModelInvocationJobCommand({ jobIdentifier }))
    if (job.endTime !== undefined) return job
    await pause(50)
  }
}

interface OutputRow {
  readonly recordId: string
  readonly modelInput: object
  readonly modelOutput?: { readonly content: object; readonly output: { readonly message: object } }
  readonly error?: { readonly errorCode: number; readonly errorMessage: string }
}

test('records are answered as InvokeModel answers them, with an error for each that it would refuse', async () => {
  const words = ['red', 'green', 'blue']
  const records = words.map((word) => ({ recordId: `id-${word}`, modelInput: asked(word) }))
  await put('in/rows.jsonl', [...records, { modelInput: { ...asked('x'), extra: true } }])
  const { jobArn } = await bedrock.send(
    new CreateModelInvocationJobCommand(
      request('s3://batches/in/rows.jsonl', { tags: [{ key: 'team', value: 'claims' }] }),
    ),
  )
  expect(jobArn).toMatch(/^arn:aws:bedrock:us-west-2:\d{12}:model-invocation-job\/[a-z0-9]{12}$/)
  const job = await finished(jobArn)
  expect(job).toMatchObject({
    status: 'Completed',
    jobArn,
    modelId: haiku,
    modelInvocationType: 'InvokeModel',
    timeoutDurationInHours: 24,
    totalRecordCount: 4,
    processedRecordCount: 4,
    successRecordCount: 3,
    errorRecordCount: 1,
    inputDataConfig: { s3InputDataConfig: { s3Uri: 's3://batches/in/rows.jsonl' } },
  })
  const submitted = job.submitTime?.getTime() ?? 0
  expect((job.jobExpirationTime?.getTime() ?? 0) - submitted).toBe(24 * 3_600_000)
  expect(job.endTime?.getTime()).toBeGreaterThanOrEqual(submitted)
  const id = jobArn?.split('/').at(-1) ?? ''
  expect((await bedrock.send(new GetModelInvocationJobCommand({ jobIdentifier: id }))).jobArn).toBe(jobArn)
  const { tags } = await bedrock.send(new ListTagsForResourceCommand({ resourceARN: jobArn }))
  expect(tags).toEqual([{ key: 'team', value: 'claims' }])

  const rows = (await get(`out/${id}/rows.jsonl.out`))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as OutputRow)
  expect(rows.map(({ recordId }) => recordId).slice(0, 3)).toEqual(['id-red', 'id-green', 'id-blue'])
  for (const [at, word] of words.entries()) {
    const { body } = await runtime.send(
      new InvokeModelCommand({ modelId: haiku, body: JSON.stringify(asked(word)) }),
    )
    const alone = JSON.parse(Buffer.from(body).toString('utf8')) as { content: object; usage: object }
    expect(rows[at]).toMatchObject({
      modelInput: asked(word),
      modelOutput: { type: 'message', content: alone.content, usage: alone.usage },
    })
  }
  expect(rows[3]?.recordId).toMatch(/^[0-9A-Z]{11}$/)
  expect(rows[3]?.error).toEqual({ errorCode: 400, errorMessage: expect.stringContaining('extra') })
  expect(JSON.parse(await get(`out/${id}/manifest.json.out`))).toMatchObject({
    totalRecordCount: 4,
    successRecordCount: 3,
    errorRecordCount: 1,
    outputTokenCount: 12,
  })
  expect(server.failures).toEqual([])
}, 60_000)

test('records of Converse, in every file below a prefix', async () => {
  const modelInput = {
    messages: [{ role: 'user', content: [{ text: 'ab cd' }] }],
    inferenceConfig: { maxTokens: 3, temperature: 0 },
  }
  await put('many/a.jsonl', [{ recordId: 'a', modelInput }])
  await put('many/b.jsonl', [{ recordId: 'b', modelInput }])
  const { jobArn } = await bedrock.send(
    new CreateModelInvocationJobCommand(
      request('s3://batches/many/', { modelInvocationType: 'Converse', modelId: 'amazon.nova-lite-v1:0' }),
    ),
  )
  expect(await finished(jobArn)).toMatchObject({ status: 'Completed', successRecordCount: 2 })
  const id = jobArn?.split('/').at(-1)
  const { Contents = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket: 'batches', Prefix: `out/${id}/` }),
  )
  expect(Contents.map(({ Key }) => Key)).toEqual([
    `out/${id}/a.jsonl.out`,
    `out/${id}/b.jsonl.out`,
    `out/${id}/manifest.json.out`,
  ])
  expect(JSON.parse(await get(`out/${id}/a.jsonl.out`))).toMatchObject({
    recordId: 'a',
    modelOutput: {
      output: { message: { role: 'assistant' } },
      stopReason: 'max_tokens',
      usage: { outputTokens: 3 },
    },
  })
}, 60_000)

test('records that are none fail the job with their place', async () => {
  await put('bad.jsonl', [{ modelInput: asked('red') }, { body: asked('red') }])
  const { jobArn } = await bedrock.send(
    new CreateModelInvocationJobCommand(request('s3://batches/bad.jsonl')),
  )
  const job = await finished(jobArn)
  expect(job).toMatchObject({ status: 'Failed', message: expect.stringMatching(/line 2.*modelInput/) })
  const none = await bedrock.send(new CreateModelInvocationJobCommand(request('s3://batches/none.jsonl')))
  expect((await finished(none.jobArn)).message).toContain('GetObject permissions')
}, 60_000)

test.each([
  ['an unknown model', { modelId: 'nothing.like-it' }, 'ResourceNotFoundException'],
  [
    'a throughput',
    { modelId: 'arn:aws:bedrock:us-west-2:000000000000:provisioned-model/abcdefghijkl' },
    'ValidationException',
  ],
  ['a short time', { timeoutDurationInHours: 1 }, 'ValidationException'],
  ['a name with an underscore', { jobName: 'a_b' }, 'ValidationException'],
  ['a body that is not read here', { modelId: 'cohere.command-text-v14' }, 'ValidationException'],
  [
    "somebody else's bucket",
    {
      outputDataConfig: { s3OutputDataConfig: { s3Uri: 's3://batches/x', s3BucketOwner: '111122223333' } },
    },
    'ValidationException',
  ],
])('a job with %s is refused', async (_, change, name) => {
  await expect(
    bedrock.send(new CreateModelInvocationJobCommand(request('s3://batches/in/rows.jsonl', change))),
  ).rejects.toMatchObject({ name })
})

test('the same request twice makes one job; its name is taken, and so is its token', async () => {
  const once = request('s3://batches/many/', {
    clientRequestToken: 'token-of-the-batch',
    modelInvocationType: 'Converse',
  })
  const first = await bedrock.send(new CreateModelInvocationJobCommand(once))
  const second = await bedrock.send(new CreateModelInvocationJobCommand(once))
  expect(second.jobArn).toBe(first.jobArn)
  const { clientRequestToken, jobName } = once
  const other = { modelInvocationType: 'Converse' as const }
  for (const change of [{ clientRequestToken }, { jobName }]) {
    await expect(
      bedrock.send(new CreateModelInvocationJobCommand(request('s3://batches/in/', { ...other, ...change }))),
    ).rejects.toMatchObject({ name: 'ConflictException' })
  }
  expect((await finished(first.jobArn)).clientRequestToken).toBe(clientRequestToken)
}, 60_000)

test('a job is stopped once', async () => {
  const records = Array.from({ length: 400 }, (_, at) => ({
    recordId: `r${at}`,
    modelInput: asked(`w${at}`, 40),
  }))
  await put('long.jsonl', records)
  const { jobArn } = await bedrock.send(
    new CreateModelInvocationJobCommand(request('s3://batches/long.jsonl')),
  )
  await bedrock.send(new StopModelInvocationJobCommand({ jobIdentifier: jobArn }))
  const job = await finished(jobArn)
  expect(job.status).toBe('Stopped')
  await expect(
    bedrock.send(new StopModelInvocationJobCommand({ jobIdentifier: jobArn })),
  ).rejects.toMatchObject({ name: 'ConflictException' })
  await expect(
    bedrock.send(new StopModelInvocationJobCommand({ jobIdentifier: 'abcdefghijkl' })),
  ).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
}, 60_000)

test('lists are paged, also under a filter that is found among many', async () => {
  const all: string[] = []
  const failed: string[] = []
  for (const [into, statusEquals] of [
    [all, undefined],
    [failed, 'Failed'],
  ] as const) {
    let nextToken: string | undefined
    do {
      const page = await bedrock.send(
        new ListModelInvocationJobsCommand({ maxResults: 1, nextToken, statusEquals }),
      )
      into.push(...(page.invocationJobSummaries ?? []).map(({ jobName }) => jobName ?? ''))
      nextToken = page.nextToken
    } while (nextToken !== undefined)
  }
  expect(new Set(all).size).toBe(all.length)
  expect(all.length).toBeGreaterThan(5)
  expect(failed).toHaveLength(2)
  const found = await bedrock.send(
    new ListModelInvocationJobsCommand({
      nameContains: 'batch-1',
      submitTimeAfter: new Date(Date.now() - 3_600_000),
    }),
  )
  expect(found.invocationJobSummaries?.[0]).toMatchObject({
    roleArn: expect.any(String),
    modelId: expect.any(String),
  })
  const none = await bedrock.send(new ListModelInvocationJobsCommand({ submitTimeBefore: new Date(0) }))
  expect(none.invocationJobSummaries).toEqual([])
})

test('a job outlives its server, and no record is answered twice', async () => {
  const records = Array.from({ length: 300 }, (_, at) => ({
    recordId: `r${at}`,
    modelInput: asked(`w${at}`),
  }))
  await put('survives.jsonl', records)
  const { jobArn } = await bedrock.send(
    new CreateModelInvocationJobCommand(request('s3://batches/survives.jsonl')),
  )
  const before = server.parts.inference
  while (before.underWay === 0) await pause(1)
  await server[Symbol.asyncDispose]()
  server = await startServer(home)
  for (const client of [s3, bedrock, runtime]) client.destroy()
  ;({ s3, bedrock, runtime } = awsClients(server))
  expect(await finished(jobArn)).toMatchObject({ status: 'Completed', successRecordCount: 300 })
  const id = jobArn?.split('/').at(-1) ?? ''
  expect((await server.parts.batch.find(id))?.attempts).toBe(2)
  const rows = (await get(`out/${id}/survives.jsonl.out`)).trim().split('\n')
  expect(new Set(rows.map((row) => (JSON.parse(row) as OutputRow).recordId)).size).toBe(300)
  expect(rows).toHaveLength(300)
}, 60_000)
