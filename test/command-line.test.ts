import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { tinyTuned } from '../src/engine/export/testing/tiny-exports.ts'
import { tinyGguf } from '../src/engine/weights/testing/hugging-face-folder.ts'
import { runHone } from './testing/run-hone.ts'
import { colourRecords, tinyHome, writeRecords, type TinyHome } from './testing/tiny-home.ts'

let tiny: TinyHome

beforeAll(async () => {
  tiny = await tinyHome()
})

const data = (): string => writeRecords(tiny.work, 'colours.jsonl', colourRecords(60))
const settings = (out: string): string[] => [
  'train',
  `--data=${data()}`,
  `--base=${tiny.base}`,
  `--out=${join(tiny.work, out)}`,
  '--epochs=40',
  '--max-steps=60',
  '--batch=4',
  '--checkpoint-every=5',
]

/** Shows what the command said when it ended otherwise than it should. */
function expectStatus(
  result: { readonly status: number | null; readonly stderr: string },
  status: number,
): void {
  if (result.status !== status)
    throw new Error(`ended with ${result.status}, not ${status}: ${result.stderr}`)
}

const json = async (...args: string[]): Promise<Record<string, unknown>> => {
  const result = await runHone([...args, '--json'], { home: tiny.home })
  expectStatus(result, 0)
  expect(result.stdout.trimEnd()).not.toContain('\n')
  return JSON.parse(result.stdout) as Record<string, unknown>
}

test('models: import, list, show, remove', async () => {
  expect(await json('models', 'import', tinyGguf, '--id', 'second')).toMatchObject({
    schema: 1,
    model: { kind: 'base', id: 'second' },
  })
  expect(await json('models', 'list')).toMatchObject({
    schema: 1,
    models: [{ id: 'second' }, { id: tiny.base }],
    available: [{ id: 'smollm2-135m-instruct' }],
  })
  expect(await json('models', 'show', 'second')).toMatchObject({ model: { id: 'second' }, template: {} })
  expect(await json('models', 'remove', 'second')).toMatchObject({ schema: 1, id: 'second' })
  const gone = await runHone(['models', 'show', 'second', '--json'], { home: tiny.home })
  expect(gone).toMatchObject({ status: 2, stderr: '' })
  expect(JSON.parse(gone.stdout)).toMatchObject({ error: { code: 'E_MODEL_UNKNOWN' } })
})

test('models: an adapter is imported, chatted with and exported', async () => {
  const { adapterFolder } = await tinyTuned(join(tiny.work, 'adapter'), 'gguf')
  const imported = await json('models', 'import', adapterFolder, '--base', tiny.base, '--id', 'mine')
  expect(imported).toMatchObject({
    model: { kind: 'tuned', base: tiny.base, imported: { from: adapterFolder } },
  })
  const answer = await json('chat', 'mine', 'hello', '--max-tokens', '3')
  expect(answer).toMatchObject({ schema: 1 })
  const out = join(tiny.work, 'exported')
  const args = ['models', 'export', 'mine', '--gguf', '--merged', '--type', 'Q8_0', '--out', out]
  expect(await json(...args)).toMatchObject({
    schema: 1,
    form: 'gguf-merged',
    type: 'Q8_0',
    rounding: { from: 'built-in' },
    files: [{ name: 'Modelfile' }, { name: 'model.gguf' }],
  })
  const again = await runHone(args, { home: tiny.home })
  expect(again).toMatchObject({ status: 2, stdout: '' })
  expect(again.stderr).toContain('error E_EXISTS')
  const forced = await runHone([...args, '--force'], { home: tiny.home })
  expect(forced.stdout).toMatch(/^export {4}mine of tiny: merged weights for llama.cpp and Ollama in Q8_0\n/)
  expect(forced.stdout).toContain('\nnext      ollama create NAME')
  await json('models', 'remove', 'mine')
})

test('--home goes before HONE_HOME', async () => {
  const other = join(tiny.work, 'other')
  const result = await runHone(['--home', other, 'models', 'list', '--json'], { home: tiny.home })
  expect(JSON.parse(result.stdout)).toMatchObject({ folder: join(other, 'models'), models: [] })
  expect(existsSync(other)).toBe(false)
})

