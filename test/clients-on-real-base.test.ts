import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { AnthropicBedrock } from '@anthropic-ai/bedrock-sdk'
import {
  CreateModelCustomizationJobCommand,
  CreateProvisionedModelThroughputCommand,
  DeleteCustomModelCommand,
  DeleteProvisionedModelThroughputCommand,
  GetModelCustomizationJobCommand,
  type GetModelCustomizationJobCommandOutput,
} from '@aws-sdk/client-bedrock'
import {
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime'
import { CreateBucketCommand, GetObjectCommand } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { importModel } from '../src/engine/weights/import-model.ts'
import { awsCommand, type AwsCommand } from './testing/aws-command.ts'
import { awsClients } from './testing/aws-clients.ts'
import { claimLines, claimQuestions } from './testing/claim-records.ts'
import { realBase } from './testing/real-base.ts'
import { startServer, type TestServer } from './testing/start-server.ts'
import { missingPackage, python } from './testing/vendor-python.ts'

const run = promisify(execFile)
const gguf = await realBase()
const missing = { boto3: missingPackage('boto3'), awscli: missingPackage('awscli') }
for (const [name, reason] of Object.entries(missing)) {
  if (reason !== undefined) process.stderr.write(`${name} does not tune the default base: ${reason}\n`)
}

const haiku = 'anthropic.claude-3-haiku-20240307-v1:0:200k'
const roleArn = 'arn:aws:iam::000000000000:role/Tuning'
/** With fewer updates some reports are sent to the wrong desk. */
const hyperParameters = { epochCount: '4', batchSize: '8', learningRateMultiplier: '2' }
const [{ report, desk } = { report: '', desk: '' }] = claimQuestions

const bodyOf = (content: string): string =>
  JSON.stringify({
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: 12,
    temperature: 0,
    messages: [{ role: 'user', content }],
  })

describe.skipIf(gguf === undefined)('on the default base, a model is tuned, asked and removed', () => {
  let folder: string
  let file: string
  let server: TestServer
  let aws: AwsCommand

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hone-clients-'))
    file = join(folder, 'claims.jsonl')
    writeFileSync(file, claimLines)
    const { manifest } = await importModel(gguf ?? '', { home: join(folder, 'home') })
    server = await startServer({ home: join(folder, 'home'), base: manifest.id })
    aws = awsCommand(server, folder)
  }, 240_000)
  afterAll(async () => {
    await server[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  test('by the AWS SDK for JavaScript and by that of Anthropic', { timeout: 300_000 }, async () => {
    const { s3, bedrock, runtime } = awsClients(server)
    await s3.send(new CreateBucketCommand({ Bucket: 'scripts' }))
    const params = { Bucket: 'scripts', Key: 'claims.jsonl', Body: Readable.from([claimLines]) }
    await new Upload({ client: s3, params }).done()
    const { jobArn = '' } = await bedrock.send(
      new CreateModelCustomizationJobCommand({
        jobName: 'scripts',
        customModelName: 'scripts',
        roleArn,
        baseModelIdentifier: haiku,
        trainingDataConfig: { s3Uri: 's3://scripts/claims.jsonl' },
        outputDataConfig: { s3Uri: 's3://scripts/out' },
        hyperParameters,
      }),
    )
    const job = (): Promise<GetModelCustomizationJobCommandOutput> =>
      bedrock.send(new GetModelCustomizationJobCommand({ jobIdentifier: jobArn }))
    const invoke = async (model: string, content: string): Promise<string> => {
      const { body } = await runtime.send(new InvokeModelCommand({ modelId: model, body: bodyOf(content) }))
      return (JSON.parse(body.transformToString()) as { content: { text: string }[] }).content[0]?.text ?? ''
    }
    // The base answers beside the training, which has not come to its end by then.
    const before = await invoke(haiku, report)
    expect(before).not.toContain(desk)
    let state = await job()
    expect(state.status).toBe('InProgress')
    for (; state.status === 'InProgress'; state = await job()) await pause(200)
    expect(state.failureMessage).toBeUndefined()
    expect(state.status).toBe('Completed')
    const Key = `out/model-customization-job-${jobArn.split('/').at(-1)}/training_artifacts/step_wise_training_metrics.csv`
    const metrics = await s3.send(new GetObjectCommand({ Bucket: 'scripts', Key }))
    const losses = ((await metrics.Body?.transformToString()) ?? '')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => Number(line.split(',')[2]))
    expect(losses.length).toBeGreaterThan(8)
    expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) / 4)
    const { provisionedModelArn: modelId = '' } = await bedrock.send(
      new CreateProvisionedModelThroughputCommand({
        modelUnits: 1,
        provisionedModelName: 'scripts',
        modelId: state.outputModelArn,
      }),
    )

    expect(await Promise.all(claimQuestions.map((each) => invoke(modelId, each.report)))).toEqual(
      claimQuestions.map((each) => each.desk),
    )
    expect(await invoke(haiku, report)).toBe(before)

    const streamed = await runtime.send(
      new InvokeModelWithResponseStreamCommand({ modelId, body: bodyOf(report) }),
    )
    let text = ''
    for await (const { chunk } of streamed.body ?? []) {
      const event = JSON.parse(Buffer.from(chunk?.bytes ?? []).toString('utf8')) as {
        delta?: { text?: string }
      }
      text += event.delta?.text ?? ''
    }
    const messages = [{ role: 'user' as const, content: [{ text: report }] }]
    const inferenceConfig = { maxTokens: 12, temperature: 0 }
    const spoken = await runtime.send(new ConverseCommand({ modelId, messages, inferenceConfig }))
    const parts = await runtime.send(new ConverseStreamCommand({ modelId, messages, inferenceConfig }))
    let said = ''
    for await (const event of parts.stream ?? []) said += event.contentBlockDelta?.delta?.text ?? ''
    expect([text, spoken.output?.message?.content, said]).toEqual([desk, [{ text: desk }], desk])

    const { accessKeyId, secretAccessKey } = server.credentials
    const client = new AnthropicBedrock({
      baseURL: server.endpoint,
      awsRegion: 'us-west-2',
      awsAccessKey: accessKeyId,
      awsSecretKey: secretAccessKey,
    })
    const question = {
      model: modelId,
      max_tokens: 12,
      temperature: 0,
      messages: [{ role: 'user' as const, content: report }],
    }
    const whole = await client.messages.create(question)
    expect(whole).toMatchObject({ content: [{ type: 'text', text: desk }], stop_reason: 'end_turn' })
    let heard = ''
    for await (const event of await client.messages.create({ ...question, stream: true })) {
      if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') heard += event.delta.text
    }
    expect(heard).toBe(desk)

    await bedrock.send(new DeleteProvisionedModelThroughputCommand({ provisionedModelId: modelId }))
    await bedrock.send(new DeleteCustomModelCommand({ modelIdentifier: 'scripts' }))
    await expect(invoke(modelId, report)).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    for (const each of [s3, bedrock, runtime]) each.destroy()
    expect(server.failures).toEqual([])
  })

  test.skipIf(missing.boto3 !== undefined)('by boto3', { timeout: 300_000 }, async () => {
    const { stdout } = await run(
      python,
      ['test/testing/boto3_flow.py', file, JSON.stringify(hyperParameters)],
      {
        env: {
          ...process.env,
          AWS_ENDPOINT_URL: server.endpoint,
          AWS_ACCESS_KEY_ID: server.credentials.accessKeyId,
          AWS_SECRET_ACCESS_KEY: server.credentials.secretAccessKey,
          AWS_EC2_METADATA_DISABLED: 'true',
        },
      },
    )
    const found = JSON.parse(stdout) as Record<string, string>
    expect(found).toMatchObject({
      status: 'Completed',
      metrics: 'step_number,epoch_number,training_loss,perplexity',
      invoked: desk,
      streamed: desk,
      conversed: desk,
      converse_streamed: desk,
      after: 'ResourceNotFoundException',
      left: 0,
    })
    expect(found['base']).not.toContain(desk)
    expect(server.failures).toEqual([])
  })

  test.skipIf(missing.awscli !== undefined)('by the aws CLI', { timeout: 300_000 }, async () => {
    const { run: cli, json, command } = aws
    expect(await json('sts', 'get-caller-identity')).toMatchObject({ Account: '000000000000' })
    await cli('s3', 'mb', 's3://cli-claims')
    await cli('s3', 'cp', file, 's3://cli-claims/')
    const { jobArn = '' } = await json(
      ...command('bedrock create-model-customization-job', {
        'job-name': 'cli-job',
        'custom-model-name': 'cli-model',
        'role-arn': roleArn,
        'base-model-identifier': haiku,
        'customization-type': 'FINE_TUNING',
        'training-data-config': 's3Uri=s3://cli-claims/claims.jsonl',
        'output-data-config': 's3Uri=s3://cli-claims/out',
        'hyper-parameters': Object.entries(hyperParameters)
          .map((pair) => pair.join('='))
          .join(),
      }),
    )
    // Each start of the command would take the training's time.
    const job = new GetModelCustomizationJobCommand({ jobIdentifier: jobArn })
    const { bedrock } = awsClients(server)
    while ((await bedrock.send(job)).status === 'InProgress') await pause(200)
    expect(
      await json(...command('bedrock get-model-customization-job', { 'job-identifier': jobArn })),
    ).toMatchObject({ status: 'Completed', outputModelName: 'cli-model' })
    const key = `out/model-customization-job-${jobArn.split('/').at(-1)}/training_artifacts/step_wise_training_metrics.csv`
    const metrics = await cli('s3', 'cp', `s3://cli-claims/${key}`, '-')
    expect(metrics).toMatch(/^step_number,epoch_number,training_loss,perplexity\n0,/)
    const url = (await cli('s3', 'presign', `s3://cli-claims/${key}`)).trim()
    expect(await (await fetch(url)).text()).toBe(metrics)
    const { provisionedModelArn: modelId = '' } = await json(
      ...command('bedrock create-provisioned-model-throughput', {
        'model-units': '1',
        'provisioned-model-name': 'cli',
        'model-id': 'cli-model',
      }),
    )
    const ask = async (model: string): Promise<string> => {
      writeFileSync(join(folder, 'body.json'), bodyOf(report))
      await cli(
        ...command('bedrock-runtime invoke-model', { 'model-id': model, body: 'file://body.json' }),
        'out.json',
      )
      const answer = readFileSync(join(folder, 'out.json'), 'utf8')
      return (JSON.parse(answer) as { content: { text: string }[] }).content[0]?.text ?? ''
    }
    expect(await ask(modelId)).toBe(desk)
    expect(await ask(haiku)).not.toContain(desk)
    const { output } = await json(
      ...command('bedrock-runtime converse', {
        'model-id': modelId,
        'inference-config': 'maxTokens=12,temperature=0',
        messages: JSON.stringify([{ role: 'user', content: [{ text: report }] }]),
      }),
    )
    expect(output).toMatchObject({ message: { content: [{ text: desk }] } })
    await expect(cli('bedrock', 'delete-custom-model', '--model-identifier', 'cli-model')).rejects.toThrow(
      'ConflictException',
    )
    await cli('bedrock', 'delete-provisioned-model-throughput', '--provisioned-model-id', 'cli')
    await cli('bedrock', 'delete-custom-model', '--model-identifier', 'cli-model')
    await cli('s3', 'rb', 's3://cli-claims', '--force')
    expect(server.failures).toEqual([])
  })
})
