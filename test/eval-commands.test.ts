import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { safetyQuestions } from '../src/evaluate/safety/safety-questions.ts'
import { runHone, type Finished } from './testing/run-hone.ts'
import { colourRecords, tinyHome, writeRecords, type TinyHome } from './testing/tiny-home.ts'

let tiny: TinyHome

const config = `schema: 1
name: colours
data: data.jsonl
task: { kind: labels }
base: tiny
training: { maxSteps: 40, batchSize: 4 }
evaluation:
  maxTokens: 4
  candidates:
    - base
    - { id: short, model: base, maxTokens: 3 }
    - { id: warm, title: base warm, model: base, temperature: 0.9, seed: 3, maxTokens: 2 }
    - tuned
gate:
  - readable of tuned >= 0
  - accuracy of tuned < 0
`

const hone = (...args: string[]): Promise<Finished> => runHone(args, { home: tiny.home, cwd: tiny.work })

async function json(status: number, ...args: string[]): Promise<Record<string, unknown>> {
  const result = await hone(...args, '--json')
  if (result.status !== status)
    throw new Error(`ended with ${result.status}: ${result.stdout}${result.stderr}`)
  return JSON.parse(result.stdout) as Record<string, unknown>
}

const candidatesOf = (outcome: Record<string, unknown>): string[] =>
  (outcome['evaluation'] as { candidates: { id: string }[] }).candidates.map(({ id }) => id)

beforeAll(async () => {
  tiny = await tinyHome()
  writeRecords(tiny.work, 'data.jsonl', colourRecords(90))
  writeFileSync(join(tiny.work, 'hone.yaml'), config)
})

describe('before anything was measured', () => {
  test('what needs a measurement says how to get one', async () => {
    for (const args of [
      ['eval', 'compare', 'base', 'tuned'],
      ['eval', 'rows'],
      ['eval', 'report'],
      ['gate'],
    ]) {
      const { error } = (await json(2, ...args)) as { error: { code: string; hint: string } }
      expect(error.code).toBe('E_DATA')
      expect(error.hint).toMatch(/^hone eval run .*hone\.yaml$/)
    }
  })

  test('the tuned model is missing: named, with what to do', async () => {
    expect(await json(2, 'eval', 'run')).toMatchObject({
      error: { code: 'E_MODEL_UNKNOWN', hint: expect.stringContaining('hone run ') as string },
    })
  })

  test('a candidate that can answer no row ends with its reason', async () => {
    const spec = '- { id: shots, model: base, fewShot: { count: 9, choose: similar } }'
    writeFileSync(join(tiny.work, 'long.yaml'), config.replace('- base', spec))
    expect(await json(2, 'eval', 'run', 'long.yaml', '--candidates', 'shots')).toMatchObject({
      error: { code: 'E_DATA_TOO_LONG' },
    })
  })

  test('a candidate that is not there', async () => {
    expect(await json(2, 'eval', 'run', '--candidates', 'bse')).toMatchObject({
      error: { code: 'E_CONFIG', hint: 'did you mean "base"?' },
    })
  })
})

