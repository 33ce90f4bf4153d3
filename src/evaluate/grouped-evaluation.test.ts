import { expect, test } from 'vitest'
import { createEvaluation } from './create-evaluation.ts'
import type { Evaluation } from './evaluation.ts'

/** Twelve patients, of whom the base gets five right and the tuned model eight, with so many rows each. */
const patients = (copies: number, isGrouped: boolean): Evaluation =>
  createEvaluation({
    task: { kind: 'labels', labels: ['a', 'b'] },
    split: 'test',
    examples: Array.from({ length: 12 * copies }, (_, at) => ({
      id: `${at}`,
      input: `${at}`,
      expected: 'a',
      ...(isGrouped ? { group: `patient ${Math.floor(at / copies)}` } : {}),
    })),
    candidates: ['base', 'tuned'].map((id) => ({
      id,
      description: '',
      answers: Array.from({ length: 12 * copies }, (_, at) => ({
        exampleId: `${at}`,
        answer: Math.floor(at / copies) < (id === 'tuned' ? 8 : 5) ? 'a' : 'b',
        promptTokens: 1,
        completionTokens: 1,
      })),
    })),
    settings: { resamples: 1000 },
  })

const widths = ({ candidates }: Evaluation): number[] =>
  candidates.flatMap(({ scores }) =>
    scores.map(({ interval }) => (interval === null ? 0 : interval.upper - interval.lower)),
  )

test('scores and verdicts count groups, not rows', () => {
  const [grouped, apart] = [patients(20, true), patients(20, false)]
  expect(grouped.examples[21]).toMatchObject({ group: 'patient 1' })
  expect(grouped.comparisons[0]!.verdict).not.toBe('better')
  expect(apart.comparisons[0]).toMatchObject({ verdict: 'better' })
  const narrow = widths(apart)
  // Twenty copies of each row: the true spread is √20 times that of independent rows.
  widths(grouped).forEach((width, at) => expect(width / narrow[at]!).toBeGreaterThan(3))
  const { lower, upper } = grouped.comparisons[0]!.differences[0]!.interval!
  expect(upper - lower).toBeGreaterThan(0.3)
})
