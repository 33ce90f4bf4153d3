import { setTimeout as pause } from 'node:timers/promises'
import {
  CreateModelCustomizationJobCommand,
  GetModelCustomizationJobCommand,
  ListModelCustomizationJobsCommand,
  StopModelCustomizationJobCommand,
  type BedrockClient,
} from '@aws-sdk/client-bedrock'
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import OpenAI, { toFile } from 'openai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { awsClients } from './testing/aws-clients.ts'
import { startServer, type TestServer } from './testing/start-server.ts'
import { colourLines, tinyHome, type TinyHome } from './testing/tiny-home.ts'

const base = 'gpt-4o-mini-2024-07-18'

let home: TinyHome
let server: TestServer
let openai: OpenAI
let s3: S3Client
let bedrock: BedrockClient
let training: string

beforeAll(async () => {
  home = await tinyHome()
  server = await startServer(home)
  openai = new OpenAI({ apiKey: server.bearer, baseURL: `${server.endpoint}/v1`, maxRetries: 0 })
  ;({ s3, bedrock } = awsClients(server))
  training = await upload(colourLines(48, 1), 'train.jsonl')
}, 60_000)

afterAll(async () => {
  s3.destroy()
  bedrock.destroy()
  await server[Symbol.asyncDispose]()
})

async function upload(
  text: string,
  name: string,
  purpose: 'fine-tune' | 'batch' = 'fine-tune',
): Promise<string> {
  const { id } = await openai.files.create({ file: await toFile(Buffer.from(text), name), purpose })
  return id
}

type Job = OpenAI.FineTuning.FineTuningJob

async function until(id: string, isThere: (job: Job) => boolean): Promise<Job> {
  for (;;) {
    const job = await openai.fineTuning.jobs.retrieve(id)
    if (isThere(job)) return job
    await pause(100)
  }
}

const ended = ({ status }: Job): boolean => ['succeeded', 'failed', 'cancelled'].includes(status)

const settings = (epochs: number): OpenAI.FineTuning.JobCreateParams.Method => ({
  type: 'supervised',
  supervised: { hyperparameters: { n_epochs: epochs, batch_size: 8, learning_rate_multiplier: 'auto' } },
})

async function events(id: string): Promise<OpenAI.FineTuning.FineTuningJobEvent[]> {
  const all: OpenAI.FineTuning.FineTuningJobEvent[] = []
  for await (const event of openai.fineTuning.jobs.listEvents(id, { limit: 7 })) all.push(event)
  return all.toReversed()
}

