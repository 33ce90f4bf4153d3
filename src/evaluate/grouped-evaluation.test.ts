import { expect, test } from 'vitest'
import type { Evaluation } from './evaluation.ts'
import { groupedEvaluation } from './testing/grouped-evaluation.ts'

const widths = ({ candidates }: Evaluation): number[] =>
  candidates.flatMap(({ scores }) =>
    scores.map(({ interval }) => (interval === null ? 0 : interval.upper - interval.lower)),
  )

test('scores and verdicts count groups, not rows', () => {
  const rows = { copies: 20, resamples: 1000 }
  const grouped = groupedEvaluation({ ...rows, isGrouped: true })
  const apart = groupedEvaluation({ ...rows, isGrouped: false })
  expect(grouped.examples[21]).toMatchObject({ group: 'patient 1' })
  expect(grouped.comparisons[0]!.verdict).not.toBe('better')
  expect(apart.comparisons[0]).toMatchObject({ verdict: 'better' })
  const narrow = widths(apart)
  // Twenty copies of each row: the true spread is √20 times that of independent rows.
  widths(grouped).forEach((width, at) => expect(width / narrow[at]!).toBeGreaterThan(3))
  const { lower, upper } = grouped.comparisons[0]!.differences[0]!.interval!
  expect(upper - lower).toBeGreaterThan(0.3)
})