test('doctor', async () => {
  const result = await runHone(['doctor', '--json'], { home: tiny.home, env: { HONE_OFFLINE: '1' } })
  const report = JSON.parse(result.stdout) as { usable: boolean; checks: { name: string; status: string }[] }
  expect(report.checks.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'node',
      'platform',
      'processor',
      'memory',
      'runtime',
      'home',
      'disk',
      'base',
      'sources',
    ]),
  )
  expect(report.checks.find(({ name }) => name === 'runtime')).toMatchObject({ status: 'ok' })
  // Offline and without the default base, which is what keeps it from working.
  expect(report.usable).toBe(false)
  expect(result.status).toBe(3)
})

describe('chat', () => {
  test('answers a prompt, the same way each time', async () => {
    const args = ['chat', tiny.base, 'hello', '--max-tokens', '4', '--temperature', '1', '--seed', '5']
    const first = await json(...args, '--logprobs')
    expect(first).toMatchObject({
      schema: 1,
      model: tiny.base,
      finishReason: expect.stringMatching(/^(stop|length)$/),
      usage: { promptTokens: expect.any(Number), completionTokens: expect.any(Number) },
    })
    expect((first['logProbabilities'] as number[]).length).toBeGreaterThan(0)
    expect((await json(...args))['answer']).toBe(first['answer'])
    const text = await runHone(args, { home: tiny.home })
    expect(text.stdout).toBe(`${String(first['answer'])}\n`)
    expect(text.stderr).toContain(`${tiny.base} (base)`)
  })

  test('takes the prompt from a pipe', async () => {
    const piped = await pipe(['chat', tiny.base, '--max-tokens', '4', '--json'], 'hello\n')
    expect(piped.status).toBe(0)
    const given = await json('chat', tiny.base, 'hello', '--max-tokens', '4')
    expect(JSON.parse(piped.stdout)).toEqual(given)
  })

  test('a reader that goes away is no error', async () => {
    const child = start(['chat', tiny.base, 'hello', '--max-tokens', '30'])
    child.stdin.end()
    child.stdout.destroy()
    let stderr = ''
    child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString()))
    const [status] = (await once(child, 'close')) as [number]
    expect(status).toBe(0)
    expect(stderr).not.toContain('error')
  })
})

describe('train', () => {
  test('--dry-run says what would be done and writes nothing', async () => {
    const planned = await json(...settings('planned'), '--dry-run')
    expect(planned).toMatchObject({
      schema: 1,
      dryRun: true,
      plan: { steps: 60, settings: { batchSize: 4 } },
      base: { id: tiny.base },
      examples: { dropped: 0 },
      folder: join(tiny.work, 'planned'),
    })
    const text = await runHone([...settings('planned'), '--dry-run'], { home: tiny.home })
    expect(text.stdout).toMatch(/--learning-rate +0\.001 +\S/)
    expect(existsSync(join(tiny.work, 'planned'))).toBe(false)
  })

  test('progress goes to standard error, the result to standard output', async () => {
    const result = await runHone(settings('whole'), { home: tiny.home })
    expectStatus(result, 0)
    expect(result.stdout).toMatch(/^model {5}whole .*\nnext {6}hone chat .*\n$/)
    expect(result.stderr).toMatch(/^train {5}step 60\/60 · loss .* → .* examples\/s · \d+ s$/m)
    expect(result.stderr).not.toContain('\u001b')
  })

  test('--from goes on with a tuned model, whose adapter it keeps as it is', async () => {
    expectStatus(await runHone(settings('first'), { home: tiny.home }), 0)
    const first = join(tiny.work, 'first')
    const args = ['train', '--data', data(), '--from', first, '--out', join(tiny.work, 'second')]
    const planned = await json(...args, '--rank', '16', '--dry-run')
    expect(planned).toMatchObject({ start: { model: 'first' }, base: { id: tiny.base } })
    expect(planned['seconds']).toBeGreaterThan(0)
    const { reasons } = planned['plan'] as { reasons: Record<string, string> }
    expect(reasons['targets']).toBe('that of first')
    const lines = await runHone([...args, '--dry-run'], { home: tiny.home })
    expect(lines.stdout).toMatch(/^train {5}first \(of tiny\), lora r16 .*$/m)

    const refused = async (...more: string[]): Promise<unknown> => {
      const { status, stdout } = await runHone([...args, ...more, '--dry-run', '--json'], { home: tiny.home })
      return { status, ...(JSON.parse(stdout) as object) }
    }
    expect(await refused('--rank', '8')).toMatchObject({
      status: 2,
      error: { code: 'E_CONFIG', message: 'rank is 8, but the adapter of first has 16' },
    })
    expect(await refused('--from', tiny.base)).toMatchObject({
      error: { code: 'E_CONFIG', hint: `start from it with --base ${tiny.base}` },
    })
    expect(await refused('--method', 'dpo')).toMatchObject({
      error: { code: 'E_DATA', message: expect.stringContaining('54 of 54') },
    })
  })

  test('Ctrl-C saves a checkpoint, and the command that is then shown goes on', async () => {
    const out = join(tiny.work, 'cut')
    const events = join(out, 'events.jsonl')
    let sent = false
    const timer = setInterval(() => {
      if (sent || !existsSync(events) || !readFileSync(events, 'utf8').includes('"step"')) return
      sent = true
      child.kill('SIGINT')
    }, 20)
    const child = start([...settings('cut'), '--max-steps', '4000', '--epochs', '1000'])
    child.stdin.end()
    let stderr = ''
    child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString()))
    child.stdout.resume()
    const [status] = (await once(child, 'close')) as [number]
    clearInterval(timer)
    expectStatus({ status, stderr }, 130)
    expect(stderr).toContain('saving a checkpoint … (again to end at once)')
    expect(stderr).toContain('error E_INTERRUPTED')
    const [, command = ''] = /continue with: hone (.*)/.exec(stderr) ?? []
    expect(command).toBe(`train --resume ${out}`)
    expect(await json('models', 'show', out)).toMatchObject({ model: { kind: 'unfinished' } })
    const again = start(command.split(' '))
    again.stdin.end()
    again.stdout.resume()
    let resumed = ''
    again.stderr.on('data', (bytes: Buffer) => {
      resumed += bytes.toString()
      if (resumed.includes('goes on after step')) again.kill('SIGTERM')
    })
    const [second] = (await once(again, 'close')) as [number]
    expectStatus({ status: second, stderr: resumed }, 130)
    expect(resumed).toMatch(/goes on after step \d+/)
  })
})