test('a job goes from files to a model with events, checkpoints and a result file, and every API sees it', async () => {
  const validation = await upload(colourLines(12, 2), 'validation.jsonl')
  const made = await openai.fineTuning.jobs.create({
    model: 'gpt-4o-mini',
    training_file: training,
    validation_file: validation,
    suffix: 'Claims Router',
    seed: 11,
    metadata: { team: 'claims' },
    method: settings(2),
  })
  expect(made).toMatchObject({
    object: 'fine_tuning.job',
    model: base,
    training_file: training,
    validation_file: validation,
    seed: 11,
    metadata: { team: 'claims' },
    fine_tuned_model: null,
    finished_at: null,
    error: null,
    result_files: [],
    integrations: [],
  })
  expect(made.id).toMatch(/^ftjob-[a-z0-9]{12}$/)
  const job = await until(made.id, ended)
  const own = made.id.slice('ftjob-'.length)
  expect(job).toMatchObject({
    status: 'succeeded',
    fine_tuned_model: `ft:${base}:hone:claims-router:${own}`,
    hyperparameters: { n_epochs: 2, batch_size: 8 },
    method: { type: 'supervised', supervised: { hyperparameters: { n_epochs: 2, batch_size: 8 } } },
    error: null,
  })
  expect(job.hyperparameters.learning_rate_multiplier).toBeGreaterThan(0)
  expect(job.trained_tokens).toBeGreaterThan(0)
  expect(job.finished_at).toBeGreaterThanOrEqual(job.created_at)

  const told = await events(made.id)
  const messages = told.filter(({ type }) => type === 'message').map(({ message }) => message)
  expect(messages).toEqual([
    `Created fine-tuning job: ${made.id}`,
    'Files validated, moving job to queued state',
    'Fine-tuning job started',
    expect.stringMatching(/^Checkpoint created at step \d+$/),
    expect.stringMatching(/^Checkpoint created at step \d+$/),
    'The job has successfully completed',
  ])
  const metrics = told.filter(({ type }) => type === 'metrics')
  expect(metrics.map(({ data }) => (data as { step: number }).step)).toEqual(metrics.map((_, at) => at + 1))
  expect(metrics[0]).toMatchObject({
    object: 'fine_tuning.job.event',
    level: 'info',
    message: expect.stringMatching(/^Step 1\/12: training loss=\d+\.\d\d/),
    data: { step: 1, total_steps: 12, train_loss: expect.any(Number) },
  })
  expect(metrics.some(({ data }) => 'valid_loss' in (data as object))).toBe(true)

  const ask = (model: string | null | undefined): Promise<OpenAI.ChatCompletion> =>
    openai.chat.completions.create({
      model: model ?? '',
      max_tokens: 4,
      temperature: 0,
      messages: [{ role: 'user', content: 'ab cd red' }],
    })
  const answer = await ask(job.fine_tuned_model)
  expect(answer).toMatchObject({ model: job.fine_tuned_model, choices: [{ index: 0 }] })
  expect(answer.choices[0]?.message.content).not.toBe((await ask(base)).choices[0]?.message.content)

  const [result = ''] = job.result_files
  expect(await openai.files.retrieve(result)).toMatchObject({
    purpose: 'fine-tune-results',
    filename: 'step_metrics.csv',
  })
  const csv = await (await openai.files.content(result)).text()
  const [columns, first = '', ...rest] = csv.trimEnd().split('\n')
  expect(columns).toBe('step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy')
  expect(first).toMatch(/^1,\d\.\d+,,[\d.]*,$/)
  expect(rest).toHaveLength(11)

  const { data: checkpoints } = await openai.fineTuning.jobs.checkpoints.list(made.id)
  expect(checkpoints.map(({ step_number: step }) => step)).toEqual([12, 6])
  expect(checkpoints[0]).toMatchObject({
    fine_tuning_job_id: made.id,
    fine_tuned_model_checkpoint: `${job.fine_tuned_model}:ckpt-step-12`,
    metrics: { step: 12, train_loss: expect.any(Number), full_valid_loss: expect.any(Number) },
  })
  const early = checkpoints[1]?.fine_tuned_model_checkpoint ?? ''
  expect(await ask(early)).toMatchObject({ model: early })
  const listed: string[] = []
  for await (const { id } of openai.models.list()) listed.push(id)
  expect(listed.filter((id) => id.includes(own))).toHaveLength(3)
  expect(listed).toEqual(expect.arrayContaining([base, job.fine_tuned_model, early]))
  expect(await openai.models.delete(early)).toEqual({ id: early, object: 'model', deleted: true })
  await expect(ask(early)).rejects.toMatchObject({ status: 404, code: 'model_not_found' })

  const { modelCustomizationJobSummaries: seen = [] } = await bedrock.send(
    new ListModelCustomizationJobsCommand({ statusEquals: 'Completed' }),
  )
  expect(seen.map(({ jobName }) => jobName)).toContain(made.id)
  const atBedrock = await bedrock.send(new GetModelCustomizationJobCommand({ jobIdentifier: made.id }))
  expect(atBedrock).toMatchObject({
    status: 'Completed',
    hyperParameters: { n_epochs: '2', batch_size: '8', learning_rate_multiplier: 'auto' },
    outputModelName: `ft-claims-router-${own}`,
  })
  const { Body } = await s3.send(
    new GetObjectCommand({ Bucket: 'hone-files', Key: `${training.slice('file-'.length)}.jsonl` }),
  )
  expect(await Body?.transformToString()).toBe(colourLines(48, 1))
  expect(server.failures).toEqual([])
}, 120_000)

test('a tuned model is trained on, also as the older form of a job says it', async () => {
  const { data } = await openai.fineTuning.jobs.list({ metadata: { team: 'claims' } })
  const made = await openai.fineTuning.jobs.create({
    model: data[0]?.fine_tuned_model ?? '',
    training_file: training,
    hyperparameters: { n_epochs: 1, batch_size: 16 },
  })
  expect(await until(made.id, ended)).toMatchObject({
    status: 'succeeded',
    model: base,
    error: null,
    fine_tuned_model: `ft:${base}:hone::${made.id.slice('ftjob-'.length)}`,
  })
}, 60_000)

const message = (role: string, content: string): object => ({ role, content })

