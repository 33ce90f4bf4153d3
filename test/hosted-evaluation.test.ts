import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  startCompletionServer,
  type CompletionServer,
} from '../src/providers/openai-compatible/testing/completion-server.ts'
import { runHone, type RunOptions } from './testing/run-hone.ts'
import { colourRecords, tinyHome, writeRecords, type TinyHome } from './testing/tiny-home.ts'

let tiny: TinyHome

const key = 'sk-test-0123456789abcdef'

beforeAll(async () => {
  tiny = await tinyHome()
  writeRecords(tiny.work, 'data.jsonl', colourRecords(90))
  writeRecords(
    tiny.work,
    'ratings.jsonl',
    Array.from({ length: 25 }, (_, at) => ({
      input: `case ${at}`,
      expected: 'red',
      answer: at % 2 === 0 ? 'red' : 'blue',
      rating: at % 2 === 0 ? 5 : 1,
    })),
  )
})

/** Names the colour of the question, wrongly for one row in three; judges by equality with what is expected. */
function script({ body }: { readonly body: { readonly messages: readonly { readonly content: string }[] } }) {
  const asked = body.messages.at(-1)!.content
  if (!asked.startsWith('{')) return asked.length % 3 === 0 ? 'grey' : asked.split(' ').at(-1)!
  const { expected, answer } = JSON.parse(asked) as { expected: string; answer: string }
  return `{"reason": "compared", "score": ${answer === expected ? 5 : 1}}`
}

const configOf = (server: CompletionServer, more = ''): string => `schema: 1
name: hosted
data: data.jsonl
task: { kind: labels }
base: tiny
evaluation:
  maxTokens: 4
  candidates:
    - base
    - id: big
      model: openai-compatible:big-model
      url: ${server.url}
      keyVariable: BIG_KEY
      concurrency: 2
      temperature: 0.7
      repeats: 2
  prices: { big: { input: 3, output: 15 } }
${more}`

async function hone(status: number, args: readonly string[], more: Partial<RunOptions> = {}) {
  const options = { home: tiny.home, cwd: tiny.work, env: { BIG_KEY: key }, ...more }
  const result = await runHone([...args, '--json'], options)
  if (result.status !== status)
    throw new Error(`ended with ${result.status}: ${result.stdout}${result.stderr}`)
  expect(`${result.stdout}${result.stderr}`).not.toContain(key)
  return { ...result, json: JSON.parse(result.stdout) as Record<string, unknown> }
}

/** An evaluation without what a clock has measured. */
const withoutTimes = (file: string): unknown =>
  JSON.parse(readFileSync(file, 'utf8'), (name, value: unknown) =>
    ['latencyMs', 'firstTokenMs', 'looks'].includes(name) ? undefined : value,
  )

