import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { gzipSync } from 'node:zlib'
import { dedupeData } from './dedupe-data.ts'
import { saveData } from './dataset-service.ts'
import { diffData } from './diff-data.ts'
import { importDataset } from './import-dataset.ts'
import { splitData } from './split-data.ts'
import { dataFolder, question, record, type DataFolder } from '../testing/data-folder.ts'

const dedupe = {
  against: [],
  near: 0.85,
  shingles: { of: 'words', size: 3 },
  on: 'input',
  keep: 'first',
} as const
const split = {
  byLabel: false,
  seed: 7,
  validation: 0,
  test: 0.2,
  near: 0.8,
  against: [],
  allowLeakage: false,
}

const records = [
  ...Array.from({ length: 1_200 }, (_, at) => record(question(at % 20), 'yes')),
  record('x', 'no'),
]

/** The same records as files of other kinds, the JSON one on many lines, the last on one line only. */
const kinds: readonly (readonly [string, () => string | Buffer])[] = [
  [
    'a.csv',
    () =>
      `input,output\n${records
        .map((each) =>
          Object.values(each)
            .map((cell) => `"${cell}"`)
            .join(','),
        )
        .join('\n')}\n`,
  ],
  ['a.json', () => JSON.stringify(records, null, 2)],
  ['one-line.json', () => JSON.stringify(records)],
  ['a.jsonl.gz', () => gzipSync(records.map((each) => JSON.stringify(each)).join('\n'))],
]

const parsed = async (file: string): Promise<unknown[]> =>
  (await readFile(file, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)

async function writeKind(folder: DataFolder, name: string, content: string | Buffer): Promise<string> {
  const file = join(folder.path, name)
  await writeFile(file, content)
  return file
}

describe.each(kinds)('%s', (name, content) => {
  test('is deduplicated and split into lines of JSON', async () => {
    await using folder = await dataFolder()
    const file = await writeKind(folder, name, content())
    const to = join(folder.path, 'unique.jsonl')
    const outcome = await dedupeData(folder.home, { ...dedupe, file, to }, {})
    expect(outcome).toMatchObject({ records: 1_201, kept: 21, dropped: { exact: 1_180 } })
    expect(await parsed(to)).toEqual([...records.slice(0, 20), records.at(-1)])
    const parts = join(folder.path, 'parts')
    await splitData(folder.home, { ...split, file, to: parts }, {})
    const [train, tested] = [
      await parsed(join(parts, 'train.jsonl')),
      await parsed(join(parts, 'test.jsonl')),
    ]
    expect(train.length + tested.length).toBe(1_201)
    expect(tested.length).toBeGreaterThan(100)
  })

  test('is kept as a dataset version of lines, which holds the same', async () => {
    await using folder = await dataFolder()
    const file = await writeKind(folder, name, content())
    const saved = await saveData(folder.home, { file, name: 'kept' }, {})
    expect(await parsed(join(saved.folder, 'records.jsonl'))).toEqual(records)
    expect(saved.version.lineage).toMatchObject({ step: 'save', inputs: [{ file }] })
    const diff = await diffData(folder.home, { before: file, after: 'kept', limit: 1 }, {})
    expect(diff.counts).toEqual({ unchanged: 1_201, changed: 0, added: 0, removed: 0 })
  })
})

test('import keeps a dataset version, with a file or without, and takes versions in', async () => {
  await using folder = await dataFolder()
  const file = await folder.records('a.jsonl', records.slice(0, 20))
  const imported = await importDataset(folder.home, { files: [file], name: 'first' }, {})
  expect(imported).toMatchObject({ to: null, dataset: /^first@/, records: 20 })
  const to = join(folder.path, 'b.jsonl')
  const again = await importDataset(folder.home, { files: ['first', file], name: 'second', to }, {})
  expect(again).toMatchObject({ to, dataset: /^second@/, records: 40 })
  expect(await folder.lines('b.jsonl')).toHaveLength(40)
  await expect(importDataset(folder.home, { files: [file] }, {})).rejects.toMatchObject({ code: 'E_USAGE' })
  await expect(
    importDataset(folder.home, { files: [file], name: 'x', to: join(folder.path, 'c.jsonl.gz') }, {}),
  ).rejects.toMatchObject({ code: 'E_USAGE' })
})
