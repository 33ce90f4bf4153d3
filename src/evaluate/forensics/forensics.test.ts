import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { createRandom } from '../../lib/random.ts'
import { crossValidatedLabels, type CrossValidated, type LabelledText } from './cross-validated-labels.ts'
import { confidenceThresholds, labelIssues, labelMargin } from './label-issues.ts'
import { rowForensics } from './row-forensics.ts'

interface Golden {
  readonly name: string
  readonly classes: number
  readonly labels: readonly number[]
  readonly probabilities: readonly (readonly number[])[]
  readonly thresholds: readonly number[]
  readonly issues: readonly number[]
  readonly margins: readonly number[]
}

const { cases } = JSON.parse(
  readFileSync(new URL('fixtures/label-issues.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly Golden[] }

describe('label issues', () => {
  test('there are golden cases with issues', () => {
    expect(cases.filter(({ issues }) => issues.length > 2).length).toBeGreaterThan(2)
  })

  test.each(cases)(
    'as cleanlab: $name',
    ({ classes, labels, probabilities, thresholds, issues, margins }) => {
      const own = confidenceThresholds(labels, probabilities, classes)
      thresholds.forEach((value, at) => expect(own[at]).toBeCloseTo(value, 9))
      expect(labelIssues(labels, probabilities, classes).map(({ row }) => row)).toEqual(issues)
      margins.forEach((value, row) =>
        expect(labelMargin(probabilities[row]!, labels[row]!)).toBeCloseTo(value, 9),
      )
    },
  )
})

const topics = {
  WATER: ['pipe', 'leak', 'flood', 'tap', 'boiler', 'drain'],
  MOTOR: ['car', 'bumper', 'road', 'wheel', 'garage', 'brake'],
  THEFT: ['stolen', 'thief', 'lock', 'bicycle', 'alarm', 'police'],
}
const filler = ['the', 'my', 'was', 'and', 'yesterday', 'please', 'help', 'again', 'with', 'near']

function texts(count: number, seed: string): LabelledText[] {
  const random = createRandom(seed)
  const pick = (words: readonly string[]): string => words[random.integer(words.length)]!
  const labels = Object.keys(topics) as (keyof typeof topics)[]
  return Array.from({ length: count }, (_, at) => {
    const label = labels[at % labels.length]!
    const words = Array.from({ length: 9 }, (_word, place) => pick(place % 3 === 0 ? topics[label] : filler))
    return { text: words.join(' '), label, group: at }
  })
}

describe('cross-validated labels', () => {
  const rows = texts(240, 'forensics')
  const wrong = [7, 40, 77, 130, 199]
  const spoilt = rows.map((row, at) =>
    wrong.includes(at) ? { ...row, label: row.label === 'WATER' ? 'MOTOR' : 'WATER' } : row,
  )
  let validated: CrossValidated
  beforeAll(async () => (validated = await crossValidatedLabels(spoilt, { seed: 7 })))

  test('planted wrong labels are found, with what they should be', () => {
    const { classes, labels, probabilities } = validated
    const found = labelIssues(labels, probabilities, classes.length)
    const first = found
      .toSorted(
        (a, b) =>
          labelMargin(probabilities[a.row]!, labels[a.row]!) -
          labelMargin(probabilities[b.row]!, labels[b.row]!),
      )
      .slice(0, wrong.length)
    // One of the five has few words of its topic, and is not confidently of any other label.
    expect(first.map(({ row }) => row).toSorted((a, b) => a - b)).toEqual([7, 40, 130, 199])
    expect(first.every(({ row, suggested }) => classes[suggested] === rows[row]!.label)).toBe(true)
    expect(found.length).toBeLessThan(15)
    expect(validated.accuracy).toBeGreaterThan(0.9)
  })

  test('probabilities sum to 1, and are the same again', async () => {
    for (const row of validated.probabilities) {
      expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9)
    }
    expect(await crossValidatedLabels(spoilt, { seed: 7 })).toEqual(validated)
  })

  test("a row's own label, and those of its group, have no say in its probabilities", async () => {
    const twins = [...rows.slice(0, 30), { ...rows[0]!, group: 0 }]
    const flipped = twins.map((row) => (row.group === 0 ? { ...row, label: 'THEFT' } : row))
    const [before, after] = await Promise.all(
      [twins, flipped].map(async (list) => {
        const { probabilities } = await crossValidatedLabels(list, { seed: 1, folds: 31 })
        return [probabilities[0], probabilities[30]]
      }),
    )
    expect(after).toEqual(before)
  })

  test('what cannot be cross-validated is refused, and a wait can be given up', async () => {
    const alike = rows.map((row) => ({ ...row, label: 'x' }))
    await expect(crossValidatedLabels(alike)).rejects.toThrow(RangeError)
    const together = rows.map((row) => ({ ...row, group: 1 }))
    await expect(crossValidatedLabels(together)).rejects.toThrow(RangeError)
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(crossValidatedLabels(rows, { signal })).rejects.toThrow('enough')
  })

  test('rows are ranked by what speaks against them', () => {
    const training = spoilt.map(({ text, label }, at) => ({
      id: `d:${at}`,
      input: text,
      expected: label,
      label,
    }))
    const losses = new Map(
      training.map(({ id }, at) => [id, [2, wrong.includes(at) ? 1.5 + at / 1000 : 0.1 + at / 10_000]]),
    )
    const failed = [
      {
        id: 't:1',
        input: 'pipe',
        expected: 'MOTOR',
        answer: 'WATER',
        label: 'MOTOR',
        nearest: ['d:130', 'd:1'],
      },
    ]
    const found = rowForensics({ rows: training, losses, labels: validated, failed })
    expect(found.method).toMatchObject({ labels: { folds: 5 }, losses: { epochs: 2 }, failed: 1 })
    expect(found.suspicious[0]).toMatchObject({
      id: 'd:130',
      signals: ['label', 'loss', 'failures'],
      failures: ['t:1'],
      losses: [2, 1.63],
    })
    expect(
      found.suspicious
        .slice(0, 5)
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(wrong.map((at) => `d:${at}`).toSorted())
    // One with the label of the failed row is what it should have learned from.
    expect(found.suspicious.map(({ failures, id }) => (failures.length > 0 ? id : ''))).not.toContain('d:1')
  })

  test('without labels the hardest rows are shown, without anything nothing', () => {
    const training = rows.map(({ text }, at) => ({ id: `d:${at}`, input: text, expected: 'a long text' }))
    const losses = new Map(training.map(({ id }, at) => [id, [at]]))
    const { suspicious } = rowForensics({ rows: training, losses })
    expect(suspicious).toHaveLength(12)
    expect(suspicious[0]).toMatchObject({ id: 'd:239', signals: ['loss'], labels: null })
    expect(rowForensics({ rows: training }).suspicious).toEqual([])
  })
})