describe('a hosted candidate', () => {
  test('is killed in the middle, goes on, and ends with the same evaluation', async () => {
    let send: ((signal: NodeJS.Signals) => void) | undefined
    const killAt = new Promise<NodeJS.Signals>((resolve) => (send = resolve))
    let deadly = -1
    await using server = await startCompletionServer((request, number) => {
      if (number === deadly) send?.('SIGKILL')
      return script(request)
    })
    writeFileSync(join(tiny.work, 'hone.yaml'), configOf(server))
    await hone(0, ['eval', 'run', '--output', 'whole'])
    const whole = server.seen.length
    expect(whole).toBe(28)
    expect(server.mostAtOnce).toBeLessThanOrEqual(2)
    expect(server.seen.every(({ headers }) => headers.authorization === `Bearer ${key}`)).toBe(true)

    deadly = whole + 17
    const killed = await runHone(['eval', 'run', '--output', 'cut'], {
      home: tiny.home,
      cwd: tiny.work,
      env: { BIG_KEY: key },
      killAt,
    })
    expect(killed.signal).toBe('SIGKILL')
    deadly = -1
    const { json } = await hone(0, ['eval', 'run', '--output', 'cut'])
    expect(json['asked']).toBeLessThan(28)
    // What was under way when it was killed is asked again, and no more.
    expect(server.seen.length - whole).toBeLessThanOrEqual(28 + 2)
    expect(withoutTimes(join(tiny.work, 'cut', 'evaluation.json'))).toEqual(
      withoutTimes(join(tiny.work, 'whole', 'evaluation.json')),
    )
    const before = server.seen.length
    expect((await hone(0, ['eval', 'run', '--output', 'cut'])).json).toMatchObject({ asked: 0 })
    expect(server.seen).toHaveLength(before)
  })

  test('one bad row ends nothing; a key that is refused ends all', async () => {
    let bad = true
    await using server = await startCompletionServer((request, number) =>
      bad && number === 3 ? { status: 400, body: { error: { message: 'no such row' } } } : script(request),
    )
    writeFileSync(join(tiny.work, 'hone.yaml'), configOf(server))
    const first = await hone(0, ['eval', 'run', '--output', 'bad'])
    expect(first.json).toMatchObject({ failed: 1 })
    expect(first.stderr).toContain('status 400: no such row')
    bad = false
    expect((await hone(0, ['eval', 'run', '--output', 'bad'])).json).toMatchObject({ asked: 1, failed: 0 })

    await using strict = await startCompletionServer(() => ({
      status: 401,
      body: { error: { message: `no: ${key}` } },
    }))
    writeFileSync(join(tiny.work, 'hone.yaml'), configOf(strict))
    expect((await hone(3, ['eval', 'run', '--output', 'strict'])).json).toMatchObject({
      error: { code: 'E_PROVIDER', hint: 'look whether BIG_KEY holds a key for this service' },
    })
    expect(strict.seen).toHaveLength(1)
    expect((await hone(2, ['eval', 'run'], { env: { BIG_KEY: '' } })).json).toMatchObject({
      error: { code: 'E_CONFIG', message: 'the environment variable BIG_KEY is empty' },
    })
  })

  test('what it may cost is said before, and is no more than is allowed', async () => {
    await using server = await startCompletionServer(script)
    writeFileSync(join(tiny.work, 'hone.yaml'), configOf(server))
    const refused = await hone(2, ['eval', 'run', '--output', 'dear', '--max-usd', '0.0001'])
    expect(refused.json).toMatchObject({
      error: {
        code: 'E_BUDGET',
        message: expect.stringMatching(/^28 calls may cost \$0\.00\d+, and/) as string,
      },
    })
    expect(server.seen).toHaveLength(0)
    const run = await hone(0, ['eval', 'run', '--output', 'dear', '--max-usd', '1'])
    expect(run.stderr).toMatch(/big-model at 127\.0\.0\.1:\d+: at most 28 calls, at most about \$0\.00/)
    const { cost } = run.json as { cost: { calls: number; quotedUsd: number; usd: number } }
    expect(cost.calls).toBe(28)
    expect(cost.usd).toBeGreaterThan(0)
    // Answered before: nothing to pay, whatever is allowed.
    const again = await hone(0, ['eval', 'run', '--output', 'dear', '--max-usd', '0'])
    expect(again.json['cost']).toMatchObject({ calls: 0, usd: 0 })
  })
})

const paidRun = (status: number, usd: string) =>
  hone(status, ['run', '--output', 'paid', '--max-usd', usd, 'hone.yaml'])

test('hone run keeps to what is allowed, and pays for nothing twice', async () => {
  await using server = await startCompletionServer(script)
  const config = configOf(server).replace('    - base\n', '    - base\n    - tuned\n')
  const judge = `judge: { model: "openai-compatible:wise", url: "${server.url}", rubric: Right or wrong., price: { input: 1, output: 1 } }\n`
  writeFileSync(join(tiny.work, 'hone.yaml'), `${config}training: { maxSteps: 2, batchSize: 4 }\n${judge}`)
  const refused = await paidRun(2, '0.0001')
  expect(refused.json).toMatchObject({ error: { code: 'E_BUDGET' } })
  expect(server.seen).toHaveLength(0)
  const paid = await paidRun(1, '1')
  expect(paid.stderr).toMatch(/big-model at 127\.0\.0\.1:\d+: at most 28 calls, at most about \$/)
  const { cost } = paid.json as { cost: { calls: number; usd: number; quotedUsd: number } }
  expect(cost.calls).toBe(server.seen.length)
  expect(cost.usd).toBeGreaterThan(0)
  expect(cost.usd).toBeLessThanOrEqual(cost.quotedUsd)
  expect((await paidRun(1, '0')).json).toMatchObject({ cost: { calls: 0, usd: 0, quotedUsd: 0 } })
})

