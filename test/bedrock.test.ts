import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import {
  type BedrockClient,
  CreateCustomModelDeploymentCommand,
  CreateModelCustomizationJobCommand,
  CreateProvisionedModelThroughputCommand,
  DeleteCustomModelCommand,
  DeleteProvisionedModelThroughputCommand,
  GetCustomModelCommand,
  GetModelCustomizationJobCommand,
  GetProvisionedModelThroughputCommand,
  ListCustomModelsCommand,
  ListFoundationModelsCommand,
  ListModelCustomizationJobsCommand,
  ListTagsForResourceCommand,
  StopModelCustomizationJobCommand,
  TagResourceCommand,
  UpdateProvisionedModelThroughputCommand,
  type CreateModelCustomizationJobCommandInput,
  type GetModelCustomizationJobCommandOutput,
} from '@aws-sdk/client-bedrock'
import {
  type BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  CountTokensCommand,
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
import { AnthropicBedrock } from '@anthropic-ai/bedrock-sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { awsClients } from './testing/aws-clients.ts'
import { writeGateVerdict } from '../src/store/gate-verdicts.ts'
import { startServer, type TestServer } from './testing/start-server.ts'
import { colourRecords, tinyHome, type TinyHome } from './testing/tiny-home.ts'

const haiku = 'anthropic.claude-3-haiku-20240307-v1:0:200k'

let home: TinyHome
let server: TestServer
let s3: S3Client
let bedrock: BedrockClient
let runtime: BedrockRuntimeClient

beforeAll(async () => {
  home = await tinyHome()
  server = await startServer(home)
  ;({ s3, bedrock, runtime } = awsClients(server))
  await s3.send(new CreateBucketCommand({ Bucket: 'tuning' }))
  await s3.send(new PutObjectCommand({ Bucket: 'tuning', Key: 'train.jsonl', Body: lines(48, 1) }))
  await s3.send(new PutObjectCommand({ Bucket: 'tuning', Key: 'val.jsonl', Body: lines(12, 2) }))
  await s3.send(new PutObjectCommand({ Bucket: 'tuning', Key: 'few.jsonl', Body: lines(3, 3) }))
}, 60_000)

afterAll(async () => {
  for (const client of [s3, bedrock, runtime]) client.destroy()
  await server[Symbol.asyncDispose]()
})

function lines(count: number, seed: number): string {
  return colourRecords(count, seed)
    .map((record) => `${JSON.stringify(record)}\n`)
    .join('')
}

let names = 0
const request = (
  change: Partial<CreateModelCustomizationJobCommandInput> = {},
): CreateModelCustomizationJobCommandInput => ({
  jobName: `job-${++names}`,
  customModelName: `model-${names}`,
  roleArn: 'arn:aws:iam::000000000000:role/Tuning',
  baseModelIdentifier: haiku,
  customizationType: 'FINE_TUNING',
  trainingDataConfig: { s3Uri: 's3://tuning/train.jsonl' },
  validationDataConfig: { validators: [{ s3Uri: 's3://tuning/val.jsonl' }] },
  outputDataConfig: { s3Uri: 's3://tuning/out' },
  hyperParameters: { epochCount: '1', batchSize: '8' },
  ...change,
})

async function finished(jobIdentifier: string): Promise<GetModelCustomizationJobCommandOutput> {
  for (;;) {
    const job = await bedrock.send(new GetModelCustomizationJobCommand({ jobIdentifier }))
    if (job.status !== 'InProgress' && job.status !== 'Stopping') return job
    await pause(200)
  }
}

const asked = {
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: 6,
  temperature: 0,
  messages: [{ role: 'user', content: 'ab cd red' }],
}
const body = JSON.stringify(asked)

test('a job trains a model that answers at its provisioned throughput', async () => {
  const { jobArn } = await bedrock.send(
    new CreateModelCustomizationJobCommand(request({ jobTags: [{ key: 'team', value: 'claims' }] })),
  )
  expect(jobArn).toMatch(
    /^arn:aws:bedrock:us-west-2:\d{12}:model-customization-job\/anthropic\.claude-3-haiku-20240307-v1:0:200k\/[a-z0-9]{12}$/,
  )
  const job = await finished(jobArn ?? '')
  expect(job.failureMessage).toBeUndefined()
  expect(job).toMatchObject({
    status: 'Completed',
    jobArn,
    hyperParameters: { epochCount: '1', batchSize: '8' },
    statusDetails: {
      validationDetails: { status: 'Completed' },
      dataProcessingDetails: { status: 'Completed' },
      trainingDetails: { status: 'Completed' },
    },
  })
  expect(job.creationTime).toBeInstanceOf(Date)
  expect(job.trainingMetrics?.trainingLoss).toBeGreaterThan(0)
  expect(job.validationMetrics).toHaveLength(1)
  const { tags } = await bedrock.send(new ListTagsForResourceCommand({ resourceARN: jobArn }))
  expect(tags).toEqual([{ key: 'team', value: 'claims' }])

  const id = jobArn?.split('/').at(-1)
  const Key = `out/model-customization-job-${id}/training_artifacts/step_wise_training_metrics.csv`
  const metrics = await s3.send(new GetObjectCommand({ Bucket: 'tuning', Key }))
  const [head, first] = ((await metrics.Body?.transformToString()) ?? '').split('\n')
  expect(head).toBe('step_number,epoch_number,training_loss,perplexity')
  expect(first).toMatch(/^0,/)

  const modelId = job.outputModelArn
  const model = await bedrock.send(new GetCustomModelCommand({ modelIdentifier: modelId }))
  expect(model).toMatchObject({ modelName: job.outputModelName, jobName: job.jobName, modelStatus: 'Active' })
  const { provisionedModelArn } = await bedrock.send(
    new CreateProvisionedModelThroughputCommand({
      modelUnits: 1,
      provisionedModelName: 'colours',
      modelId,
    }),
  )
  const throughput = await bedrock.send(
    new GetProvisionedModelThroughputCommand({ provisionedModelId: provisionedModelArn }),
  )
  expect(throughput).toMatchObject({ status: 'InService', modelArn: modelId, modelUnits: 1 })

  const answer = await runtime.send(new InvokeModelCommand({ modelId: provisionedModelArn, body }))
  const tuned = JSON.parse(Buffer.from(answer.body).toString('utf8'))
  expect(tuned).toMatchObject({ type: 'message', role: 'assistant', usage: { output_tokens: 6 } })
  const base = await runtime.send(new InvokeModelCommand({ modelId: haiku, body }))
  expect(JSON.parse(Buffer.from(base.body).toString('utf8')).content).not.toEqual(tuned.content)

  const stream = await runtime.send(
    new InvokeModelWithResponseStreamCommand({ modelId: provisionedModelArn, body }),
  )
  const events: { type: string; delta?: { text?: string } }[] = []
  for await (const { chunk } of stream.body ?? []) {
    events.push(JSON.parse(Buffer.from(chunk?.bytes ?? []).toString('utf8')))
  }
  expect(events.map(({ type }) => type).filter((type, at, all) => type !== all[at - 1])).toEqual([
    'message_start',
    'content_block_start',
    'content_block_delta',
    'content_block_stop',
    'message_delta',
    'message_stop',
  ])
  expect(events.map(({ delta }) => delta?.text ?? '').join('')).toBe(tuned.content[0].text)

  const messages = [{ role: 'user' as const, content: [{ text: 'ab cd red' }] }]
  const inferenceConfig = { maxTokens: 6, temperature: 0 }
  const spoken = await runtime.send(
    new ConverseCommand({ modelId: provisionedModelArn, messages, inferenceConfig }),
  )
  expect(spoken.output?.message?.content?.[0]?.text).toBe(tuned.content[0].text)
  expect(spoken.usage?.totalTokens).toBe((spoken.usage?.inputTokens ?? 0) + 6)
  const parts = await runtime.send(
    new ConverseStreamCommand({ modelId: provisionedModelArn, messages, inferenceConfig }),
  )
  let text = ''
  let stopReason: string | undefined
  for await (const event of parts.stream ?? []) {
    text += event.contentBlockDelta?.delta?.text ?? ''
    stopReason = event.messageStop?.stopReason ?? stopReason
  }
  expect(text).toBe(tuned.content[0].text)
  expect(stopReason).toBe('max_tokens')
  const counted = await runtime.send(
    new CountTokensCommand({ modelId: provisionedModelArn, input: { converse: { messages } } }),
  )
  expect(counted.inputTokens).toBe(spoken.usage?.inputTokens)

  await expect(
    bedrock.send(new DeleteCustomModelCommand({ modelIdentifier: modelId })),
  ).rejects.toMatchObject({ name: 'ConflictException' })

  const rule = { rule: 'accuracy of tuned >= 1', outcome: 'fail' as const }
  await writeGateVerdict(join(home.home, 'models', `custom-${modelId?.split('/').at(-1)}`), {
    schema: 1,
    kind: 'gate-verdict',
    at: '2026-11-22T00:00:00.000Z',
    model: 'm',
    evidence: [],
    verdict: { schema: 1, verdict: 'not promoted', candidate: 'tuned', baseline: 'base', rules: [rule] },
  })
  for (const command of [
    new CreateProvisionedModelThroughputCommand({ modelUnits: 1, provisionedModelName: 'gated', modelId }),
    new CreateCustomModelDeploymentCommand({ modelDeploymentName: 'gated', modelArn: modelId }),
    new UpdateProvisionedModelThroughputCommand({ provisionedModelId: 'colours', desiredModelId: modelId }),
  ]) {
    await expect(bedrock.send(command as CreateCustomModelDeploymentCommand)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(
        /did not pass its gate: not promoted: accuracy of tuned >= 1: fail \(E_GATE\)$/,
      ) as string,
    })
  }
  await bedrock.send(
    new UpdateProvisionedModelThroughputCommand({ provisionedModelId: 'colours', desiredModelId: haiku }),
  )
  const pointed = await runtime.send(new InvokeModelCommand({ modelId: provisionedModelArn, body }))
  expect(JSON.parse(Buffer.from(pointed.body).toString('utf8')).content).toEqual(
    JSON.parse(Buffer.from(base.body).toString('utf8')).content,
  )
  await bedrock.send(new DeleteProvisionedModelThroughputCommand({ provisionedModelId: 'colours' }))
  await bedrock.send(new DeleteCustomModelCommand({ modelIdentifier: modelId }))
  const { modelSummaries } = await bedrock.send(new ListCustomModelsCommand({}))
  expect(modelSummaries?.map(({ modelArn }) => modelArn)).not.toContain(modelId)
  expect(readdirSync(join(home.home, 'models'))).toEqual(['tiny'])
  expect(server.failures).toEqual([])
}, 120_000)