test('run says what a folder without a configuration lacks', async () => {
  const result = await runHone(['run', tiny.work], { home: tiny.home })
  expect(result).toMatchObject({ status: 2, stdout: '' })
  expect(result.stderr).toContain('error E_CONFIG')
})

test('run: one object with --json, and a status that follows the verdict', async () => {
  writeRecords(tiny.work, 'run.jsonl', colourRecords(90))
  const { adapterFolder } = await tinyTuned(join(tiny.work, 'other'), 'gguf')
  await json('models', 'import', adapterFolder, '--base', tiny.base, '--id', 'other')
  writeFileSync(
    join(tiny.work, 'hone.yaml'),
    `schema: 1\nname: colours\ndata: run.jsonl\ntask: { kind: labels }\nbase: ${tiny.base}\nprompt: { fewShot: 0 }\nevaluation: { maxTokens: 4, candidates: [base, 'model:other', tuned] }\n`,
  )
  const args = ['run', tiny.work, '--max-steps', '2', '--limit', '6', '--json']
  const result = await runHone(args, { home: tiny.home, cwd: tiny.work })
  const outcome = JSON.parse(result.stdout) as { passed: boolean }
  expect(outcome).toMatchObject({
    schema: 1,
    passed: false,
    model: { id: 'colours-1' },
    reportFile: join(tiny.work, 'out', 'colours', 'report.html'),
    evaluation: { candidates: [{ id: 'base' }, { id: 'model:other', title: 'other' }, { id: 'tuned' }] },
    reused: [],
  })
  expect(outcome).not.toHaveProperty('lines')
  // Two steps and six rows prove nothing.
  expect(result.status).toBe(1)
})

interface Piped {
  readonly status: number
  readonly stdout: string
}

function start(args: readonly string[]): ReturnType<typeof spawn> & {
  stdin: NonNullable<ReturnType<typeof spawn>['stdin']>
  stdout: NonNullable<ReturnType<typeof spawn>['stdout']>
  stderr: NonNullable<ReturnType<typeof spawn>['stderr']>
} {
  return spawn(process.execPath, ['dist/main.js', ...args], {
    env: { ...process.env, HONE_HOME: tiny.home, NO_COLOR: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

async function pipe(args: readonly string[], input: string): Promise<Piped> {
  const child = start(args)
  let stdout = ''
  child.stdout.on('data', (bytes: Buffer) => (stdout += bytes.toString()))
  child.stderr.resume()
  child.stdin.end(input)
  const [status] = (await once(child, 'close')) as [number]
  return { status, stdout }
}
