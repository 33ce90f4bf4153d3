import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findDataset, findDatasetFile, saveDataset } from '../../store/datasets.ts'
import { listData, saveData, showData } from './dataset-service.ts'
import { findDataFiles } from '../train/find-data-files.ts'
import { splitData } from './split-data.ts'
import { dataFolder, question, record } from '../testing/data-folder.ts'

const some = (count: number): object[] =>
  Array.from({ length: count }, (_, at) => record(question(at), 'yes'))
const split = {
  byLabel: false,
  seed: 7,
  validation: 0.1,
  test: 0.2,
  near: 0.8,
  against: [],
  allowLeakage: false,
}

describe('dataset versions', () => {
  test('a version is named by its content and never changes', async () => {
    await using folder = await dataFolder()
    const file = await folder.records('a.jsonl', some(3))
    const first = await saveData(folder.home, { file, name: 'claims' }, {})
    expect(first.id).toMatch(/^claims@[0-9a-f]{12}$/)
    expect(first).toMatchObject({
      reused: false,
      version: { parts: [{ part: 'records', records: 3 }], lineage: { step: 'save' } },
    })
    expect(await saveData(folder.home, { file, name: 'claims' }, {})).toEqual({ ...first, reused: true })
    expect(await readFile(join(first.folder, 'records.jsonl'), 'utf8')).toBe(await folder.read('a.jsonl'))
    await folder.records('a.jsonl', some(4))
    const second = await saveData(folder.home, { file, name: 'claims' }, {})
    expect(second.id).not.toBe(first.id)
    expect((await listData(folder.home)).datasets.map(({ id }) => id)).toEqual([second.id, first.id])
    expect(await showData(folder.home, first.id.slice(0, -6))).toMatchObject({ id: first.id })
    expect(
      (await readdir(join(folder.home, 'datasets', 'claims'))).some((name) => name.startsWith('.')),
    ).toBe(false)
  })

  test('a reference works as a file, a path wins, and what is missing is said', async () => {
    await using folder = await dataFolder()
    const file = await folder.records('a.jsonl', some(40))
    const { version, folder: kept } = await saveData(folder.home, { file, name: 'claims' }, {})
    expect(await findDatasetFile(folder.home, 'claims')).toEqual({
      file: join(kept, 'records.jsonl'),
      dataset: `claims@${version.hash.slice(0, 12)}/records`,
    })
    expect(await findDatasetFile(folder.home, file)).toEqual({ file, dataset: null })
    expect(await findDatasetFile(folder.home, 'missing.jsonl')).toEqual({
      file: 'missing.jsonl',
      dataset: null,
    })
    await expect(findDatasetFile(folder.home, 'claim')).rejects.toMatchObject({
      code: 'E_DATA',
      hint: /did you mean claims/,
    })
    await expect(findDatasetFile(folder.home, 'claims@000000')).rejects.toMatchObject({ code: 'E_DATA' })
    await expect(findDatasetFile(folder.home, 'claims/test')).rejects.toMatchObject({
      hint: /claims\/records/,
    })
    await expect(saveData(folder.home, { file, name: '../x' }, {})).rejects.toMatchObject({ code: 'E_USAGE' })

    const { dataset } = await splitData(folder.home, { ...split, file: 'claims', name: 'claims' }, {})
    const parts = await findDataset(folder.home, dataset ?? '')
    expect(parts).toMatchObject({
      parts: [
        { part: 'train', records: 28 },
        { part: 'validation', records: 4 },
        { part: 'test', records: 8 },
      ],
      lineage: { step: 'split', inputs: [{ dataset: `claims@${version.hash.slice(0, 12)}/records` }] },
    })
    const files = await findDataFiles(folder.home, { train: dataset ?? '' }, ['validation', 'test'])
    expect(Object.values(files).map((path) => path.split(/[\\/]/).at(-1))).toEqual([
      'train.jsonl',
      'validation.jsonl',
      'test.jsonl',
    ])
    expect(
      Object.keys(await findDataFiles(folder.home, { train: `${dataset}/train` }, ['validation'])),
    ).toEqual(['train'])
  })

  test('what a killed process left is no version and in nobody’s way', async () => {
    await using folder = await dataFolder()
    const file = await folder.records('a.jsonl', some(3))
    const names = join(folder.home, 'datasets', 'claims')
    await mkdir(join(names, '.0123.tmp'), { recursive: true })
    await mkdir(join(names, '0123456789ab'), { recursive: true })
    await writeFile(join(names, '0123456789ab', 'dataset.json'), '{"schema":')
    await writeFile(join(names, '.0123.tmp', 'records.jsonl'), '{"inp')
    expect((await listData(folder.home)).datasets).toEqual([])
    await saveData(folder.home, { file, name: 'claims' }, {})
    expect((await listData(folder.home)).datasets).toHaveLength(1)
  })

  test('a file that changed under way is refused and leaves nothing', async () => {
    await using folder = await dataFolder()
    const file = await folder.records('a.jsonl', some(3))
    const part = { part: 'records', file, sha256: '0'.repeat(64), bytes: 1, records: 3 }
    const lineage = { step: 'save', settings: {}, inputs: [] }
    await expect(saveDataset(folder.home, { name: 'claims', parts: [part], lineage })).rejects.toMatchObject({
      code: 'E_DATA',
    })
    expect(await readdir(join(folder.home, 'datasets', 'claims'))).toEqual([])
  })
})
