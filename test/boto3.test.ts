import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from './testing/start-server.ts'
import { colourRecords, tinyHome, writeRecords, type TinyHome } from './testing/tiny-home.ts'
import { missingPackage, python } from './testing/vendor-python.ts'

const run = promisify(execFile)

const reason = missingPackage('boto3')
if (reason !== undefined) process.stderr.write(`scripts of boto3 are not run: ${reason}\n`)

describe.skipIf(reason !== undefined)('scripts as people have them', () => {
  let home: TinyHome
  let server: TestServer

  beforeAll(async () => {
    home = await tinyHome()
    server = await startServer(home)
  }, 60_000)
  afterAll(() => server[Symbol.asyncDispose]())

  const environment = (): NodeJS.ProcessEnv => ({
    ...process.env,
    AWS_ENDPOINT_URL: server.endpoint,
    AWS_ACCESS_KEY_ID: server.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: server.credentials.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
  })

  async function script(name: string, ...words: string[]): Promise<string> {
    const { stdout } = await run(python, [`examples/boto3/${name}`, ...words], {
      env: environment(),
    })
    return stdout
  }

  test('boto3 tunes a model and asks it', async () => {
    const train = writeRecords(home.work, 'train.jsonl', colourRecords(64, 1))
    const validation = writeRecords(home.work, 'validation.jsonl', colourRecords(12, 2))
    const said = await script('fine_tune.py', train, validation, 'ab red')
    expect(said).toMatch(/^Completed/)
    expect(said).toContain('step_number,epoch_number,training_loss,perplexity')
    const [base, tuned, again] = ['base ', 'tuned', 'again'].map((name) =>
      said
        .split('\n')
        .find((line) => line.startsWith(name))
        ?.slice(6),
    )
    expect(tuned).toBeDefined()
    expect(tuned).not.toBe(base)
    expect(again).toBe(tuned)
  }, 120_000)

  test('calls that are rare and right are answered as botocore expects', async () => {
    const { stdout } = await run(python, ['test/testing/boto3_rare_calls.py'], { env: environment() })
    expect(JSON.parse(stdout)).toEqual([])
    expect(server.failures).toEqual([])
  }, 120_000)

  test('boto3 answers a file of questions in one batch', async () => {
    const file = join(home.work, 'questions.txt')
    writeFileSync(file, 'ab red\nab green\nab blue\n')
    const said = await script('batch.py', file)
    expect(said).toMatch(/^Completed/)
    expect(said).toContain('counts 3 of 3')
    expect(said.match(/^Q\d{10} ./gm)).toHaveLength(3)
    expect(said).toContain("listed [(True, 'Completed')]")
    expect(server.failures).toEqual([])
  }, 60_000)

  test('published mistakes are answered with what is right', async () => {
    const said = await script('fine_tune_as_published.py')
    expect(said).toMatch(/hyperparameters of another model: .*learningRateMultiplier/)
    expect(said).toMatch(/base without its context variant: .*:200k/)
    expect(said).toMatch(/three records: Failed: .*3 records.*32/)
    expect(server.failures).toEqual([])
  }, 60_000)
})