test('preferences are learned', async () => {
  const lines = Array.from({ length: 24 }, (_, at) =>
    JSON.stringify({
      input: { messages: [message('user', `${at.toString(36)} red`)], tools: [], parallel_tool_calls: true },
      preferred_output: [message('assistant', 'red')],
      non_preferred_output: [message('assistant', 'blue')],
    }),
  ).join('\n')
  const made = await openai.fineTuning.jobs.create({
    model: base,
    training_file: await upload(lines, 'pairs.jsonl'),
    method: { type: 'dpo', dpo: { hyperparameters: { n_epochs: 1, batch_size: 8, beta: 0.2 } } },
  })
  expect(await until(made.id, ended)).toMatchObject({
    status: 'succeeded',
    error: null,
    method: { type: 'dpo', dpo: { hyperparameters: { beta: 0.2 } } },
  })
}, 120_000)

test('a job that is paused waits, goes on where it was, and one that is cancelled keeps its checkpoints', async () => {
  const made = await openai.fineTuning.jobs.create({
    model: base,
    training_file: await upload(colourLines(240, 1), 'long.jsonl'),
    method: settings(40),
  })
  const checkpoints = (): Promise<OpenAI.FineTuning.Jobs.FineTuningJobCheckpoint[]> =>
    openai.fineTuning.jobs.checkpoints.list(made.id).then(({ data }) => data)
  await expect.poll(checkpoints, { timeout: 30_000 }).not.toEqual([])
  expect(await openai.fineTuning.jobs.pause(made.id)).toMatchObject({ status: 'paused', finished_at: null })
  await expect
    .poll(async () => (await server.parts.tuning.find(made.id.slice('ftjob-'.length)))?.state, {
      timeout: 30_000,
    })
    .toBe('paused')
  const before = await events(made.id)
  expect(before.at(-1)?.message).toMatch(/^Fine-tuning job paused|^Step|^Checkpoint/)
  expect(['queued', 'running']).toContain((await openai.fineTuning.jobs.resume(made.id)).status)
  await expect
    .poll(async () => (await events(made.id)).length, { timeout: 30_000 })
    .toBeGreaterThan(before.length + 1)
  expect(await openai.fineTuning.jobs.cancel(made.id)).toMatchObject({ status: 'cancelled' })
  const job = await until(made.id, ({ finished_at: at }) => at !== null)
  expect(job).toMatchObject({ status: 'cancelled', fine_tuned_model: null })
  const kept = await checkpoints()
  expect(kept.length).toBeGreaterThan(0)
  const next = await openai.fineTuning.jobs.create({
    model: kept[0]?.fine_tuned_model_checkpoint ?? '',
    training_file: training,
    method: settings(1),
  })
  expect(await until(next.id, ended)).toMatchObject({ status: 'succeeded' })
  const { status, outputModelArn } = await bedrock.send(
    new GetModelCustomizationJobCommand({ jobIdentifier: made.id }),
  )
  expect({ status, outputModelArn }).toEqual({ status: 'Stopped', outputModelArn: undefined })
  // Asked again, as a client does whose answer was lost.
  expect(await openai.fineTuning.jobs.cancel(made.id)).toMatchObject({ status: 'cancelled' })
  await expect(openai.fineTuning.jobs.resume(made.id)).rejects.toMatchObject({ status: 400 })
}, 120_000)

const create = (name: string, file: string, epochs: string): CreateModelCustomizationJobCommand =>
  new CreateModelCustomizationJobCommand({
    jobName: name,
    customModelName: `${name}-model`,
    roleArn: 'arn:aws:iam::000000000000:role/Tuning',
    baseModelIdentifier: 'anthropic.claude-3-haiku-20240307-v1:0:200k',
    trainingDataConfig: { s3Uri: `s3://tuning/${file}.jsonl` },
    outputDataConfig: { s3Uri: 's3://tuning/out' },
    hyperParameters: { epochCount: epochs, batchSize: '8' },
  })