test.each([
  [
    'the names of another model',
    { hyperParameters: { epochCount: '1', learningRate: '0.0001', learningRateWarmupSteps: '5' } },
    /learningRate".*learningRateMultiplier/,
  ],
  ['a value out of range', { hyperParameters: { epochCount: '99' } }, /from 1 to 10/],
  [
    'the variant that cannot be tuned',
    { baseModelIdentifier: 'anthropic.claude-3-haiku-20240307-v1:0' },
    /use its variant anthropic\.claude-3-haiku-20240307-v1:0:200k/,
  ],
  ['an unknown base', { baseModelIdentifier: 'anthropic.claude-9' }, /Models that can be customized/],
  ['a name with an underscore', { jobName: 'my_job' }, /jobName/],
  ['a role that is none', { roleArn: 'me' }, /roleArn/],
])('a request with %s is answered with what is right', async (_, change, message) => {
  await expect(bedrock.send(new CreateModelCustomizationJobCommand(request(change)))).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringMatching(message),
  })
})

test('data that the base does not allow fail the job with their place', async () => {
  const { jobArn } = await bedrock.send(
    new CreateModelCustomizationJobCommand(
      request({ trainingDataConfig: { s3Uri: 's3://tuning/few.jsonl' } }),
    ),
  )
  const job = await finished(jobArn ?? '')
  expect(job).toMatchObject({
    status: 'Failed',
    failureMessage: expect.stringMatching(/3 records.*32/),
    statusDetails: { validationDetails: { status: 'Failed' }, trainingDetails: { status: 'NotStarted' } },
  })
  const missing = await bedrock.send(
    new CreateModelCustomizationJobCommand(request({ trainingDataConfig: { s3Uri: 's3://tuning/none' } })),
  )
  expect((await finished(missing.jobArn ?? '')).failureMessage).toContain(
    'Could not validate GetObject permissions to access Amazon S3 bucket: tuning at key none',
  )
  const listed = await s3.send(new ListObjectsV2Command({ Bucket: 'tuning', Prefix: 'out/.write' }))
  expect(listed.KeyCount).toBe(0)
}, 60_000)