test('labels that a hosted candidate cannot decide are refused before it is asked', async () => {
  await using server = await startCompletionServer(script)
  const once = configOf(server).replace('      repeats: 2\n', '')
  const decided = once.replace('kind: labels', 'kind: labels, decide: likeliest')
  writeFileSync(join(tiny.work, 'hone.yaml'), decided)
  const refused = await hone(2, ['eval', 'run', '--output', 'undecided'])
  expect(refused.json).toMatchObject({
    error: {
      code: 'E_CONFIG',
      message: expect.stringContaining('which the hosted candidate "big" does not give') as string,
      hint: expect.stringContaining('decide: answer') as string,
    },
  })
  expect(server.seen).toHaveLength(0)
  const own = decided.replace('concurrency: 2', 'concurrency: 2\n      decide: answer')
  writeFileSync(join(tiny.work, 'hone.yaml'), own)
  const { json } = await hone(0, ['eval', 'run', '--output', 'undecided'])
  const { candidates } = json['evaluation'] as { candidates: { id: string; labelRule?: object }[] }
  expect(candidates.map(({ labelRule }) => labelRule !== undefined)).toEqual([true, false])
})

test('a hosted judge: quoted, compared with people, kept, and obeyed by the gate only when it agrees with them', async () => {
  await using server = await startCompletionServer(script)
  const judge = (more: string): string =>
    `judge: { model: "openai-compatible:wise", url: "${server.url}", rubric: Right or wrong., price: { input: 1, output: 1 }${more} }\n`
  const gate = 'gate: ["judge of big >= 0"]\n'
  writeFileSync(join(tiny.work, 'hone.yaml'), configOf(server, judge('') + gate))
  const run = ['eval', 'run', '--output', 'judged', '--max-usd', '1']
  const first = await hone(0, run)
  expect(first.json['evaluation']).toMatchObject({
    metrics: [{ id: 'accuracy' }, { id: 'macro-f1' }, { id: 'judge' }],
    judge: { model: 'openai-compatible:wise', judged: 28, failed: 0, scores: { standing: 'unverified' } },
  })
  expect(first.stderr).toMatch(/wise at 127\.0\.0\.1:\d+: at most 28 calls, at most about \$/)
  expect(first.stderr).toContain("judge's scores unverified")
  const { candidates } = first.json['evaluation'] as {
    candidates: { scores: { metric: string; value: number }[]; rows: { correct: boolean }[] }[]
  }
  for (const { scores, rows } of candidates) {
    const right = rows.filter(({ correct }) => correct).length / rows.length
    expect(scores.find(({ metric }) => metric === 'judge')?.value).toBeCloseTo(right, 12)
  }
  const verdict = async (status: number) =>
    (await hone(status, ['gate', '--candidate', 'big', '--output', 'judged'])).json
  expect(await verdict(1)).toMatchObject({
    rules: [{ outcome: 'not enough data', reason: expect.stringContaining('unverified') as string }],
  })
  const before = server.seen.length
  writeFileSync(join(tiny.work, 'hone.yaml'), configOf(server, judge(', ratings: ratings.jsonl') + gate))
  expect((await hone(0, run)).json['evaluation']).toMatchObject({
    judge: { scores: { standing: 'verified', agreement: { cases: 25, same: 1 } } },
  })
  // Only what people rated is new, and much of it is alike.
  expect(server.seen.length - before).toBe(25)
  expect(await verdict(0)).toMatchObject({ verdict: 'promoted' })
  writeFileSync(join(tiny.work, 'hone.yaml'), configOf(server, judge(', trusted: true') + gate))
  await hone(0, run)
  expect(await verdict(0)).toMatchObject({ verdict: 'promoted' })
})
