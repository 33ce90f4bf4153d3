import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import {
  BedrockClient,
  CreateCustomModelCommand,
  CreateCustomModelDeploymentCommand,
  CreateModelCopyJobCommand,
  CreateModelCustomizationJobCommand,
  CreateModelImportJobCommand,
  CreateProvisionedModelThroughputCommand,
  DeleteCustomModelCommand,
  DeleteCustomModelDeploymentCommand,
  DeleteImportedModelCommand,
  DeleteProvisionedModelThroughputCommand,
  GetCustomModelCommand,
  GetImportedModelCommand,
  GetModelCopyJobCommand,
  GetModelCustomizationJobCommand,
  GetModelImportJobCommand,
  GetProvisionedModelThroughputCommand,
  ListCustomModelsCommand,
  ListImportedModelsCommand,
  ListModelCopyJobsCommand,
  ListModelImportJobsCommand,
  ListTagsForResourceCommand,
  type GetModelCustomizationJobCommandOutput,
} from '@aws-sdk/client-bedrock'
import { BedrockRuntimeClient, ConverseCommand, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { huggingFaceFolder } from '../src/engine/weights/testing/hugging-face-folder.ts'
import { startServer, type TestServer } from './testing/start-server.ts'
import { colourLines, tinyHome, type TinyHome } from './testing/tiny-home.ts'

const haiku = 'anthropic.claude-3-haiku-20240307-v1:0:200k'
const roleArn = 'arn:aws:iam::000000000000:role/Import'

let home: TinyHome
let server: TestServer
/** The control plane as a client in the region sees it. */
let west: BedrockClient
let east: BedrockClient
let runtime: BedrockRuntimeClient

beforeAll(async () => {
  home = await tinyHome()
  server = await startServer(home)
  const { endpoint, credentials } = server
  west = new BedrockClient({ endpoint, credentials, region: 'us-west-2' })
  east = new BedrockClient({ endpoint, credentials, region: 'us-east-1' })
  runtime = new BedrockRuntimeClient({ endpoint, credentials, region: 'us-west-2' })
  await server.parts.files.createBucket('models')
}, 60_000)

afterAll(async () => {
  for (const client of [west, east, runtime]) client.destroy()
  await server[Symbol.asyncDispose]()
})

async function* bytesOf(content: string | Buffer): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(content))
}

async function put(key: string, content: string | Buffer): Promise<void> {
  await server.parts.files.put('models', key, bytesOf(content))
}

async function putFolder(folder: string, prefix: string, leaveOut = ''): Promise<void> {
  for (const name of readdirSync(folder)) {
    if (name !== leaveOut) await put(`${prefix}/${name}`, readFileSync(join(folder, name)))
  }
}

async function until<Answer>(
  ask: () => Promise<Answer>,
  going: (answer: Answer) => boolean,
): Promise<Answer> {
  for (;;) {
    const found = await ask()
    if (!going(found)) return found
    await pause(150)
  }
}

const isGoing = ({ status }: { readonly status?: string | undefined }): boolean => status === 'InProgress'

async function answer(modelId: string | undefined): Promise<string> {
  const { output } = await runtime.send(
    new ConverseCommand({
      modelId,
      messages: [{ role: 'user', content: [{ text: 'ab cd red' }] }],
      inferenceConfig: { maxTokens: 6, temperature: 0 },
    }),
  )
  return output?.message?.content?.[0]?.text ?? ''
}

const homeModels = (): string[] =>
  readdirSync(join(home.home, 'models')).filter((name) => !name.startsWith('.'))

let names = 0

async function trained(
  client: BedrockClient,
  baseModelIdentifier: string = haiku,
): Promise<GetModelCustomizationJobCommandOutput> {
  const name = `trained-${++names}`
  await put('train.jsonl', colourLines(48, 1))
  await put('easy.jsonl', colourLines(8, 2).trimEnd())
  await put(
    'hard.jsonl',
    colourLines(9, 3).replaceAll(/"content":"(red|green|blue)"/g, '"content":"zebra crossing"'),
  )
  const { jobArn } = await client.send(
    new CreateModelCustomizationJobCommand({
      jobName: name,
      customModelName: name,
      roleArn,
      baseModelIdentifier,
      trainingDataConfig: { s3Uri: 's3://models/train.jsonl' },
      validationDataConfig: {
        validators: [{ s3Uri: 's3://models/easy.jsonl' }, { s3Uri: 's3://models/hard.jsonl' }],
      },
      outputDataConfig: { s3Uri: 's3://models/out' },
      hyperParameters: { epochCount: '2', batchSize: '8' },
    }),
  )
  const job = await until(
    () => client.send(new GetModelCustomizationJobCommand({ jobIdentifier: jobArn })),
    isGoing,
  )
  expect(job.failureMessage).toBeUndefined()
  return job
}