test('a job of Bedrock is seen, with its events and its model', async () => {
  await s3.send(new CreateBucketCommand({ Bucket: 'tuning' }))
  await s3.send(new PutObjectCommand({ Bucket: 'tuning', Key: 'train.jsonl', Body: colourLines(48, 1) }))
  await s3.send(new PutObjectCommand({ Bucket: 'tuning', Key: 'long.jsonl', Body: colourLines(900, 1) }))
  const { jobArn = '' } = await bedrock.send(create('from-bedrock', 'train', '1'))
  const id = `ftjob-${jobArn.split('/').at(-1)}`
  const job = await until(id, ended)
  expect(job).toMatchObject({
    status: 'succeeded',
    fine_tuned_model: `ft:anthropic.claude-3-haiku-20240307-v1:0:200k:hone:from-bedrock-model:${id.slice(6)}`,
    training_file: 's3://tuning/train.jsonl',
    hyperparameters: { n_epochs: 1, batch_size: 8 },
  })
  expect((await events(id)).at(-1)?.message).toBe('The job has successfully completed')

  const { jobArn: other = '' } = await bedrock.send(create('stopped-there', 'long', '10'))
  const stopped = `ftjob-${other.split('/').at(-1)}`
  await expect
    .poll(async () => (await openai.fineTuning.jobs.checkpoints.list(stopped)).data, { timeout: 30_000 })
    .not.toEqual([])
  await bedrock.send(new StopModelCustomizationJobCommand({ jobIdentifier: other }))
  expect(await until(stopped, ({ finished_at: at }) => at !== null)).toMatchObject({ status: 'cancelled' })
  expect((await openai.fineTuning.jobs.checkpoints.list(stopped)).data).not.toEqual([])
}, 120_000)

test('jobs are listed by pages and by their metadata', async () => {
  const all: string[] = []
  for await (const { id } of openai.fineTuning.jobs.list({ limit: 2 })) all.push(id)
  expect(all.length).toBeGreaterThan(5)
  expect(new Set(all).size).toBe(all.length)
  const tagged = await openai.fineTuning.jobs.list({ metadata: { team: 'claims' } })
  expect(tagged.data).toHaveLength(1)
  expect((await openai.fineTuning.jobs.list({ metadata: { team: 'other' } })).data).toEqual([])
})

const failing = async (text: string, validation?: string): Promise<Job['error']> => {
  const made = await openai.fineTuning.jobs.create({
    model: base,
    training_file: await upload(text, 'some.jsonl'),
    ...(validation === undefined ? {} : { validation_file: await upload(validation, 'other.jsonl') }),
  })
  const job = await until(made.id, ended)
  expect(job).toMatchObject({ status: 'failed', fine_tuned_model: null, result_files: [] })
  expect((await events(made.id)).at(-1)).toMatchObject({ level: 'error', type: 'message' })
  return job.error
}

test('files that do not fit fail their job as OpenAI says it', async () => {
  expect(await failing(colourLines(3, 1))).toMatchObject({
    code: 'invalid_n_examples',
    param: 'training_file',
    message: expect.stringMatching(/1 error in file-[a-z0-9]+ .* at least 10/),
  })
  const broken = await failing('{"messages": [\n')
  expect(broken).toMatchObject({
    code: 'invalid_training_file',
    param: 'training_file',
    message: expect.stringContaining('this is no JSONL file'),
  })
  // Where the server keeps its copy is nobody's business.
  expect(broken?.message).not.toContain(home.home)
  expect(await failing(colourLines(10, 1).replace('"user"', '"client"'))).toMatchObject({
    code: 'invalid_training_file',
    message: expect.stringMatching(/file-[a-z0-9]+:1 .*"client"/),
  })
  expect(await failing(colourLines(12, 1), '{"prompt": 1}\n')).toMatchObject({
    code: 'invalid_validation_file',
    param: 'validation_file',
  })
  expect(server.failures).toEqual([])
}, 60_000)

test.each<[string, Partial<OpenAI.FineTuning.JobCreateParams>, object]>([
  ['an unknown base', { model: 'gpt-5' }, { code: 'model_not_available', param: 'model' }],
  [
    'an unknown file',
    { training_file: 'file-nothere' },
    { code: 'invalid_training_file', param: 'training_file' },
  ],
  ['a hyperparameter out of range', { method: settings(51) }, { param: 'hyperparameters.n_epochs' }],
  ['integrations', { integrations: [{ type: 'wandb', wandb: { project: 'p' } }] }, { param: 'integrations' }],
  ['a long suffix', { suffix: 'a'.repeat(65) }, { param: 'suffix' }],
])('%s is refused by its name', async (_, change, error) => {
  await expect(
    openai.fineTuning.jobs.create({ model: base, training_file: training, ...change }),
  ).rejects.toMatchObject({ status: 400, type: 'invalid_request_error', ...error })
})
