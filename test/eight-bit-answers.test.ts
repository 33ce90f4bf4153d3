import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import OpenAI, { APIConnectionError } from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { importModel } from '../src/engine/weights/import-model.ts'
import type { Evaluation } from '../src/evaluate/evaluation.ts'
import { claimLines } from './testing/claim-records.ts'
import { realBase } from './testing/real-base.ts'
import { runHone } from './testing/run-hone.ts'
import { freePort } from './testing/server-process.ts'
import { tinyHome } from './testing/tiny-home.ts'

const gguf = await realBase()
const question = 'Name three rivers of Europe.'

const configOf = (base: string): string => `schema: 1
name: rounded
data: data.jsonl
task: { kind: text }
base: ${base}
evaluation:
  maxTokens: 12
  limit: 4
  candidates: [base, { id: rounded, model: base, arithmetic: int8 }]
`

describe.skipIf(gguf === undefined)('a base with weights of four bits answers from inputs of eight', () => {
  let folder: string
  let home: string
  let base: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hone-eight-bit-'))
    home = join(folder, 'home')
    base = (await importModel(gguf ?? '', { home })).manifest.id
  }, 240_000)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('in chat, which says what that changes', async () => {
    const ask = ['chat', base, question, '--max-tokens', '16']
    const exact = await runHone(ask, { home })
    const rounded = await runHone([...ask, '--arithmetic', 'int8'], { home })
    expect([exact.status, rounded.status]).toEqual([0, 0])
    expect(exact.stderr).not.toContain('eight bits')
    const said = /eight bits: at ([\d.]+) % of (\d+) places .* log-probability ([\d.]+) away/.exec(
      rounded.stderr,
    )
    const [same, places, difference] = said!.slice(1).map(Number) as [number, number, number]
    expect(same).toBeGreaterThan(80)
    expect(places).toBeGreaterThanOrEqual(128)
    expect(difference).toBeGreaterThan(0.001)
    expect(difference).toBeLessThan(0.3)
    expect(rounded.stdout.trim()).not.toBe('')
  })

  test('in an evaluation, beside its exact answers', async () => {
    writeFileSync(join(folder, 'data.jsonl'), claimLines)
    writeFileSync(join(folder, 'hone.yaml'), configOf(base))
    const run = await runHone(['eval', 'run', '.', '--json'], { home, cwd: folder })
    expect([run.status, run.stderr]).toEqual([0, expect.any(String)])
    const output = join(folder, 'out', 'rounded')
    const evaluation = JSON.parse(readFileSync(join(output, 'evaluation.json'), 'utf8')) as Evaluation
    expect(
      evaluation.candidates.map(({ id, description }) => [id, description.includes('eight bits')]),
    ).toEqual([
      ['base', false],
      ['rounded', true],
    ])
    const files = readdirSync(join(output, 'answers')).map((name) =>
      readFileSync(join(output, 'answers', name), 'utf8')
        .trimEnd()
        .split('\n'),
    )
    expect(files.map((lines) => String(JSON.parse(lines[0]!).arithmetic ?? 'exact')).toSorted()).toEqual([
      'exact',
      'int8',
    ])
    expect(files.map(({ length }) => length)).toEqual([5, 5])
  })

  test('behind a server, whose log says what that changes', async () => {
    const port = await freePort()
    const made = await runHone(['keys', 'add', '--user', 'test', '--bearer', '--json'], { home })
    const apiKey = JSON.parse(made.stdout).key as string
    const args = ['serve', '--port', String(port), '--arithmetic', 'int8', '--log', 'json']
    let end: ((signal: NodeJS.Signals) => void) | undefined
    const killAt = new Promise<NodeJS.Signals>((resolve) => {
      end = resolve
    })
    const serving = runHone(args, { home, killAt })
    const client = new OpenAI({ baseURL: `http://127.0.0.1:${port}/v1`, apiKey, maxRetries: 0 })
    const ask = (): Promise<OpenAI.ChatCompletion> =>
      client.chat.completions.create({
        model: base,
        messages: [{ role: 'user', content: question }],
        max_completion_tokens: 16,
      })
    let answer: OpenAI.ChatCompletion | undefined
    try {
      for (let tries = 0; answer === undefined && tries < 200; tries++) {
        answer = await ask().catch((error: unknown) => {
          if (!(error instanceof APIConnectionError)) throw error
          return undefined
        })
        if (answer === undefined) await pause(100)
      }
    } finally {
      end?.('SIGINT')
    }
    const { stderr } = await serving
    expect(answer?.choices[0]?.message.content).toMatch(/\w/)
    const entries = stderr
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    const [rounded, ...more] = entries.filter(({ message }) => String(message).includes('eight bits'))
    expect(more).toEqual([])
    expect(rounded).toMatchObject({ level: 'info', model: base, tokens: expect.any(Number) })
    expect(rounded!['sameToken']).toBeGreaterThan(0.8)
  })
})

describe('a base whose weights have other types', () => {
  test('answers exactly in chat, which says so, and cannot be evaluated as rounded', async () => {
    const { home, work, base } = await tinyHome()
    const chat = await runHone(['chat', base, 'hi', '--max-tokens', '4', '--arithmetic', 'int8'], { home })
    expect([chat.status, chat.stderr]).toEqual([0, expect.stringContaining('computed exactly: int8 needs')])
    writeFileSync(join(work, 'data.jsonl'), claimLines)
    writeFileSync(join(work, 'hone.yaml'), configOf(base))
    const run = await runHone(['eval', 'run', '.'], { home, cwd: work })
    expect(run.status).not.toBe(0)
    expect(run.stderr).toContain('E_MODEL_UNSUPPORTED')
    expect(run.stderr).toContain('arithmetic: int8')
  })
})