const importsIn = async (client: BedrockClient): Promise<unknown[]> =>
  (await client.send(new ListImportedModelsCommand({ nameContains: 'tiny' }))).modelSummaries ?? []

const arns = async (client: BedrockClient): Promise<(string | undefined)[]> => {
  const { modelSummaries = [] } = await client.send(new ListCustomModelsCommand({}))
  return modelSummaries.map(({ modelArn }) => modelArn)
}

const provision = async (client: BedrockClient, name: string, modelId: string): Promise<string> => {
  const request = { provisionedModelName: name, modelId, modelUnits: 1 }
  const made = await client.send(new CreateProvisionedModelThroughputCommand(request))
  return made.provisionedModelArn ?? ''
}

test('a Hugging Face folder in S3 becomes a model that answers', async () => {
  await putFolder(await huggingFaceFolder(true), 'tiny')
  // What is no part of a model is left where it is.
  await put('tiny/original/weights.bin', 'x')
  await put('tiny/.gitattributes', 'x')
  const request = {
    jobName: 'import-1',
    importedModelName: 'tiny-imported',
    roleArn,
    modelDataSource: { s3DataSource: { s3Uri: 's3://models/tiny/' } },
    importedModelTags: [{ key: 'team', value: 'claims' }],
    clientRequestToken: 'import-token-1',
  }
  const { jobArn } = await west.send(new CreateModelImportJobCommand(request))
  expect(jobArn).toMatch(/^arn:aws:bedrock:us-west-2:000000000000:model-import-job\/[a-z0-9]{12}$/)
  expect((await west.send(new CreateModelImportJobCommand(request))).jobArn).toBe(jobArn)
  await expect(
    west.send(new CreateModelImportJobCommand({ ...request, clientRequestToken: 'another' })),
  ).rejects.toMatchObject({ name: 'ConflictException', message: expect.stringContaining('job name') })
  const job = await until(
    () => west.send(new GetModelImportJobCommand({ jobIdentifier: 'import-1' })),
    isGoing,
  )
  expect(job).toMatchObject({
    status: 'Completed',
    jobArn,
    roleArn,
    importedModelName: 'tiny-imported',
    modelDataSource: request.modelDataSource,
  })
  expect(job.endTime).toBeInstanceOf(Date)
  const modelId = job.importedModelArn ?? ''
  expect(modelId).toMatch(/:imported-model\/[a-z0-9]{12}$/)
  expect(await west.send(new GetImportedModelCommand({ modelIdentifier: 'tiny-imported' }))).toMatchObject({
    modelArn: modelId,
    jobArn,
    jobName: 'import-1',
    modelArchitecture: 'llama',
    instructSupported: true,
  })
  const { tags } = await west.send(new ListTagsForResourceCommand({ resourceARN: modelId }))
  expect(tags).toEqual([{ key: 'team', value: 'claims' }])

  expect(await answer(modelId)).toBe(await answer(haiku))
  const body = JSON.stringify({ prompt: 'ab cd red', max_gen_len: 6, temperature: 0 })
  const invoked = await runtime.send(new InvokeModelCommand({ modelId, body }))
  expect(JSON.parse(Buffer.from(invoked.body).toString('utf8'))).toMatchObject({
    generation: await answer(modelId),
    generation_token_count: 6,
    stop_reason: 'length',
  })

  const { modelImportJobSummaries } = await west.send(
    new ListModelImportJobsCommand({ statusEquals: 'Completed' }),
  )
  expect(modelImportJobSummaries).toMatchObject([{ jobName: 'import-1', importedModelArn: modelId }])
  expect(await importsIn(west)).toHaveLength(1)
  expect(await importsIn(east)).toHaveLength(0)
  await west.send(new DeleteImportedModelCommand({ modelIdentifier: modelId }))
  expect(homeModels()).toEqual(['tiny'])
  await expect(answer(modelId)).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
}, 60_000)

