import { describe, expect, test } from 'vitest'
import { dataFolder, question, record } from '../testing/data-folder.ts'
import { diffData } from './diff-data.ts'

describe('diffData', () => {
  test('added, removed and changed records, by content, input and likeness, each once', async () => {
    await using folder = await dataFolder()
    const before = await folder.records('a.jsonl', [
      record(question(1), 'yes'),
      record(question(2), 'pay the bill'),
      record(question(3), 'yes'),
      record(question(4), 'yes'),
      record(question(1), 'yes'),
    ])
    const after = await folder.records('b.jsonl', [
      record(question(5), 'yes'),
      record(question(4).replace('alpha4', 'changed'), 'yes'),
      record(question(2), 'pay this bill'),
      record(question(1), 'yes'),
    ])
    const diff = await diffData(folder.home, { before, after, limit: 10 }, {})
    expect(diff).toEqual({
      schema: 1,
      reused: false,
      before: { file: before, dataset: null, records: 5 },
      after: { file: after, dataset: null, records: 4 },
      counts: { unchanged: 1, changed: 2, added: 1, removed: 2 },
      changed: [
        {
          beforeLine: 4,
          afterLine: 2,
          by: 'near',
          // 9 runs of three words; the first is another.
          similarity: 0.8,
          input: null,
          runs: [
            { kind: 'removed', text: 'alpha4' },
            { kind: 'added', text: 'changed' },
            { kind: 'same', text: `${question(4).slice('alpha4'.length)}\nyes` },
          ],
        },
        {
          beforeLine: 2,
          afterLine: 3,
          by: 'answer',
          similarity: null,
          input: question(2),
          runs: [
            { kind: 'same', text: 'pay ' },
            { kind: 'removed', text: 'the' },
            { kind: 'added', text: 'this' },
            { kind: 'same', text: ' bill' },
          ],
        },
      ],
      added: [{ line: 1, text: `${question(5)}\nyes` }],
      removed: [
        { line: 3, text: `${question(3)}\nyes` },
        { line: 5, text: `${question(1)}\nyes` },
      ],
    })
    const none = await diffData(folder.home, { before: after, after, limit: 10 }, {})
    expect(none.counts).toEqual({ unchanged: 4, changed: 0, added: 0, removed: 0 })
    const counted = await diffData(folder.home, { before, after, limit: 0 }, {})
    expect(counted).toMatchObject({ counts: diff.counts, changed: [], added: [], removed: [] })
  })

  test('another system prompt alone is shown', async () => {
    await using folder = await dataFolder()
    const before = await folder.records('a.jsonl', [record(question(1), 'yes', { system: 'Be short.' })])
    const after = await folder.records('b.jsonl', [record(question(1), 'yes', { system: 'Be long.' })])
    const { changed } = await diffData(folder.home, { before, after, limit: 1 }, {})
    expect(changed[0]?.runs.filter(({ kind }) => kind !== 'same')).toEqual([
      { kind: 'removed', text: 'short' },
      { kind: 'added', text: 'long' },
    ])
  })

  test('another weight alone is a change', async () => {
    await using folder = await dataFolder()
    const before = await folder.records('a.jsonl', [record(question(1), 'yes')])
    const after = await folder.records('b.jsonl', [record(question(1), 'yes', { weight: 2 })])
    expect(await diffData(folder.home, { before, after, limit: 1 }, {})).toMatchObject({
      counts: { unchanged: 0, changed: 1 },
      changed: [{ by: 'answer', runs: [{ kind: 'same', text: 'yes' }] }],
    })
  })
})
