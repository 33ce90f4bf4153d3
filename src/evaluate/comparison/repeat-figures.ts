import type { CandidateResult, Evaluation } from '../evaluation.ts'
import { repeatColumn, repeatsOf, rightCounts } from '../repeated-answers.ts'
import type { FigureTexts, RowColumn } from './row-table.ts'

interface RepeatFigures {
  readonly figures: readonly FigureTexts[]
  /** The columns of a candidate that has repeats, by figure; each is made when it is asked for. */
  columns(candidate: CandidateResult): readonly [string, () => RowColumn][]
}

const kinds = [
  { chance: 'all', name: 'pass^', words: (k: number) => `all of ${k} right` },
  { chance: 'any', name: 'pass@', words: (k: number) => `any of ${k} right` },
] as const

/**
 * `pass^k`, the chance that k answers to a row are all right, and `pass@k`, that at least one of them is, of candidates that
 * answered repeatedly.
 *
 * @param withAll every k from 1 on, instead of the largest
 */
export function repeatFigures({ task, examples, candidates }: Evaluation, withAll: boolean): RepeatFigures {
  const most = Math.max(1, ...candidates.map(({ rows }) => repeatsOf(rows)))
  if (most < 2) return { figures: [], columns: () => [] }
  const sizes = withAll ? Array.from({ length: most }, (_, at) => at + 1) : [most]
  const figures = sizes.flatMap((k) => kinds.map((kind) => ({ ...kind, k, id: `${kind.name}${k}` })))
  return {
    figures: figures.map(({ id, k, words }): FigureTexts => ({
      id,
      title: words(k),
      format: 'percent',
      better: 'higher',
    })),
    columns({ rows }) {
      const repeats = repeatsOf(rows)
      if (repeats < 2) return []
      let counted: readonly number[] | undefined
      const counts = (): readonly number[] => (counted ??= rightCounts(task, examples, rows))
      return figures
        .filter(({ k }) => k <= repeats)
        .map(({ id, k, chance }) => [id, () => repeatColumn(counts(), repeats, k, chance)])
    },
  }
}
