import { HoneError } from '../../core/errors.ts'
import { closestWord } from '../../lib/closest-word.ts'
import type { SampleStatistic } from '../statistics/sample-figure.ts'
import type { RowCounts } from '../row-counts.ts'

/** What several candidates got on the same rows, in numbers per row: all that statistics need to know of an evaluation. */
export interface RowTable {
  /** Id of each row. */
  readonly ids: readonly string[]
  /** What rows belong to (a conversation, a patient): rows of a group are alike and are resampled together. */
  readonly groups?: readonly string[]
  /** The headline first. */
  readonly figures: readonly FigureTexts[]
  readonly candidates: readonly RowCandidate[]
}

/** A figure and how it is read. */
export interface FigureTexts {
  /** Stable name, kebab-case. */
  readonly id: string
  readonly title: string
  /** `percent` and `fraction` are shares from 0 to 1. */
  readonly format: 'percent' | 'fraction' | 'milliseconds' | 'number'
  readonly better: 'higher' | 'lower'
  /** The smallest difference that would matter. Default: 0.02 of a share, else 5 % of what the baseline has. */
  readonly worthwhile?: number
}

export interface RowCandidate {
  readonly id: string
  /** The column of each figure by its id. */
  readonly columns: Readonly<Record<string, RowColumn>>
}

/** A figure's numbers per row. NaN stands for a row on which it was not measured. */
export type RowColumn =
  | {
      /** 0 or 1. */
      readonly kind: 'proportion'
      readonly values: ArrayLike<number>
    }
  | { readonly kind: 'mean'; readonly values: ArrayLike<number> }
  | { readonly kind: 'quantile'; readonly share: number; readonly values: ArrayLike<number> }
  | { readonly kind: 'counts'; readonly counts: RowCounts }
  | {
      /** Any statistic of a list of rows; slow with many of them. */
      readonly kind: 'sample'
      readonly rows: number
      readonly statistic: SampleStatistic
    }

/** @throws HoneError `E_CONFIG` with what was probably meant */
export function findNamed<T extends { readonly id: string }>(
  what: string,
  id: string,
  among: readonly T[],
): T {
  const found = among.find((each) => each.id === id)
  if (found !== undefined) return found
  const ids = among.map((each) => each.id)
  const meant = closestWord(id, ids)
  throw new HoneError('E_CONFIG', `there is no ${what} "${id}"`, {
    hint: meant === undefined ? `there are: ${ids.join(', ')}` : `did you mean "${meant}"?`,
  })
}
