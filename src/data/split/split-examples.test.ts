import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HoneError } from '../../core/errors.ts'
import { checkSplit } from './check-split.ts'
import { datasetHash } from '../content-hash.ts'
import { refuseErrors } from '../finding.ts'
import { nearDuplicateGroups } from '../near-duplicates/near-duplicate-groups.ts'
import { conversationText, type PlacedExample } from '../records/placed-example.ts'
import { splitExamples, type Split, type SplitOptions } from './split-examples.ts'
import { isSealedTest } from './split-manifest.ts'
import { exampleAt, wholeAnswer } from '../testing/examples.ts'

/** Records without any word in common, `counts` of each label. */
function distinctExamples(counts: Readonly<Record<string, number>>): PlacedExample[] {
  const labels = Object.entries(counts).flatMap(([label, count]) =>
    Array.from({ length: count }, () => label),
  )
  return labels.map((label, at) => exampleAt(at + 1, `word${at} other${at} third${at} fourth${at}`, label))
}

const idsOf = ({ train, validation, test: tested }: Split): string[][] =>
  [train, validation, tested].map((part) => part.map(({ id }) => id))

/** `undefined` where the data cannot be split that way. */
function splitOrRefusal(examples: readonly PlacedExample[], options: SplitOptions): Split | undefined {
  try {
    return splitExamples(examples, options)
  } catch (error) {
    if (HoneError.isInstance(error) && ['E_DATA', 'E_DATA_TOO_FEW'].includes(error.code)) return undefined
    throw error
  }
}

const withLabels = { validation: 0.1, test: 0.15, seed: 7, labelOf: wholeAnswer }