test('files that are no model fail the import with what is wrong', async () => {
  const folder = await huggingFaceFolder(false)
  await putFolder(folder, 'no-tokenizer', 'tokenizer.json')
  await putFolder(folder, 'cut', 'model.safetensors')
  await put('cut/model.safetensors', readFileSync(join(folder, 'model.safetensors')).subarray(0, 5000))
  await put('broken.gguf', 'GGUF and nothing else')
  const failure = async (jobName: string, s3Uri: string): Promise<string | undefined> => {
    await west.send(
      new CreateModelImportJobCommand({
        jobName,
        importedModelName: jobName,
        roleArn,
        modelDataSource: { s3DataSource: { s3Uri } },
      }),
    )
    const job = await until(
      () => west.send(new GetModelImportJobCommand({ jobIdentifier: jobName })),
      isGoing,
    )
    expect(job.status).toBe('Failed')
    expect(job.importedModelArn).toBeUndefined()
    return job.failureMessage
  }
  expect(await failure('bad-1', 's3://models/no-tokenizer')).toContain('tokenizer.json')
  expect(await failure('bad-2', 's3://models/cut')).toMatch(/safetensors|tensor|bytes/i)
  expect(await failure('bad-3', 's3://models/nothing-here')).toContain('there is no model below')
  expect(await failure('bad-4', 's3://models-of-nobody/a')).toContain('bucket: models-of-nobody at key a')
  expect(await failure('bad-5', 's3://models/broken.gguf')).toMatch(/gguf/i)
  // The name is free again.
  await expect(failure('bad-6', 's3://models/nothing-here')).resolves.toBeDefined()
  const again = new CreateModelImportJobCommand({
    jobName: 'bad-7',
    importedModelName: 'bad-6',
    roleArn,
    modelDataSource: { s3DataSource: { s3Uri: 's3://models/nothing-here' } },
  })
  await west.send(again)
  expect(homeModels()).toEqual(['tiny'])
  expect(server.failures).toEqual([])
}, 60_000)

test('a copy in another region answers for itself from the same files', async () => {
  const job = await trained(west)
  const sourceModelArn = job.outputModelArn ?? ''
  const [easy = 0, hard = 0] = (job.validationMetrics ?? []).map(({ validationLoss }) => validationLoss ?? 0)
  expect(job.validationMetrics).toHaveLength(2)
  // Each file has its own loss: the one whose answers were never seen has the higher one.
  expect(hard).toBeGreaterThan(easy)

  const request = {
    sourceModelArn,
    targetModelName: 'copied',
    targetModelTags: [{ key: 'copy', value: '1' }],
    clientRequestToken: 'copy-token',
  }
  const send = async (): Promise<string | undefined> =>
    (await east.send(new CreateModelCopyJobCommand(request))).jobArn
  const [jobArn, second] = await Promise.all([send(), send()])
  expect(second).toBe(jobArn)
  expect(jobArn).toMatch(/^arn:aws:bedrock:us-east-1:000000000000:model-copy-job\/[a-z0-9]{12}$/)
  const copied = await until(() => east.send(new GetModelCopyJobCommand({ jobArn })), isGoing)
  expect(copied).toMatchObject({
    status: 'Completed',
    sourceModelArn,
    sourceAccountId: '000000000000',
    sourceModelName: job.outputModelName,
    targetModelName: 'copied',
    targetModelTags: [{ key: 'copy', value: '1' }],
  })
  const target = copied.targetModelArn ?? ''
  expect(target).toMatch(/^arn:aws:bedrock:us-east-1:000000000000:custom-model\/anthropic\..*\/[a-z0-9]{12}$/)
  expect(await east.send(new GetCustomModelCommand({ modelIdentifier: target }))).toMatchObject({
    modelArn: target,
    modelName: 'copied',
    modelStatus: 'Active',
    jobName: job.jobName,
    validationMetrics: job.validationMetrics,
  })
  expect(await arns(east)).toEqual([target])
  expect(await arns(west)).toEqual([sourceModelArn])
  const listed = (filter: object): Promise<unknown> =>
    east
      .send(new ListModelCopyJobsCommand(filter))
      .then(({ modelCopyJobSummaries }) => modelCopyJobSummaries?.map((each) => each.jobArn))
  expect(await listed({ sourceModelArnEquals: sourceModelArn, targetModelNameContains: 'cop' })).toEqual([
    jobArn,
  ])
  expect(await listed({ targetModelNameContains: 'other' })).toEqual([])
  expect(await listed({ sourceAccountEquals: '111111111111' })).toEqual([])

  const original = await provision(west, 'original', sourceModelArn)
  const copy = await provision(east, 'copy', target)
  expect(copy).toContain(':us-east-1:')
  const said = await answer(original)
  expect(await answer(copy)).toBe(said)
  expect(said).not.toBe(await answer(haiku))

  // The files stay until the last model that has them is gone.
  await west.send(new DeleteProvisionedModelThroughputCommand({ provisionedModelId: original }))
  await west.send(new DeleteCustomModelCommand({ modelIdentifier: sourceModelArn }))
  expect(await answer(copy)).toBe(said)
  const further = await trained(east, target)
  expect(further.outputModelArn).toContain(':us-east-1:')
  await east.send(new DeleteCustomModelCommand({ modelIdentifier: further.outputModelArn }))
  await east.send(new DeleteProvisionedModelThroughputCommand({ provisionedModelId: copy }))
  await east.send(new DeleteCustomModelCommand({ modelIdentifier: target }))
  expect(homeModels()).toEqual(['tiny'])
  expect(server.failures).toEqual([])
}, 120_000)

