import {
  appendFileSync,
  existsSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../../data/testing/temporary-folder.ts'
import { dataCheck } from './data-check.ts'
import { dataExport } from './data-export.ts'
import { dataRedact } from './data-redact.ts'
import { dataStats } from './data-stats.ts'
import { dedupeData } from './dedupe-data.ts'
import { diffData } from './diff-data.ts'
import { importDataset } from './import-dataset.ts'
import { orEarlierResult, type Reusable } from './reuse-result.ts'
import { splitData } from './split-data.ts'

const drawing = {
  byLabel: true,
  seed: 7,
  validation: 2,
  test: 2,
  near: 0.8,
  against: [],
  allowLeakage: false,
}
const comparing = {
  against: [],
  near: 0.85,
  on: 'input',
  shingles: { of: 'words', size: 3 },
  keep: 'first',
} as const

interface Command {
  readonly name: string
  readonly outputs: readonly string[]
  readonly run: (
    home: string,
    file: string,
    options: { readonly fresh?: boolean; readonly force?: boolean },
  ) => Promise<Reusable<object>>
}

const beside = (file: string, name: string): string => join(file, '..', name)

const commands: readonly Command[] = [
  {
    name: 'check',
    outputs: ['in.fixed.jsonl', 'in.fixed.diff', 'out.sarif'],
    run: (home, file, options) =>
      dataCheck(
        { home, now: () => new Date() },
        { file, for: 'openai:gpt-4o-mini', fix: true, sarif: beside(file, 'out.sarif'), ...options },
      ),
  },
  {
    name: 'check without output',
    outputs: [],
    run: (home, file, options) => dataCheck({ home, now: () => new Date() }, { file, ...options }),
  },
  {
    name: 'stats',
    outputs: [],
    run: (home, file, options) => dataStats(home, { file, label: 'label', ...options }),
  },
  {
    name: 'import',
    outputs: ['out.jsonl'],
    run: (home, file, options) =>
      importDataset(home, { files: [file], to: beside(file, 'out.jsonl'), ...options }, {}),
  },
  {
    name: 'import as a dataset',
    outputs: [],
    run: (home, file, options) => importDataset(home, { files: [file], name: 'claims', ...options }, {}),
  },
  {
    name: 'export',
    outputs: ['out.csv'],
    run: (home, file, options) =>
      dataExport(home, {
        file,
        as: 'prompt-completion',
        to: beside(file, 'out.csv'),
        allowLoss: true,
        ...options,
      }),
  },
  {
    name: 'redact',
    outputs: ['out.jsonl', 'report.jsonl'],
    run: (home, file, options) =>
      dataRedact(
        { home, env: {} },
        {
          file,
          to: beside(file, 'out.jsonl'),
          report: beside(file, 'report.jsonl'),
          pseudonyms: 'file',
          ...options,
        },
      ),
  },
  {
    name: 'dedupe',
    outputs: ['out.jsonl', 'clusters.jsonl'],
    run: (home, file, options) =>
      dedupeData(
        home,
        {
          file,
          ...comparing,
          to: beside(file, 'out.jsonl'),
          clusters: beside(file, 'clusters.jsonl'),
          ...options,
        },
        {},
      ),
  },
  {
    name: 'split',
    outputs: ['parts/train.jsonl', 'parts/validation.jsonl', 'parts/test.jsonl', 'parts/split.json'],
    run: (home, file, options) =>
      splitData(home, { file, ...drawing, to: beside(file, 'parts'), name: 'parts', ...options }, {}),
  },
  {
    name: 'diff',
    outputs: [],
    run: (home, file, options) => diffData(home, { before: file, after: file, limit: 3, ...options }, {}),
  },
]

const record = (at: number): string =>
  JSON.stringify({
    messages: [
      { role: 'user', content: `claim ${at} of jo${at}@whit.co: ${'never paid '.repeat(at % 5)}` },
      { role: 'assistant', content: at % 2 === 0 ? 'Billing' : 'Claims' },
    ],
    label: at % 2 === 0 ? 'Billing' : 'Claims',
  })

async function madeFile(): Promise<{
  readonly home: string
  readonly file: string
  readonly folder: string
}> {
  const folder = await temporaryFolder()
  onTestFinished(() => folder[Symbol.asyncDispose]())
  const lines = [...Array.from({ length: 40 }, (_, at) => record(at)), record(3)]
  const file = await folder.write('in.jsonl', `${lines.join('\r\n')}\n`)
  return { home: join(folder.path, 'home'), file, folder: folder.path }
}

const foundIn = (outcome: Reusable<object>): object => ({ ...outcome, reused: undefined })

describe.each(commands)('$name', ({ run, outputs }) => {
  test('of unchanged content is that of the run before, and its outputs stay', async () => {
    const { home, file, folder } = await madeFile()
    const first = await run(home, file, {})
    expect(first.reused).toBe(false)
    const places = outputs.map((name) => join(folder, name))
    const before = places.map((place) => [readFileSync(place, 'utf8'), statSync(place).ino])
    // Another time of the same content is no change.
    utimesSync(file, new Date(0), new Date(0))
    const second = await run(home, file, {})
    expect(second.reused).toBe(true)
    expect(foundIn(second)).toEqual(foundIn(first))
    expect(places.map((place) => [readFileSync(place, 'utf8'), statSync(place).ino])).toEqual(before)
  })

  test('of other content, of outputs that are gone, and where that is asked for is made anew', async () => {
    const { home, file, folder } = await madeFile()
    await run(home, file, {})
    expect((await run(home, file, { fresh: true, force: true })).reused).toBe(false)
    for (const [at, name] of outputs.entries()) {
      if (at % 2 === 0) rmSync(join(folder, name))
      else appendFileSync(join(folder, name), '\n')
      await run(home, file, { force: true })
      expect(existsSync(join(folder, name))).toBe(true)
      expect((await run(home, file, {})).reused).toBe(true)
    }
    appendFileSync(file, `${record(77)}\n`)
    const changed = await run(home, file, { force: true })
    expect(changed.reused).toBe(false)
  })
})

describe.each(commands.filter(({ outputs }) => outputs.length > 0))('$name', ({ run, outputs }) => {
  test('never takes an output that somebody changed for its own', async () => {
    const { home, file, folder } = await madeFile()
    await run(home, file, {})
    for (const name of outputs) {
      const place = join(folder, name)
      const whole = readFileSync(place, 'utf8')
      writeFileSync(place, whole.replace(/./, '#'))
      await expect(run(home, file, {})).rejects.toMatchObject({ code: 'E_EXISTS' })
      expect(readFileSync(place, 'utf8')).toBe(whole.replace(/./, '#'))
      writeFileSync(place, whole)
    }
    expect((await run(home, file, {})).reused).toBe(true)
  })
})

test('a dataset version that is gone is made again', async () => {
  const { home, file } = await madeFile()
  const request = { files: [file], name: 'claims' }
  const { dataset } = await importDataset(home, request, {})
  rmSync(join(home, 'datasets'), { recursive: true })
  expect(await importDataset(home, request, {})).toMatchObject({ dataset, reused: false })
})

test('what is drawn before it is written is not drawn again', async () => {
  const { home, file, folder } = await madeFile()
  const shown = await splitData(home, { file, ...drawing }, {})
  const written = await splitData(home, { file, ...drawing, to: join(folder, 'parts') }, {})
  expect([shown.reused, written.reused]).toEqual([false, true])
  const { files: _, ...manifest } = written.manifest
  expect(manifest).toEqual(shown.manifest)
})

test('another secret makes other pseudonyms', async () => {
  const { home, file, folder } = await madeFile()
  const to = join(folder, 'out.jsonl')
  const redact = (secret: string): Promise<Reusable<object>> =>
    dataRedact({ home, env: { HONE_REDACT_KEY: secret } }, { file, to, pseudonyms: 'file', force: true })
  const one = '1'.repeat(20)
  expect((await redact(one)).reused).toBe(false)
  expect((await redact(one)).reused).toBe(true)
  expect((await redact('2'.repeat(20))).reused).toBe(false)
})

test('the schema and the other file of a check are content, too', async () => {
  const { home, file, folder } = await madeFile()
  const schema = join(folder, 'schema.json')
  const against = join(folder, 'validation.jsonl')
  writeFileSync(schema, '{"type":"string"}')
  writeFileSync(against, `${record(50)}\n`)
  const check = async (): Promise<boolean> =>
    (await dataCheck({ home, now: () => new Date() }, { file, schema, against })).reused
  expect([await check(), await check()]).toEqual([false, true])
  writeFileSync(schema, '{"type":"number"}')
  expect([await check(), await check()]).toEqual([false, true])
  writeFileSync(against, `${record(51)}\n`)
  expect([await check(), await check()]).toEqual([false, true])
})

const work = (file: string): Parameters<typeof orEarlierResult>[1] => ({
  kind: 'test 1',
  inputs: [{ file }],
  settings: {},
})

describe('the result of work', () => {
  test('whose input changes meanwhile is not kept', async () => {
    const { home, file } = await madeFile()
    const changing = async (): Promise<object> => {
      appendFileSync(file, `${record(9)}\n`)
      return { found: 1 }
    }
    const before = readFileSync(file)
    await orEarlierResult(home, work(file), {}, changing)
    writeFileSync(file, before)
    const again = await orEarlierResult(home, work(file), {}, async () => ({ found: 2 }))
    expect(again).toEqual({ found: 2, reused: false })
  })

  test('that fails is not kept, and its error is that of the work', async () => {
    const { home, file } = await madeFile()
    const failing = orEarlierResult(home, work(file), {}, () => Promise.reject(new Error('no')))
    await expect(failing).rejects.toThrow('no')
    expect(await orEarlierResult(home, work(file), {}, async () => ({ a: 1 }))).toEqual({
      a: 1,
      reused: false,
    })
  })

  test('on what is no file here is made each time', async () => {
    const { home } = await madeFile()
    for (const found of [1, 2]) {
      const result = await orEarlierResult(home, work('s3://bucket/key'), {}, async () => ({ found }))
      expect(result).toEqual({ found, reused: false })
    }
  })

  test('is made where the home cannot be written, and where settings have no text', async () => {
    const { file } = await madeFile()
    const home = join(file, 'home')
    const odd = { ...work(file), settings: { label: '\uD800' } }
    for (const each of [work(file), odd]) {
      expect(await orEarlierResult(home, each, {}, async () => ({ a: 1 }))).toEqual({ a: 1, reused: false })
    }
  })
})