describe('splitExamples', () => {
  test('shares and counts are met exactly, label by label', () => {
    const examples = distinctExamples({ a: 400, b: 200, c: 40 })
    const { manifest } = splitExamples(examples, withLabels)
    expect(manifest.splits).toMatchObject({
      train: { examples: 480, labels: { a: 300, b: 150, c: 30 } },
      validation: { examples: 64, labels: { a: 40, b: 20, c: 4 } },
      test: { examples: 96, labels: { a: 60, b: 30, c: 6 } },
    })
    const counted = splitExamples(examples, { ...withLabels, validation: 0, test: 16 }).manifest.splits
    expect(counted).toMatchObject({
      train: { examples: 624 },
      validation: { examples: 0 },
      test: { examples: 16 },
    })
    expect(counted.test.labels).toEqual({ a: 10, b: 5, c: 1 })
  })

  test('a group stays in one split, with what is nearly the same as one of its records', () => {
    const examples = distinctExamples({ a: 60, b: 60 }).map((example, at) => ({
      ...example,
      ...(at % 10 === 9 ? {} : { group: `patient ${at % 17}` }),
    }))
    const split = splitExamples(examples, { ...withLabels, groupKey: 'patient_id' })
    expect(split.manifest.group).toEqual({ key: 'patient_id', groups: 17, without: 12 })
    const placed = [split.train, split.validation, split.test].map(
      (part) => new Set(part.flatMap(({ group }) => group ?? [])),
    )
    expect(placed.reduce((sum, { size }) => sum + size, 0)).toBe(17)
    expect(placed.every(({ size }) => size > 0)).toBe(true)
    const turned = splitExamples(examples.toReversed(), { ...withLabels, groupKey: 'patient_id' })
    expect(turned.manifest).toEqual(split.manifest)
    const apart = splitExamples(examples, withLabels)
    expect(apart.manifest.group).toBeUndefined()
    expect(apart.manifest.splits.test.hash).not.toBe(split.manifest.splits.test.hash)
  })

  test('another seed gives another split of the same shares', () => {
    const examples = distinctExamples({ a: 50, b: 50 })
    const [first, second] = [7, 8].map(
      (seed) => splitExamples(examples, { ...withLabels, seed }).manifest.splits,
    )
    expect(first?.test.hash).not.toBe(second?.test.hash)
    expect(first?.test.labels).toEqual(second?.test.labels)
  })

  test('a label with one record is trained, never tested', () => {
    const { manifest } = splitExamples(distinctExamples({ a: 30, lonely: 1 }), { ...withLabels, test: 0.5 })
    expect(manifest.splits.train.labels).toMatchObject({ lonely: 1 })
  })

  test('the manifest says all, and the seal knows the test split', () => {
    const examples = [...distinctExamples({ a: 30 }), exampleAt(31, 'Word3 other3, third3 fourth3!', 'a')]
    const split = splitExamples(examples, { validation: 3, test: 4, seed: 1 })
    expect(split.manifest).toMatchObject({
      schema: 1,
      kind: 'split',
      seed: 1,
      dataset: datasetHash(examples),
      asked: { validation: 3, test: 4 },
      nearDuplicates: { threshold: 0.8, groups: 1, examples: 2, largest: 2 },
      splits: { test: { labels: {} } },
    })
    expect(isSealedTest(split.test.toReversed(), split.manifest)).toBe(true)
    expect(isSealedTest(split.test.slice(1), split.manifest)).toBe(false)
  })

  test('always: disjoint, complete, groups whole, labels trained, in the order and independent of it', () => {
    const words = fc.constantFrom('card', 'lost', 'bank', 'fee')
    const record = fc.tuple(
      fc.array(words, { minLength: 1, maxLength: 4 }),
      fc.constantFrom('a', 'b', 'c', 'd'),
    )
    const sizes = fc.constantFrom(0, 0.1, 0.3, 2, 5)
    let splits = 0
    let grouped = 0
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 3, maxLength: 60, size: 'max' }),
        sizes,
        sizes,
        fc.integer(),
        (records, validation, tested, seed) => {
          const examples = records.map(([text, label], at) => exampleAt(at + 1, text.join(' '), label))
          const options = { ...withLabels, validation, test: tested, seed }
          const split = splitOrRefusal(examples, options)
          if (split === undefined) return
          splits++
          const ids = idsOf(split)
          const order = examples.map(({ id }) => id)
          expect(ids.flat().toSorted()).toEqual(order.toSorted())
          for (const part of ids) expect(order.filter((id) => part.includes(id))).toEqual(part)
          expect(split.train).not.toEqual([])
          expect(split.validation.length).toBeLessThanOrEqual(
            validation < 1 ? Math.max(1, Math.round(validation * order.length)) : validation,
          )
          for (const group of nearDuplicateGroups(examples.map(conversationText))) {
            const homes = new Set(group.map((at) => ids.findIndex((part) => part.includes(order[at] ?? ''))))
            expect(homes.size).toBe(1)
            if (group.length > 1) grouped++
          }
          expect(checkSplit(split, { labelOf: wholeAnswer }).findings).toEqual([])
          const shuffled = splitExamples(examples.toReversed(), options)
          expect(shuffled.manifest).toEqual(split.manifest)
          expect(shuffled.test.map(({ id }) => id).toSorted()).toEqual(ids[2]?.toSorted())
        },
      ),
      { numRuns: 200, seed: 5 },
    )
    expect(splits).toBeGreaterThan(50)
    expect(grouped).toBeGreaterThan(50)
  })

  test.each([
    [{ validation: 5, test: 5 }, 'E_DATA_TOO_FEW', 'leave nothing of 10 records'],
    [{ validation: -0.1, test: 0 }, 'E_CONFIG', 'validation'],
    [{ validation: 0, test: 1.5 }, 'E_CONFIG', 'test'],
    [{ validation: 0, test: Number.NaN }, 'E_CONFIG', 'test'],
  ])('sizes that cannot be: %j', (sizes, code, message) => {
    const split = (): Split => splitExamples(distinctExamples({ a: 10 }), { ...sizes, seed: 1 })
    expect(split).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }))
  })

  test('nothing but near-duplicates is an error, not an empty test', () => {
    const examples = Array.from({ length: 12 }, (_, at) => exampleAt(at + 1, 'always the same question', 'a'))
    expect(() => splitExamples(examples, withLabels)).toThrow('stays empty')
    expect(() => splitExamples([], { validation: 0, test: 0, seed: 1 })).toThrow('nothing of 0 records')
  })
})

describe('checkSplit', () => {
  const parts = {
    train: [exampleAt(1, 'where is my new card', 'a')],
    validation: [exampleAt(2, 'a fully different thing to ask', 'a')],
    test: [
      exampleAt(3, 'Where is my new card?', 'a'),
      exampleAt(4, 'yet another one', 'b'),
      exampleAt(5, 'and one more', 'b'),
    ],
  }

  test('finds labels that are never trained, and leaks', () => {
    const problems = checkSplit(parts, { labelOf: wholeAnswer })
    expect(
      problems.findings.map(({ id, severity, at, message }) => [id, severity, at.line, message]),
    ).toEqual([
      [
        'split/leak',
        'warning',
        3,
        'this test record asks (nearly) the same as data.jsonl:1, which is trained',
      ],
      ['label/unseen', 'error', 4, 'label "b" occurs in 2 test records, but never in training'],
    ])
    expect(() => refuseErrors(problems, 'the split')).toThrow(
      expect.objectContaining({ code: 'E_LABEL_UNSEEN', at: { file: 'data.jsonl', line: 4 } }),
    )
  })

  test('without labels only leaks', () => {
    expect(checkSplit(parts).byRule).toEqual({ 'split/leak': 1 })
  })
})