test('the same request twice makes one job; the token for another request is refused', async () => {
  const clientRequestToken = 'token-of-the-test'
  const once = request({ clientRequestToken })
  const first = await bedrock.send(new CreateModelCustomizationJobCommand(once))
  const second = await bedrock.send(new CreateModelCustomizationJobCommand(once))
  expect(second.jobArn).toBe(first.jobArn)
  await expect(
    bedrock.send(new CreateModelCustomizationJobCommand(request({ clientRequestToken }))),
  ).rejects.toMatchObject({ name: 'ConflictException' })
  await expect(
    bedrock.send(new CreateModelCustomizationJobCommand(request({ jobName: once.jobName }))),
  ).rejects.toMatchObject({ name: 'ConflictException', message: expect.stringContaining('job name') })
  await finished(first.jobArn ?? '')
}, 60_000)

test('a stopped job leaves no model, and its model name is free again', async () => {
  const long = request({ hyperParameters: { epochCount: '10', batchSize: '4' } })
  const { jobArn } = await bedrock.send(new CreateModelCustomizationJobCommand(long))
  await bedrock.send(new StopModelCustomizationJobCommand({ jobIdentifier: jobArn }))
  const job = await finished(jobArn ?? '')
  expect(job.status).toBe('Stopped')
  expect(job.outputModelArn).toBeUndefined()
  await expect(
    bedrock.send(new StopModelCustomizationJobCommand({ jobIdentifier: jobArn })),
  ).rejects.toMatchObject({ name: 'ConflictException' })
  const again = await bedrock.send(
    new CreateModelCustomizationJobCommand(request({ customModelName: long.customModelName })),
  )
  await finished(again.jobArn ?? '')
}, 60_000)