test.each([
  ['a foundation model', `arn:aws:bedrock:us-west-2::foundation-model/${haiku}`, 'ValidationException'],
  ['a name', 'some-model', 'ValidationException'],
  [
    'a model of nobody',
    `arn:aws:bedrock:us-west-2:000000000000:custom-model/${haiku}/aaaaaaaaaaaa`,
    'ResourceNotFoundException',
  ],
  [
    'a model of another account',
    `arn:aws:bedrock:us-west-2:111111111111:custom-model/${haiku}/aaaaaaaaaaaa`,
    'ResourceNotFoundException',
  ],
])('%s is not copied', async (_, sourceModelArn, name) => {
  await expect(
    east.send(new CreateModelCopyJobCommand({ sourceModelArn, targetModelName: 'never' })),
  ).rejects.toMatchObject({ name })
})

test('an adapter in S3 becomes a custom model', async () => {
  const job = await trained(west)
  const id = job.outputModelArn?.split('/').at(-1) ?? ''
  await putFolder(join(home.home, 'models', `custom-${id}`, 'adapter'), 'adapter')
  const { modelArn } = await west.send(
    new CreateCustomModelCommand({
      modelName: 'made-of-files',
      modelSourceConfig: { s3DataSource: { s3Uri: 's3://models/adapter' } },
      roleArn,
    }),
  )
  expect(modelArn).toMatch(/^arn:aws:bedrock:us-west-2:000000000000:custom-model\/imported\/[a-z0-9]{12}$/)
  const model = (modelIdentifier: string | undefined) =>
    until(
      () => west.send(new GetCustomModelCommand({ modelIdentifier })),
      ({ modelStatus }) => modelStatus === 'Creating',
    )
  expect(await model(modelArn)).toMatchObject({ modelStatus: 'Active', customizationType: 'IMPORTED' })
  const deployed = await west.send(
    new CreateCustomModelDeploymentCommand({ modelDeploymentName: 'deployed', modelArn }),
  )
  const { provisionedModelArn } = await west.send(
    new CreateProvisionedModelThroughputCommand({
      provisionedModelName: 'tuned',
      modelId: job.outputModelArn,
      modelUnits: 1,
    }),
  )
  const { foundationModelArn } = await west.send(
    new GetProvisionedModelThroughputCommand({ provisionedModelId: provisionedModelArn }),
  )
  expect(foundationModelArn).toBe(`arn:aws:bedrock:us-west-2::foundation-model/${haiku}`)
  expect(await answer(deployed.customModelDeploymentArn)).toBe(await answer(provisionedModelArn))
  await expect(
    west.send(
      new CreateModelCustomizationJobCommand({
        jobName: 'further',
        customModelName: 'further',
        roleArn,
        baseModelIdentifier: modelArn,
        trainingDataConfig: { s3Uri: 's3://models/train.jsonl' },
        outputDataConfig: { s3Uri: 's3://models/out' },
      }),
    ),
  ).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining('not tuned here') })

  const failing = await west.send(
    new CreateCustomModelCommand({
      modelName: 'nothing',
      modelSourceConfig: { s3DataSource: { s3Uri: 's3://models/nothing' } },
    }),
  )
  expect(await model(failing.modelArn)).toMatchObject({
    modelStatus: 'Failed',
    failureMessage: expect.stringContaining('there is no model below'),
  })
  const { modelSummaries } = await west.send(
    new ListCustomModelsCommand({ modelStatus: 'Failed', nameContains: 'nothing' }),
  )
  expect(modelSummaries).toMatchObject([{ modelArn: failing.modelArn, modelStatus: 'Failed' }])
  await expect(
    west.send(
      new CreateProvisionedModelThroughputCommand({
        provisionedModelName: 'none',
        modelId: failing.modelArn,
        modelUnits: 1,
      }),
    ),
  ).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining('Failed') })
  await west.send(new DeleteCustomModelCommand({ modelIdentifier: failing.modelArn }))
  await west.send(
    new DeleteCustomModelDeploymentCommand({
      customModelDeploymentIdentifier: deployed.customModelDeploymentArn,
    }),
  )
  await west.send(new DeleteCustomModelCommand({ modelIdentifier: modelArn }))
  expect(homeModels().some((name) => name.startsWith('imported-'))).toBe(false)
  expect(server.failures).toEqual([])
}, 120_000)
