import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from './testing/start-server.ts'
import { colourRecords, tinyHome, writeRecords, type TinyHome } from './testing/tiny-home.ts'
import { missingPackage, python } from './testing/vendor-python.ts'

const run = promisify(execFile)

const reason = missingPackage('openai')
if (reason !== undefined) process.stderr.write(`scripts of OpenAI's Python client are not run: ${reason}\n`)

describe.skipIf(reason !== undefined)("OpenAI's Python client", () => {
  let home: TinyHome
  let server: TestServer

  beforeAll(async () => {
    home = await tinyHome(2048)
    server = await startServer(home)
  }, 60_000)
  afterAll(() => server[Symbol.asyncDispose]())

  async function script(name: string, ...words: string[]): Promise<string> {
    const { stdout } = await run(python, [`examples/openai/${name}`, ...words], {
      env: {
        ...process.env,
        OPENAI_BASE_URL: `${server.endpoint}/v1`,
        OPENAI_API_KEY: server.bearer,
      },
    })
    return stdout
  }

  test('tunes a model, follows its events and asks it', async () => {
    const train = writeRecords(home.work, 'train.jsonl', colourRecords(48, 1))
    const validation = writeRecords(home.work, 'validation.jsonl', colourRecords(12, 2))
    const said = await script('fine_tune.py', train, validation, 'ab red')
    expect(said).toMatch(/^Created fine-tuning job: ftjob-/)
    expect(said).toMatch(/^Step \d+\/12: training loss=\d/m)
    expect(said).toContain('status succeeded')
    expect(said).toContain('columns step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy')
    expect(said.match(/^checkpoint (12|6) \d/gm)).toHaveLength(2)
    expect(said).toMatch(/^model ft:gpt-4o-mini-2024-07-18:hone:first-try:[a-z0-9]{12}$/m)
    const [base, tuned] = ['base ', 'tuned'].map((name) =>
      said
        .split('\n')
        .find((line) => line.startsWith(name))
        ?.slice(6),
    )
    expect(tuned).toBeDefined()
    expect(tuned).not.toBe(base)
    expect(server.failures).toEqual([])
  }, 120_000)

  test('answers a file of questions in one batch', async () => {
    const file = join(home.work, 'questions.txt')
    writeFileSync(file, 'ab red\nab green\nab blue\n')
    const said = await script('batch.py', file)
    expect(said).toMatch(/^completed counts 3 of 3/)
    expect(said.match(/^question-\d ./gm)).toHaveLength(3)
    expect(server.failures).toEqual([])
  }, 60_000)

  test('asks a model in every way', async () => {
    const said = await script('chat.py', 'gpt-4o-mini', 'Red or blue?')
    const lines = said.trimEnd().split('\n')
    const [whole, streamed, schema, call, response, after, refused] = lines
    expect(whole).toMatch(/^whole "/)
    expect(streamed).toBe(whole?.replace('whole', 'streamed'))
    expect(schema).toBe('schema True')
    expect(call).toBe('call paint True')
    expect(response).toBe(whole?.replace('whole', 'response'))
    expect(after).toBe("goes on True ['user', 'assistant', 'user']")
    expect(refused).toBe('refused frequency_penalty unsupported_value')
  })
})