describe('a task from candidates to the gate', () => {
  test('candidates without the tuned one, killed at once and run again', async () => {
    const args = ['eval', 'run', '--candidates', 'base,short,warm']
    const killed = await runHone(args, {
      home: tiny.home,
      cwd: tiny.work,
      onStderr: (text) => (text.includes('base: ') ? 'SIGKILL' : undefined),
    })
    expect(killed.signal).toBe('SIGKILL')
    const first = await json(0, ...args)
    expect(first).toMatchObject({ schema: 1, failed: 0 })
    expect(first['reused']).toBeGreaterThan(0)
    expect(candidatesOf(first)).toEqual(['base', 'short', 'warm'])
    expect(await json(0, ...args)).toMatchObject({ asked: 0 })
  })

  test('a run uses the answers, and the evaluation uses its model', async () => {
    const run = await hone('run', '.', '--json')
    expect([0, 1]).toContain(run.status)
    expect(JSON.parse(run.stdout)).toMatchObject({
      reused: ['the answers of base', 'the answers of short', 'the answers of base warm'],
      model: { id: 'colours-1' },
    })
    const outcome = await json(0, 'eval', 'run')
    expect(outcome).toMatchObject({ asked: 0, failed: 0, evaluation: { challenger: 'tuned' } })
    const kept = JSON.parse(readFileSync(join(tiny.work, 'out/colours/evaluation.json'), 'utf8')) as object
    expect(kept).toEqual(outcome['evaluation'])
  })

  test('compare, rows and report', async () => {
    expect(await json(0, 'eval', 'compare', 'base', 'tuned')).toMatchObject({
      split: 'test',
      baseline: { id: 'base' },
      differences: [{ figure: 'accuracy', baseline: 'base', challenger: 'tuned' }, { figure: 'macro-f1' }],
    })
    expect(await json(2, 'eval', 'compare', 'base', 'tund')).toMatchObject({
      error: { code: 'E_CONFIG', hint: 'did you mean "tuned"?' },
    })
    const all = await json(0, 'eval', 'rows', '--candidate', 'base')
    const wrong = await json(0, 'eval', 'rows', '--candidate', 'base', '--failed')
    expect(all['found']).toBe(all['measured'])
    expect((wrong['rows'] as { correct: boolean }[]).every(({ correct }) => !correct)).toBe(true)
    const flips = await json(0, 'eval', 'rows', '--candidate', 'tuned', '--against', 'base')
    const compared = (await json(0, 'eval', 'compare', 'base', 'tuned'))['flips'] as { rows: object[] }
    expect(flips['found']).toBe(compared.rows.length)
    const report = await json(0, 'eval', 'report', '--out', 'r.html')
    expect(report).toMatchObject({ reportFile: join(tiny.work, 'r.html'), training: true })
    expect(readFileSync(join(tiny.work, 'r.html'), 'utf8')).toContain('base warm')
    for (const name of ['r.json', 'r.csv', 'r.md']) await json(0, 'eval', 'report', '--out', name)
    expect(JSON.parse(readFileSync(join(tiny.work, 'r.json'), 'utf8'))).toMatchObject({ kind: 'report' })
    expect(readFileSync(join(tiny.work, 'r.csv'), 'utf8')).toMatch(/^id,input,expected,base answer,/)
    expect(readFileSync(join(tiny.work, 'r.md'), 'utf8')).toMatch(/^# colours\n/)
    expect(await json(2, 'eval', 'report', '--out', 'r.pdf')).toMatchObject({ error: { code: 'E_USAGE' } })
  })

  test('the gate: a verdict, its files, and the exit status', async () => {
    const verdict = await json(1, 'gate', '--junit', 'g.xml', '--markdown', 'g.md')
    const file = join(tiny.home, 'models', 'colours-1', 'gate.json')
    expect(verdict).toMatchObject({ candidate: 'tuned', baseline: 'base', file, evidence: [{ set: 'test' }] })
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      schema: 1,
      kind: 'gate-verdict',
      model: 'colours-1',
      verdict: { verdict: verdict['verdict'] },
    })
    expect(readFileSync(join(tiny.work, 'g.xml'), 'utf8')).toContain('<testsuites name="hone gate"')
    expect(readFileSync(join(tiny.work, 'g.md'), 'utf8')).toContain('| rule |')
    writeFileSync(join(tiny.work, 'easy.yaml'), config.replace('accuracy of tuned < 0', 'p99 >= 0 ms'))
    expect(await json(0, 'gate', 'easy.yaml')).toMatchObject({ verdict: 'promoted' })
    writeFileSync(
      join(tiny.work, 'safe.yaml'),
      config.replace('readable of tuned >= 0', 'refusal rate on safety not worse'),
    )
    expect(await json(2, 'gate', 'safe.yaml')).toMatchObject({
      error: { code: 'E_CONFIG', hint: expect.stringMatching(/--safety$/) as string },
    })
    expect((await hone('eval', 'run', 'safe.yaml')).stdout).toMatch(/hone gate \S+safe\.yaml --safety\n$/)
  })

  test('answers made elsewhere become a candidate, and stay one', async () => {
    const { rows } = (await json(0, 'eval', 'rows')) as {
      rows: { id: string; input: string; expected: string }[]
    }
    const answers = rows.map(({ id, input, expected }, at) => ({
      ...(at % 2 === 0 ? { id } : { input }),
      answer: expected,
    }))
    const file = writeRecords(tiny.work, 'answers.jsonl', answers)
    const imported = await json(0, 'eval', 'import', file, '--candidate', 'oracle')
    expect(imported).toMatchObject({
      imported: rows.length,
      strangers: 0,
      evaluation: { challenger: 'tuned' },
    })
    expect(candidatesOf(imported)).toEqual(['base', 'short', 'warm', 'tuned', 'oracle'])
    expect(candidatesOf(await json(0, 'eval', 'run'))).toEqual(candidatesOf(imported))
    expect(await json(0, 'eval', 'compare', 'base', 'oracle')).toMatchObject({
      scores: expect.arrayContaining([
        expect.objectContaining({ candidate: 'oracle', figure: 'accuracy', value: 1 }),
      ]) as object,
    })
    const fewer = writeRecords(tiny.work, 'fewer.jsonl', answers.slice(1))
    expect(await json(2, 'eval', 'import', fewer, '--candidate', 'part')).toMatchObject({
      error: { code: 'E_DATA', message: expect.stringContaining('the first without an answer is') as string },
    })
    expect(await json(2, 'eval', 'import', file, '--candidate', 'tuned')).toMatchObject({
      error: { code: 'E_CONFIG' },
    })
    const names = readdirSync(join(tiny.work, 'out', 'colours', 'imported', 'test'))
    expect(names).toEqual(['oracle.json'])
  })

  test('the validation split, which is no look at the test split', async () => {
    const outcome = await json(0, 'eval', 'run', '--split', 'validation', '--candidates', 'base,tuned')
    expect(outcome['evaluation']).toMatchObject({ split: 'validation' })
    expect(outcome['evaluation']).not.toHaveProperty('looks')
    const { evidence } = (await json(0, 'gate', 'easy.yaml')) as { evidence: object[] }
    expect(evidence).toHaveLength(1)
  })

  test('labels by probability, corrected on the validation split and kept with the model', async () => {
    const text = config
      .replace('kind: labels', 'kind: labels, decide: corrected')
      .replace('base: tiny', 'base: tiny\noutput: out/decided')
    writeFileSync(join(tiny.work, 'decided.yaml'), text)
    const outcome = await json(0, 'eval', 'run', 'decided.yaml', '--candidates', 'tuned')
    const { candidates } = outcome['evaluation'] as { candidates: { labelRule: object }[] }
    expect(candidates[0]?.labelRule).toMatchObject({ chosenOn: { split: 'validation' } })
    const file = join(tiny.home, 'models', 'colours-1', 'label-decision.json')
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      model: 'colours-1',
      labels: ['blue', 'green', 'red'],
      ...candidates[0]?.labelRule,
    })
    const said = await json(0, 'chat', 'colours-1', 'abc xyz red', '--max-tokens', '2')
    expect(said['label']).toMatchObject({
      label: expect.stringMatching(/^(red|green|blue)$/) as string,
      probability: expect.any(Number) as number,
    })
    // Answers as written again.
    await json(0, 'eval', 'run')
    expect(readdirSync(join(tiny.home, 'models', 'colours-1'))).not.toContain('label-decision.json')
    expect(await json(0, 'chat', 'colours-1', 'abc xyz red', '--max-tokens', '2')).not.toHaveProperty('label')
  })

  test('a rule about the safety suite, of a base that never refused', async () => {
    const answers = safetyQuestions().map(({ id }) => ({ id, answer: 'red' }))
    const stored = {
      models: { base: tiny.base, tuned: 'colours-1' },
      answers: { base: answers, tuned: answers },
    }
    const file = join(tiny.work, 'out', 'colours', 'safety.json')
    writeFileSync(file, JSON.stringify({ schema: 1, kind: 'safety', ...stored }))
    // That it lost nothing is no evidence.
    expect(await json(1, 'gate', 'safe.yaml')).toMatchObject({
      rules: [{ outcome: 'not enough data', set: 'safety' }, { outcome: 'fail' }],
      evidence: [{ set: 'test' }, { set: 'safety', rows: 315 }],
    })
  })

  test('suspicious training rows, with their losses, and those most like each wrong row', async () => {
    const found = (await json(0, 'eval', 'rows', '--suspicious', '--candidate', 'tuned')) as {
      trained: number
      method: { labels: object; losses: { epochs: number } }
      suspicious: { id: string; losses: number[]; signals: string[] }[]
      failed: { nearest: string[] }[]
      notes: string[]
    }
    expect(found.method.labels).toMatchObject({ folds: 5 })
    expect(found.method.losses.epochs).toBeGreaterThan(0)
    expect(found.suspicious.length).toBeGreaterThan(0)
    expect(found.suspicious.every(({ losses }) => losses.length > 0)).toBe(true)
    expect(found.failed.every(({ nearest }) => nearest.length === 3)).toBe(true)
    expect(found.notes).toEqual([])
    const losses = readFileSync(join(tiny.home, 'models', 'colours-1', 'row_losses.jsonl'), 'utf8')
    const ids = new Set(
      losses
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { id: string }).id),
    )
    expect(ids.size).toBe(found.trained)
    const shown = await hone('eval', 'rows', '--suspicious', '--limit', '2')
    expect(shown.stdout).toMatch(/^Fix these 2 first:\n\n 1 {2}data\.jsonl:\d+\n/)
    expect(shown.stdout).toContain('cross-validated in 5 folds')
    // The report of the same measurement has them; one of another measurement would not.
    await json(0, 'eval', 'report', '--out', 'with-rows.html')
    const page = readFileSync(join(tiny.work, 'with-rows.html'), 'utf8')
    expect(page).toContain('Training rows to fix')
    expect(page).toContain(found.suspicious[0]!.id)
    await json(0, 'eval', 'report', '--split', 'validation', '--out', 'other.html')
    expect(readFileSync(join(tiny.work, 'other.html'), 'utf8')).not.toContain('Training rows to fix')
  })

  test('the gate with the safety suite: what is kept is used, and asked where it is not', async () => {
    const verdict = await json(1, 'gate', 'easy.yaml', '--safety')
    const rules = verdict['rules'] as { rule: string; set: string; outcome: string }[]
    expect(rules.map(({ rule, outcome }) => [rule, outcome])).toEqual([
      ['readable of tuned >= 0', 'pass'],
      ['p99 >= 0 ms', 'pass'],
      ['refusal-rate on safety not worse', 'not enough data'],
      ['injected-instruction on safety not worse', 'pass'],
      ['privacy on safety not worse', 'pass'],
      ['system-rule on safety not worse', 'pass'],
      ['over-refusal-rate on safety not worse', 'pass'],
    ])
    expect(await json(2, 'gate', 'easy.yaml', '--safety', '--candidate', 'base')).toMatchObject({
      error: { code: 'E_CONFIG', message: expect.stringContaining('no tuned model') as string },
    })
    rmSync(join(tiny.work, 'out', 'colours', 'safety.json'))
    const asked = await json(1, 'gate', 'easy.yaml', '--safety')
    expect(asked['evidence']).toMatchObject([{ set: 'test' }, { set: 'safety', rows: 315 }])
    writeFileSync(
      join(tiny.work, 'guarded.yaml'),
      config.replace('readable of tuned >= 0', 'safety not worse within 5 points'),
    )
    const guarded = (await json(1, 'gate', 'guarded.yaml'))['rules'] as { rule: string }[]
    expect(guarded[0]).toMatchObject({ rule: 'refusal-rate on safety not worse within 5 points' })
    expect(guarded).toHaveLength(6)
  })
})
