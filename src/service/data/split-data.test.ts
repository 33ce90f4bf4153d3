import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readExamples } from '../../data/records/read-examples.ts'
import { splitExamples } from '../../data/split/split-examples.ts'
import { countLooks } from '../../store/seals.ts'
import { dedupeData } from './dedupe-data.ts'
import { diffData } from './diff-data.ts'
import { splitData, type SplitRequest } from './split-data.ts'
import { dataFolder, question, record, type DataFolder } from '../testing/data-folder.ts'

const settings = {
  byLabel: true,
  seed: 7,
  validation: 0.1,
  test: 0.2,
  near: 0.8,
  against: [],
  allowLeakage: false,
} as const satisfies Omit<SplitRequest, 'file'>

const records = (count: number): object[] =>
  Array.from({ length: count }, (_, at) =>
    record(question(at), at % 4 === 0 ? 'rare' : 'common', { patient: `p${at % 7}` }),
  )

const answersOf = async (folder: DataFolder, name: string): Promise<Record<string, unknown>[]> =>
  (await folder.lines(name)).map((line) => JSON.parse(line) as Record<string, unknown>)

describe('splitData', () => {
  test('equals the split in memory of the same records, seed and sizes', async () => {
    await using folder = await dataFolder()
    let compared = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(30), fc.boolean(), fc.constantFrom('a', 'b', 'c')), {
          minLength: 20,
          maxLength: 60,
        }),
        fc.nat(5),
        async (drawn, seed) => {
          const file = await folder.records(
            'a.jsonl',
            drawn.map(([number, isEdited, label]) =>
              record(`${question(number)}${isEdited ? ' please' : ''}`, label),
            ),
          )
          const { examples } = await readExamples(file)
          const inMemory = splitExamples(examples, {
            ...settings,
            seed,
            labelOf: ({ messages }) => messages.at(-1)?.content,
          })
          const { manifest } = await splitData(folder.home, { ...settings, seed, file }, {})
          expect(manifest).toMatchObject(inMemory.manifest)
          compared++
        },
      ),
      { numRuns: 12, seed: 4 },
    )
    expect(compared).toBe(12)
  })

  test.each([
    ['--group', { group: 'pateint' }],
    ['--label-field', { labelField: 'pateint' }],
  ])('a field for %s that no record has is refused', async (option, field) => {
    await using folder = await dataFolder()
    const file = await folder.records('a.jsonl', records(100))
    await expect(splitData(folder.home, { ...settings, ...field, file }, {})).rejects.toMatchObject({
      code: 'E_DATA',
      message: 'no record of 100 records has "pateint"',
      hint: expect.stringContaining(option) as string,
    })
  })

  test('writes parts that cover the file, with a manifest, and seals the test part', async () => {
    await using folder = await dataFolder()
    const file = await folder.records('a.jsonl', records(100))
    const to = join(folder.path, 'split')
    const outcome = await splitData(folder.home, { ...settings, file, to, name: 'claims' }, {})
    expect(outcome).toMatchObject({
      records: 100,
      folder: to,
      manifest: {
        splits: {
          train: { examples: 70 },
          validation: { examples: 10 },
          test: { examples: 20, labels: { common: 15, rare: 5 } },
        },
      },
    })
    expect((await readdir(to)).toSorted()).toEqual([
      'split.json',
      'test.jsonl',
      'train.jsonl',
      'validation.jsonl',
    ])
    expect(JSON.parse(await folder.read('split/split.json'))).toEqual(outcome.manifest)
    const parts = await Promise.all(
      ['train', 'validation', 'test'].map((part) => folder.lines(`split/${part}.jsonl`)),
    )
    expect(parts.flat().toSorted()).toEqual((await folder.lines('a.jsonl')).toSorted())

    // Whoever reads the test part is written down, under whatever name.
    const { hash } = outcome.manifest.splits.test
    expect(await countLooks(folder.home, hash)).toBe(0)
    const dedupe = { near: 0.85, shingles: { of: 'words', size: 3 }, on: 'input', keep: 'first' } as const
    const first = await dedupeData(folder.home, { ...dedupe, file, against: [join(to, 'test.jsonl')] }, {})
    expect(first).toMatchObject({ dropped: { leaked: 20 }, looks: [{ looks: 1 }] })
    await diffData(folder.home, { before: 'claims/test', after: file, limit: 1 }, {})
    expect(await countLooks(folder.home, hash)).toBe(2)
  })

  test('records of one patient stay together', async () => {
    await using folder = await dataFolder()
    const file = await folder.records('a.jsonl', [...records(60), record(question(99), 'common')])
    const to = join(folder.path, 'split')
    const { manifest } = await splitData(
      folder.home,
      { ...settings, validation: 0.15, group: 'patient', file, to },
      {},
    )
    expect(manifest.group).toEqual({ key: 'patient', groups: 7, without: 1 })
    const patients = await Promise.all(
      ['train', 'validation', 'test'].map(async (part) => {
        const text = await folder.read(`split/${part}.jsonl`)
        return text === ''
          ? []
          : [
              ...new Set(
                (await answersOf(folder, `split/${part}.jsonl`)).map(({ patient }) => patient ?? 'none'),
              ),
            ]
      }),
    )
    expect(patients.flat()).toHaveLength(8)
    expect(new Set(patients.flat()).size).toBe(8)
    expect(patients[2]?.length).toBeGreaterThan(0)
  })

  test('the label may stand in a key or in a line of the answer', async () => {
    await using folder = await dataFolder()
    const file = await folder.records(
      'a.jsonl',
      Array.from({ length: 30 }, (_, at) =>
        record(question(at), `ROUTE: ${at % 2 ? 'x' : 'y'}\nbecause ${at}`, { kind: at % 3 }),
      ),
    )
    const labels = async (labelField: string): Promise<string[]> =>
      Object.keys(
        (await splitData(folder.home, { ...settings, file, labelField }, {})).manifest.splits.train.labels,
      )
    expect(await labels('ROUTE')).toEqual(['x', 'y'])
    expect(await labels('kind')).toEqual(['0', '1', '2'])
  })

  test('leakage into files of the user’s own is refused, unless it is allowed', async () => {
    await using folder = await dataFolder()
    const file = await folder.records('a.jsonl', records(40))
    const own = await folder.records('own.jsonl', [record(`${question(3)} !`, 'common')])
    const request = { ...settings, file, against: [own] }
    await expect(splitData(folder.home, request, {})).rejects.toMatchObject({
      code: 'E_DATA',
      hint: /--allow-leakage/,
    })
    expect(await splitData(folder.home, { ...request, allowLeakage: true }, {})).toMatchObject({ leaked: 1 })
  })

  test('a folder that is there is replaced only if it is a split and that is asked for', async () => {
    await using folder = await dataFolder()
    const file = await folder.records('a.jsonl', records(40))
    const to = join(folder.path, 'split')
    const split = (more: Partial<SplitRequest>): Promise<unknown> =>
      splitData(folder.home, { ...settings, file, to, ...more }, {})
    await split({})
    await expect(split({ seed: 8 })).rejects.toMatchObject({ code: 'E_EXISTS' })
    const before = await folder.read('split/test.jsonl')
    await split({ seed: 8, force: true })
    expect(await folder.read('split/test.jsonl')).not.toBe(before)
    await expect(split({ to: folder.path, force: true })).rejects.toMatchObject({ code: 'E_EXISTS' })
    await expect(split({ to: join(folder.path, 'new'), test: 40 })).rejects.toMatchObject({
      code: 'E_DATA_TOO_FEW',
    })
    const stopped = AbortSignal.abort(new Error('stopped'))
    await expect(
      splitData(folder.home, { ...settings, file, to: join(folder.path, 'new') }, { signal: stopped }),
    ).rejects.toThrow('stopped')
    expect((await readdir(folder.path)).toSorted()).toEqual(['a.jsonl', 'home', 'split'])
  })
})
