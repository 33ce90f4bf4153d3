import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { wordDiff, type DiffRun } from './word-diff.ts'

const shown = (runs: readonly DiffRun[]): string =>
  runs
    .map(({ kind, text }) => (kind === 'same' ? text : kind === 'removed' ? `[-${text}-]` : `{+${text}+}`))
    .join('')

const without = (runs: readonly DiffRun[], kind: DiffRun['kind']): string =>
  runs.flatMap((run) => (run.kind === kind ? [] : [run.text])).join('')

const long = (word: string): string => `start ${`${word} x `.repeat(2_000)}end`

describe('wordDiff', () => {
  test.each([
    ['a b c', 'a b c', 'a b c'],
    ['Pay the bill.', 'Pay this bill.', 'Pay [-the-]{+this+} bill.'],
    ['one two', 'one and two', 'one {+and +}two'],
    ['', 'new', '{+new+}'],
    ['gone', '', '[-gone-]'],
    ['', '', ''],
  ])('%j to %j', (before, after, wanted) => {
    expect(shown(wordDiff(before, after))).toBe(wanted)
  })

  test('the runs are the two texts, whatever they are, and what is the same is found', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.constantFrom('a', 'b', ' ', '.')).map((all) => all.join('')),
    )
    fc.assert(
      fc.property(text, text, (before, after) => {
        const runs = wordDiff(before, after)
        expect(without(runs, 'added')).toBe(before)
        expect(without(runs, 'removed')).toBe(after)
        expect(runs.every(({ kind }) => kind === 'same')).toBe(before === after)
      }),
      { seed: 3, numRuns: 500 },
    )
  })

  test('texts too long to compare are replaced but for their ends', () => {
    expect(wordDiff(long('a'), long('b')).map(({ kind }) => kind)).toEqual([
      'same',
      'removed',
      'added',
      'same',
    ])
  })
})
