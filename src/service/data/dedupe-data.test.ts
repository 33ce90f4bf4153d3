import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { dedupeData, type DedupeRequest } from './dedupe-data.ts'
import { dataFolder, question, record } from '../testing/data-folder.ts'

const settings = {
  against: [],
  near: 0.85,
  shingles: { of: 'words', size: 3 },
  on: 'input',
  keep: 'first',
} as const satisfies Omit<DedupeRequest, 'file'>

/** The question with its last word changed: 7 of 9 runs of three words in common. */
const nearly = (number: number): string => question(number).replace(/\S+$/, 'other')

describe('dedupeData', () => {
  test('equal and similar records go, the first stays, and everything is counted', async () => {
    await using folder = await dataFolder()
    const file = await folder.records('a.jsonl', [
      record(question(1), 'yes'),
      record(question(2), 'yes'),
      record(question(1).toUpperCase().replaceAll(' ', ', '), 'no'),
      record(nearly(2), 'yes'),
      record(question(3), 'no'),
      record(question(1), 'yes'),
    ])
    const to = join(folder.path, 'out', 'b.jsonl')
    const clusters = join(folder.path, 'clusters.jsonl')
    const outcome = await dedupeData(folder.home, { ...settings, near: 0.75, file, to, clusters }, {})
    expect(outcome).toMatchObject({
      records: 6,
      kept: 3,
      dropped: { exact: 2, near: 1, leaked: 0 },
      clusters: { count: 2, largest: 3, answersDiffer: 1 },
      samples: [
        { line: 3, like: { file, line: 1 }, similarity: 1 },
        { line: 4, like: { file, line: 2 }, similarity: 7 / 9, text: nearly(2) },
      ],
      reused: false,
    })
    const lines = await folder.lines('a.jsonl')
    expect(await folder.lines('out/b.jsonl')).toEqual([lines[0], lines[1], lines[4]])
    const [first, second] = (await folder.lines('clusters.jsonl')).map((line) => JSON.parse(line) as unknown)
    expect(first).toEqual({
      cluster: 1,
      kept: [{ file, line: 1 }],
      dropped: [3, 6].map((line) => ({ file, line, like: { file, line: 1 }, similarity: 1, exact: true })),
      answersDiffer: true,
    })
    expect(second).toMatchObject({
      dropped: [{ line: 4, similarity: 0.7778, exact: false }],
      answersDiffer: false,
    })
  })

  test('a record that is only like a dropped one stays', async () => {
    await using folder = await dataFolder()
    const words = question(1).split(' ')
    const chain = [0, 1, 2].map((changed) =>
      words.map((word, at) => (at < changed ? `new${at}` : word)).join(' '),
    )
    const file = await folder.records(
      'a.jsonl',
      chain.map((text) => record(text, 'yes')),
    )
    const outcome = await dedupeData(folder.home, { ...settings, near: 0.7, file }, {})
    expect(outcome).toMatchObject({
      kept: 2,
      dropped: { near: 1 },
      samples: [{ line: 2, like: { line: 1 } }],
    })
  })

  test.each([
    ['first', ['1 a', '2 b']],
    ['last', ['1 c', '2 b']],
    ['longest', ['1 b', '2 b']],
  ] as const)('keep %s', async (keep, wanted) => {
    await using folder = await dataFolder()
    const file = await folder.records('a.jsonl', [
      record(question(1), '1 a'),
      record(`${question(1)} !!!`, '1 b'),
      record(question(2), '2 b'),
      record(question(1), '1 c'),
    ])
    const to = join(folder.path, 'b.jsonl')
    await dedupeData(folder.home, { ...settings, keep, file, to }, {})
    const answers = (await folder.lines('b.jsonl')).map(
      (line) => (JSON.parse(line) as { output: string }).output,
    )
    expect(answers.toSorted()).toEqual(wanted)
  })

  test('what occurs in another file goes, whatever stands there twice', async () => {
    await using folder = await dataFolder()
    const file = await folder.records(
      'train.jsonl',
      [1, 2, 3].map((number) => record(question(number), 'yes')),
    )
    const other = await folder.records('test.jsonl', [
      record(nearly(2), 'yes'),
      record(nearly(2), 'no'),
      record(question(3), 'yes'),
      record(question(9), 'yes'),
    ])
    const to = join(folder.path, 'clean.jsonl')
    const outcome = await dedupeData(folder.home, { ...settings, near: 0.75, file, against: [other], to }, {})
    expect(outcome).toMatchObject({
      records: 3,
      against: [{ file: other, records: 4 }],
      kept: 1,
      dropped: { exact: 0, near: 0, leaked: 2 },
      samples: [
        { line: 2, like: { file: other, line: 1 } },
        { line: 3, like: { file: other, line: 3 } },
      ],
    })
    expect(await folder.lines('clean.jsonl')).toEqual((await folder.lines('train.jsonl')).slice(0, 1))
  })

  test('what is compared is chosen: input, conversation or answer', async () => {
    await using folder = await dataFolder()
    const file = await folder.records('a.jsonl', [
      record(question(1), question(5)),
      record(question(1), question(6)),
      record(question(2), question(6)),
    ])
    const kept = async (on: DedupeRequest['on']): Promise<number> =>
      (await dedupeData(folder.home, { ...settings, on, file }, {})).kept
    expect([await kept('input'), await kept('conversation'), await kept('answer')]).toEqual([2, 3, 2])
  })

  test('a second run of the same is taken from the cache, a changed file or setting is not', async () => {
    await using folder = await dataFolder()
    const records = [record(question(1), 'a'), record(question(1), 'b'), record(question(2), 'c')]
    const file = await folder.records('a.jsonl', records)
    const first = await dedupeData(folder.home, { ...settings, file }, {})
    const to = join(folder.path, 'b.jsonl')
    const copy = await folder.records('copy.jsonl', records)
    const again = await dedupeData(folder.home, { ...settings, file: copy, to }, {})
    expect(again).toEqual({
      ...first,
      file: copy,
      samples: [{ ...first.samples[0], like: { file: copy, line: 1 } }],
      to,
      reused: true,
    })
    expect(await folder.lines('b.jsonl')).toHaveLength(2)
    expect(await dedupeData(folder.home, { ...settings, near: 0.9, file }, {})).toMatchObject({
      reused: false,
    })
    await folder.records('a.jsonl', records.slice(1))
    expect(await dedupeData(folder.home, { ...settings, file }, {})).toMatchObject({ reused: false, kept: 2 })
  })

  test('nothing is written over the input or over what is there, and nothing of a broken file', async () => {
    await using folder = await dataFolder()
    const file = await folder.records('a.jsonl', [record(question(1), 'a'), record(question(2), 'b')])
    const there = await folder.records('there.jsonl', [])
    const broken = await folder.records('broken.jsonl', [record(question(1), 'a'), { nothing: 1 }])
    const run = (request: Partial<DedupeRequest>): Promise<unknown> =>
      dedupeData(folder.home, { ...settings, file, ...request }, {})
    await expect(run({ to: file, force: true })).rejects.toMatchObject({ code: 'E_USAGE' })
    await expect(run({ to: there })).rejects.toMatchObject({ code: 'E_EXISTS' })
    await expect(run({ file: broken, to: join(folder.path, 'x.jsonl') })).rejects.toMatchObject({
      code: 'E_DATA',
      at: { line: 2 },
    })
    await expect(run({ file: there })).rejects.toMatchObject({ code: 'E_DATA_EMPTY' })
    await expect(run({ file: join(folder.path, 'missing.jsonl') })).rejects.toMatchObject({ code: 'E_DATA' })
    const stopped = AbortSignal.abort(new Error('stopped'))
    await expect(
      dedupeData(folder.home, { ...settings, file, to: join(folder.path, 'x.jsonl') }, { signal: stopped }),
    ).rejects.toThrow('stopped')
    expect((await readdir(folder.path)).toSorted()).toEqual(['a.jsonl', 'broken.jsonl', 'there.jsonl'])
    await run({ to: there, force: true })
    expect(await folder.lines('there.jsonl')).toHaveLength(2)
  })
})