test('lists are paged and filtered', async () => {
  const all: string[] = []
  const tokens: string[] = []
  let nextToken: string | undefined
  do {
    const page = await bedrock.send(new ListModelCustomizationJobsCommand({ maxResults: 2, nextToken }))
    tokens.push(page.nextToken ?? '1')
    all.push(...(page.modelCustomizationJobSummaries ?? []).map(({ jobName }) => jobName ?? ''))
    nextToken = page.nextToken
  } while (nextToken !== undefined)
  expect(new Set(all).size).toBe(all.length)
  expect(all.length).toBeGreaterThan(3)
  for (const foreign of [tokens[0], tokens.at(-1)]) {
    const listed = bedrock.send(new ListCustomModelsCommand({ nextToken: foreign }))
    await expect(listed).rejects.toMatchObject({ name: 'ValidationException' })
  }
  const failed = await bedrock.send(new ListModelCustomizationJobsCommand({ statusEquals: 'Failed' }))
  expect(failed.modelCustomizationJobSummaries).toHaveLength(2)
  const { modelSummaries } = await bedrock.send(new ListFoundationModelsCommand({ byProvider: 'anthropic' }))
  expect(modelSummaries?.[0]?.modelName).toContain('answered by tiny')
})

test.each([
  ['an unknown model', 'nothing.like-it', asked, 'ResourceNotFoundException'],
  ['an extra key', haiku, { ...asked, stream: true }, 'ValidationException'],
  ['no version', haiku, { ...asked, anthropic_version: undefined }, 'ValidationException'],
  [
    'an image',
    haiku,
    {
      ...asked,
      messages: [
        {
          role: 'user',
          content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA==' } }],
        },
      ],
    },
    'ValidationException',
  ],
  [
    'a call that must be made',
    haiku,
    { ...asked, tools: [{ name: 'a', input_schema: {} }], tool_choice: { type: 'any' } },
    'ValidationException',
  ],
])('%s is refused', async (_, modelId, content, name) => {
  await expect(
    runtime.send(new InvokeModelCommand({ modelId, body: JSON.stringify(content) })),
  ).rejects.toMatchObject({ name })
})

