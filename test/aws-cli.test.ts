import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from './testing/start-server.ts'
import { colourRecords, tinyHome, writeRecords, type TinyHome } from './testing/tiny-home.ts'
import { missingPackage, python } from './testing/vendor-python.ts'

const run = promisify(execFile)
const haiku = 'anthropic.claude-3-haiku-20240307-v1:0:200k'

/** The words of a command and its options. */
const command = (name: string, options: Readonly<Record<string, string>>): string[] => [
  ...name.split(' '),
  ...Object.entries(options).flatMap(([option, value]) => [`--${option}`, value]),
]

const reason = missingPackage('awscli')
if (reason !== undefined) process.stderr.write(`commands of the aws CLI are not run: ${reason}\n`)

describe.skipIf(reason !== undefined)('the aws CLI', () => {
  let home: TinyHome
  let server: TestServer

  beforeAll(async () => {
    home = await tinyHome()
    server = await startServer(home)
  }, 60_000)
  afterAll(() => server[Symbol.asyncDispose]())

  async function aws(...words: string[]): Promise<string> {
    const { stdout } = await run(
      python,
      ['-m', 'awscli', '--region', 'us-west-2', '--output', 'json', ...words],
      {
        cwd: home.work,
        env: {
          ...process.env,
          // The user's own settings, such as another output or an assumed role, are not meant.
          AWS_CONFIG_FILE: join(home.work, 'no-config'),
          AWS_SHARED_CREDENTIALS_FILE: join(home.work, 'no-credentials'),
          AWS_ENDPOINT_URL: server.endpoint,
          AWS_ACCESS_KEY_ID: server.credentials.accessKeyId,
          AWS_SECRET_ACCESS_KEY: server.credentials.secretAccessKey,
          AWS_EC2_METADATA_DISABLED: 'true',
          AWS_PAGER: '',
        },
      },
    )
    return stdout
  }

  const json = async (...words: string[]): Promise<Record<string, string>> =>
    JSON.parse(await aws(...words)) as Record<string, string>

  test('says who it is', async () => {
    expect(await json('sts', 'get-caller-identity')).toMatchObject({
      Account: '000000000000',
      Arn: 'arn:aws:iam::000000000000:user/developer',
    })
  })

  test('copies, lists, synchronises and presigns', async () => {
    await aws('s3', 'mb', 's3://cli')
    const folder = join(home.work, 'tree')
    mkdirSync(join(folder, 'deep er'), { recursive: true })
    writeFileSync(join(folder, 'a.txt'), 'first')
    writeFileSync(join(folder, 'deep er', 'b+c.txt'), 'second')
    // In parts, as the CLI does from 8 MB on.
    const large = Buffer.alloc(9 * 2 ** 20, 'abcdefg')
    writeFileSync(join(folder, 'large.bin'), large)
    await aws('s3', 'sync', folder, 's3://cli/tree')
    expect(await aws('s3', 'sync', folder, 's3://cli/tree')).toBe('')
    const listed = await aws('s3', 'ls', 's3://cli/tree/', '--recursive')
    expect(
      listed
        .trim()
        .split('\n')
        .map((line) => line.slice(31).trim()),
    ).toEqual(['tree/a.txt', 'tree/deep er/b+c.txt', 'tree/large.bin'])
    expect(await aws('s3', 'ls', 's3://cli/tree/')).toContain('PRE deep er/')
    await aws('s3', 'cp', 's3://cli/tree/large.bin', join(home.work, 'back.bin'))
    expect(readFileSync(join(home.work, 'back.bin')).equals(large)).toBe(true)
    await aws('s3', 'cp', 's3://cli/tree/a.txt', 's3://cli/copied.txt')
    const url = (await aws('s3', 'presign', 's3://cli/copied.txt', '--expires-in', '60')).trim()
    const answer = await fetch(url)
    expect([answer.status, await answer.text()]).toEqual([200, 'first'])
    await aws('s3', 'rm', 's3://cli/tree', '--recursive')
    expect((await aws('s3', 'ls', 's3://cli', '--recursive')).trim()).toMatch(/copied\.txt$/)
    await expect(aws('s3', 'rb', 's3://cli')).rejects.toThrow('BucketNotEmpty')
    await aws('s3', 'rb', 's3://cli', '--force')
  }, 120_000)

  test('tunes a model and asks it', async () => {
    const files = {
      train: writeRecords(home.work, 'train.jsonl', colourRecords(48, 1)),
      validation: writeRecords(home.work, 'validation.jsonl', colourRecords(12, 2)),
    }
    await aws('s3', 'mb', 's3://tuning')
    for (const file of Object.values(files)) await aws('s3', 'cp', file, 's3://tuning/')
    const { jobArn = '' } = await json(
      ...command('bedrock create-model-customization-job', {
        'job-name': 'cli-job',
        'custom-model-name': 'cli-model',
        'role-arn': 'arn:aws:iam::000000000000:role/Tuning',
        'base-model-identifier': haiku,
        'customization-type': 'FINE_TUNING',
        'training-data-config': 's3Uri=s3://tuning/train.jsonl',
        'validation-data-config': 'validators=[{s3Uri=s3://tuning/validation.jsonl}]',
        'output-data-config': 's3Uri=s3://tuning/out',
        'hyper-parameters': 'epochCount=1,batchSize=8',
      }),
    )
    const job = (): Promise<Record<string, string>> =>
      json(...command('bedrock get-model-customization-job', { 'job-identifier': jobArn }))
    let state = await job()
    for (; state['status'] === 'InProgress'; state = await job()) await pause(200)
    expect(state).toMatchObject({ status: 'Completed', outputModelName: 'cli-model' })
    const { jobs = '' } = await json(
      ...command('bedrock list-model-customization-jobs', {
        'max-items': '1',
        query: '{jobs: modelCustomizationJobSummaries[].jobName}',
      }),
    )
    expect(jobs).toEqual(['cli-job'])
    const { provisionedModelArn = '' } = await json(
      ...command('bedrock create-provisioned-model-throughput', {
        'model-units': '1',
        'provisioned-model-name': 'cli',
        'model-id': 'cli-model',
      }),
    )
    const ask = async (modelId: string): Promise<{ readonly text?: string }[]> => {
      const body = {
        anthropic_version: 'bedrock-2023-05-31',
        max_tokens: 6,
        temperature: 0,
        messages: [{ role: 'user', content: 'ab cd red' }],
      }
      writeFileSync(join(home.work, 'body.json'), JSON.stringify(body))
      const options = { 'model-id': modelId, body: 'file://body.json' }
      await aws(...command('bedrock-runtime invoke-model', options), 'out.json')
      const answer = readFileSync(join(home.work, 'out.json'), 'utf8')
      return (JSON.parse(answer) as { content: { readonly text?: string }[] }).content
    }
    const tuned = await ask(provisionedModelArn)
    expect(tuned).toEqual(await ask(provisionedModelArn))
    expect(tuned).not.toEqual(await ask(haiku))
    const { output } = await json(
      ...command('bedrock-runtime converse', {
        'model-id': provisionedModelArn,
        'inference-config': 'maxTokens=6,temperature=0',
        messages: '[{"role":"user","content":[{"text":"ab cd red"}]}]',
      }),
    )
    expect(output).toMatchObject({ message: { content: [{ text: tuned[0]?.text }] } })
    await expect(aws('bedrock', 'delete-custom-model', '--model-identifier', 'cli-model')).rejects.toThrow(
      'ConflictException',
    )
    await aws('bedrock', 'delete-provisioned-model-throughput', '--provisioned-model-id', 'cli')
    await aws('bedrock', 'delete-custom-model', '--model-identifier', 'cli-model')
    expect(server.failures).toEqual([])
  }, 120_000)
})
