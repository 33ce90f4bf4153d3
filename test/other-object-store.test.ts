import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import {
  BedrockClient,
  CreateModelCustomizationJobCommand,
  GetModelCustomizationJobCommand,
  type GetModelCustomizationJobCommandOutput,
} from '@aws-sdk/client-bedrock'
import { ListBucketsCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import OpenAI, { toFile } from 'openai'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createServices } from '../src/compose.ts'
import {
  accessKeyId,
  secretAccessKey,
  startAwsServer,
  type TestServer,
} from '../src/server/testing/start-aws-server.ts'
import type { RunningServer } from '../src/service/serving/running-server.ts'
import { colourLines, tinyHome, type TinyHome } from './testing/tiny-home.ts'

/** The S3 that is not the server's own. */
let other: TestServer
let s3: S3Client
let home: TinyHome

const keyNames = ['HONE_OBJECTS_ACCESS_KEY_ID', 'HONE_OBJECTS_SECRET_ACCESS_KEY'] as const

beforeAll(async () => {
  other = await startAwsServer()
  home = await tinyHome()
  s3 = new S3Client({
    endpoint: other.endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: true,
  })
  await other.store.createBucket('elsewhere')
  const put = (Key: string, Body: string): Promise<unknown> =>
    s3.send(new PutObjectCommand({ Bucket: 'elsewhere', Key, Body }))
  await put('train.jsonl', colourLines(48, 1))
  await put('val.jsonl', colourLines(12, 2))
  const settings = [
    'schema: 1',
    'listen: { port: 0 }',
    'models: { default: tiny }',
    `objects: { endpoint: '${other.endpoint}', region: eu-central-1 }`,
  ]
  writeFileSync(join(home.home, 'hone.server.yaml'), `${settings.join('\n')}\n`)
}, 60_000)

afterAll(async () => {
  s3.destroy()
  await other[Symbol.asyncDispose]()
})

beforeEach(() => {
  process.env[keyNames[0]] = accessKeyId
  process.env[keyNames[1]] = secretAccessKey
})
afterEach(() => {
  for (const name of keyNames) delete process.env[name]
})

const serve = (): Promise<RunningServer> => createServices({ home: home.home }).serve({})

test('a job reads from and writes to an S3 that is not the server’s own', async () => {
  const server = await serve()
  const { id = '', secret = '' } = server.madeKey ?? {}
  const options = {
    endpoint: server.address,
    region: 'us-west-2',
    credentials: { accessKeyId: id, secretAccessKey: secret },
  }
  const bedrock = new BedrockClient(options)
  const run = async (jobName: string, data: string): Promise<GetModelCustomizationJobCommandOutput> => {
    await bedrock.send(
      new CreateModelCustomizationJobCommand({
        jobName,
        customModelName: jobName,
        roleArn: 'arn:aws:iam::000000000000:role/Tuning',
        baseModelIdentifier: 'anthropic.claude-3-haiku-20240307-v1:0:200k',
        trainingDataConfig: { s3Uri: `s3://elsewhere/${data}` },
        validationDataConfig: { validators: [{ s3Uri: 's3://elsewhere/val.jsonl' }] },
        outputDataConfig: { s3Uri: 's3://elsewhere/out' },
        hyperParameters: { epochCount: '1', batchSize: '8' },
      }),
    )
    for (;;) {
      const job = await bedrock.send(new GetModelCustomizationJobCommand({ jobIdentifier: jobName }))
      if (job.status !== 'InProgress') return job
      await pause(200)
    }
  }
  try {
    const job = await run('other', 'train.jsonl')
    expect(job).toMatchObject({ status: 'Completed' })
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'elsewhere', Prefix: 'out/' }))
    const folder = `out/model-customization-job-${job.jobArn?.split('/').at(-1)}`
    expect(Contents.map(({ Key }) => Key)).toEqual([
      `${folder}/training_artifacts/step_wise_training_metrics.csv`,
      `${folder}/validation_artifacts/post_fine_tuning_validation/validation/validation_metrics.csv`,
      `${folder}/validation_artifacts/post_fine_tuning_validation/validation_metrics.csv`,
    ])
    expect(await run('missing', 'none.jsonl')).toMatchObject({
      status: 'Failed',
      failureMessage: expect.stringContaining('bucket: elsewhere at key none.jsonl'),
    })
    const openai = new OpenAI({ apiKey: server.madeKey?.bearer ?? '', baseURL: `${server.address}/v1` })
    const file = await toFile(Buffer.from('{}\n'), 'a.jsonl')
    const { id: fileId } = await openai.files.create({ file, purpose: 'batch' })
    expect(await (await openai.files.content(fileId)).text()).toBe('{}\n')
    const files = await s3.send(new ListObjectsV2Command({ Bucket: 'hone-files' }))
    expect(files.Contents?.map(({ Key }) => Key)).toContain(`${fileId.slice('file-'.length)}.jsonl`)
    // What is uploaded here would be seen by no job.
    const own = new S3Client({ ...options, forcePathStyle: true })
    await expect(own.send(new ListBucketsCommand({}))).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining(other.endpoint),
    })
    own.destroy()
  } finally {
    bedrock.destroy()
    await server.close()
  }
  expect(other.failures).toEqual([])
}, 120_000)

test('half a key pair is told when the server starts', async () => {
  delete process.env[keyNames[1]]
  await expect(serve()).rejects.toMatchObject({
    code: 'E_CONFIG',
    hint: expect.stringContaining(keyNames[1]),
  })
})
