import { setTimeout as pause } from 'node:timers/promises'
import {
  BedrockClient,
  CreateModelCustomizationJobCommand,
  CreateProvisionedModelThroughputCommand,
  DeleteCustomModelCommand,
  DeleteProvisionedModelThroughputCommand,
  GetModelCustomizationJobCommand,
  GetProvisionedModelThroughputCommand,
  UpdateProvisionedModelThroughputCommand,
} from '@aws-sdk/client-bedrock'
import {
  ConverseStreamCommand,
  InvokeModelCommand,
  type BedrockRuntimeClient,
} from '@aws-sdk/client-bedrock-runtime'
import { CreateBucketCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { awsClients } from './testing/aws-clients.ts'
import { startServer, type TestServer } from './testing/start-server.ts'
import { colourLines, tinyHome } from './testing/tiny-home.ts'

const haiku = 'anthropic.claude-3-haiku-20240307-v1:0:200k'

/** Milliseconds by which the server's clock, and that of its clients, is ahead. */
let ahead = 0
let server: TestServer
let s3: S3Client
let bedrock: BedrockClient
let runtime: BedrockRuntimeClient

beforeAll(async () => {
  server = await startServer({ ...(await tinyHome()), now: () => Date.now() + ahead })
  ;({ s3, bedrock, runtime } = awsClients(server))
}, 60_000)
afterAll(async () => {
  for (const client of [s3, bedrock, runtime]) client.destroy()
  await server[Symbol.asyncDispose]()
})

/** The name of a model that was tuned for so long. */
async function tuned(name: string, epochCount: string): Promise<string> {
  const { jobArn } = await bedrock.send(
    new CreateModelCustomizationJobCommand({
      jobName: name,
      customModelName: name,
      roleArn: 'arn:aws:iam::000000000000:role/Tuning',
      baseModelIdentifier: haiku,
      trainingDataConfig: { s3Uri: 's3://siblings/train.jsonl' },
      outputDataConfig: { s3Uri: 's3://siblings/out' },
      hyperParameters: { epochCount, batchSize: '8', learningRateMultiplier: '2' },
    }),
  )
  for (;;) {
    const { status } = await bedrock.send(new GetModelCustomizationJobCommand({ jobIdentifier: jobArn }))
    if (status === 'Completed') return name
    if (status !== 'InProgress') throw new Error(`the job of ${name} is ${status}`)
    await pause(50)
  }
}

const content = 'ab cd red'

const invoke = async (modelId: string): Promise<string> => {
  const body = JSON.stringify({
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: 6,
    temperature: 0,
    messages: [{ role: 'user', content }],
  })
  const answer = await runtime.send(new InvokeModelCommand({ modelId, body }))
  return (
    (JSON.parse(answer.body.transformToString()) as { content: { text: string }[] }).content[0]?.text ?? ''
  )
}

const stream = async (modelId: string): Promise<string> => {
  const answer = await runtime.send(
    new ConverseStreamCommand({
      modelId,
      messages: [{ role: 'user', content: [{ text: content }] }],
      inferenceConfig: { maxTokens: 6, temperature: 0 },
    }),
  )
  let text = ''
  let ends = 0
  for await (const event of answer.stream ?? []) {
    text += event.contentBlockDelta?.delta?.text ?? ''
    if (event.messageStop !== undefined) ends++
  }
  if (ends !== 1) throw new Error(`a stream that ended ${ends} times`)
  return text
}

test('a throughput is pointed to another model while it answers, and drops no request', async () => {
  await s3.send(new CreateBucketCommand({ Bucket: 'siblings' }))
  const Body = colourLines(48, 1)
  await s3.send(new PutObjectCommand({ Bucket: 'siblings', Key: 'train.jsonl', Body }))
  const [blue, green] = [await tuned('blue', '1'), await tuned('green', '10')]
  const provision = async (provisionedModelName: string, modelId: string): Promise<string> => {
    const { provisionedModelArn = '' } = await bedrock.send(
      new CreateProvisionedModelThroughputCommand({ modelUnits: 20, provisionedModelName, modelId }),
    )
    return provisionedModelArn
  }
  const live = await provision('live', blue)
  const other = await provision('other', green)
  const texts = { blue: await invoke(live), green: await invoke(other) }
  expect(texts.green).not.toBe(texts.blue)
  await bedrock.send(new DeleteProvisionedModelThroughputCommand({ provisionedModelId: other }))

  const counts = new Map<string, number>()
  const over = new AbortController()
  const clients = Array.from({ length: 12 }, async (_, at) => {
    const ask = at % 2 === 0 ? invoke : stream
    while (!over.signal.aborted) {
      const text = await ask(live)
      counts.set(text, (counts.get(text) ?? 0) + 1)
    }
  })
  const rounds = async (): Promise<void> => {
    try {
      for (let round = 0; round < 10; round++) {
        const desired = round % 2 === 0 ? green : blue
        await bedrock.send(
          new UpdateProvisionedModelThroughputCommand({ provisionedModelId: live, desiredModelId: desired }),
        )
        // Whoever asks from now on is answered by the other.
        expect(await invoke(live)).toBe(texts[desired as keyof typeof texts])
        await pause(50)
      }
      // The one that is no longer needed goes while requests that began with it may still be under way.
      await bedrock.send(
        new UpdateProvisionedModelThroughputCommand({ provisionedModelId: live, desiredModelId: green }),
      )
      await bedrock.send(new DeleteCustomModelCommand({ modelIdentifier: blue }))
      expect(await invoke(live)).toBe(texts.green)
    } finally {
      over.abort()
    }
  }
  await Promise.all([rounds(), ...clients])
  expect([...counts.keys()].toSorted()).toEqual(Object.values(texts).toSorted())
  expect(Math.min(...counts.values())).toBeGreaterThan(10)
  await bedrock.send(new DeleteProvisionedModelThroughputCommand({ provisionedModelId: live }))
  await bedrock.send(new DeleteCustomModelCommand({ modelIdentifier: green }))
  expect(server.failures).toEqual([])
}, 120_000)

test('a commitment keeps its throughput until its term ends, and renews itself', async () => {
  const { endpoint, credentials } = server
  const day = 86_400_000
  const provisionedModelId = 'month'
  /** With a new client each time: it takes the time of an answer, which is not the one that is told to the server, for right. */
  const at = async <Answer>(
    days: number,
    ask: (client: BedrockClient) => Promise<Answer>,
  ): Promise<Answer> => {
    ahead = days * day
    const systemClockOffset = ahead
    const client = new BedrockClient({ endpoint, credentials, region: 'us-west-2', systemClockOffset })
    return ask(client).finally(() => client.destroy())
  }
  /** When the term ends, as it is told after so many days. */
  const endAt = async (days: number): Promise<Date | undefined> => {
    const { commitmentExpirationTime, ...rest } = await at(days, (client) =>
      client.send(new GetProvisionedModelThroughputCommand({ provisionedModelId })),
    )
    expect(rest).toMatchObject({ status: 'InService', commitmentDuration: 'OneMonth' })
    await expect(
      at(days, (client) => client.send(new DeleteProvisionedModelThroughputCommand({ provisionedModelId }))),
    ).rejects.toMatchObject({
      name: 'ConflictException',
      message: expect.stringContaining(`until ${commitmentExpirationTime?.toISOString()}`) as string,
    })
    return commitmentExpirationTime
  }
  await bedrock.send(
    new CreateProvisionedModelThroughputCommand({
      modelUnits: 1,
      provisionedModelName: provisionedModelId,
      modelId: haiku,
      commitmentDuration: 'OneMonth',
    }),
  )
  const first = await endAt(0)
  const days = Math.round(((first?.getTime() ?? 0) - Date.now()) / day)
  expect([28, 29, 30, 31]).toContain(days)
  expect(await endAt(days - 1)).toEqual(first)
  const renewed = await endAt(days + 1)
  expect(renewed?.getTime()).toBeGreaterThan((first?.getTime() ?? 0) + 27 * day)
  expect(await endAt(days + 2)).toEqual(renewed)
  ahead = 0
}, 30_000)