test('the sequence at which an answer ended is told', async () => {
  const whole = await runtime.send(new InvokeModelCommand({ modelId: haiku, body }))
  const { content } = JSON.parse(Buffer.from(whole.body).toString('utf8'))
  const stop = Array.from<string>(content[0].text).slice(1, 2).join('')
  const answer = await runtime.send(
    new InvokeModelCommand({
      modelId: haiku,
      body: JSON.stringify({ ...asked, stop_sequences: [stop, 'never'] }),
    }),
  )
  expect(JSON.parse(Buffer.from(answer.body).toString('utf8'))).toMatchObject({
    stop_reason: 'stop_sequence',
    stop_sequence: stop,
  })
})

test('a tag is checked against the resource', async () => {
  await expect(
    bedrock.send(
      new TagResourceCommand({
        resourceARN: 'arn:aws:bedrock:us-west-2:000000000000:provisioned-model/aaaaaaaaaaaa',
        tags: [{ key: 'a', value: 'b' }],
      }),
    ),
  ).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
})

test("Anthropic's own client for Bedrock is answered, whole and streamed", async () => {
  const { accessKeyId, secretAccessKey } = server.credentials
  const client = new AnthropicBedrock({
    baseURL: server.endpoint,
    awsRegion: 'us-west-2',
    awsAccessKey: accessKeyId,
    awsSecretKey: secretAccessKey,
  })
  const question = {
    model: 'anthropic.claude-3-haiku-20240307-v1:0',
    max_tokens: 5,
    temperature: 0,
    messages: [{ role: 'user' as const, content: 'ab cd red' }],
  }
  const whole = await client.messages.create(question)
  expect(whole).toMatchObject({ role: 'assistant', stop_reason: 'max_tokens', usage: { output_tokens: 5 } })
  const stream = await client.messages.create({ ...question, stream: true })
  let text = ''
  for await (const event of stream) {
    if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') text += event.delta.text
  }
  expect([{ type: 'text', text }]).toEqual(whole.content)
})

test('what was changed is in the audit log, with who did it', async () => {
  const entries = await server.parts.audit.list({ limit: 1000 })
  const created = entries.filter(({ action }) => action === 'CreateModelCustomizationJob')
  expect(created.length).toBeGreaterThan(5)
  expect(created.map(({ keyId }) => keyId)).toContain(server.credentials.accessKeyId)
  expect(new Set(created.map(({ outcome }) => outcome))).toEqual(
    new Set(['201', 'ValidationException', 'ConflictException']),
  )
})
