import { confidenceText, countText, plural, testedText } from '../number-text.ts'
import { holm } from '../statistics/holm.ts'
import { defaultConfidence } from '../statistics/interval.ts'
import { compareFigure, moreRowsShow, type FigureDifference } from './compare-figure.ts'
import { figureEvidence, scoreFigure, type FigureScore, type StatisticsSettings } from './figure-evidence.ts'
import { rangeText, sizeText } from './figure-text.ts'
import { findNamed, type FigureTexts, type RowTable } from './row-table.ts'

export interface TableComparison {
  /** Every figure of every candidate. */
  readonly scores: readonly FigureScore[]
  /** Every figure of the challenger against every other candidate. */
  readonly differences: readonly JudgedDifference[]
}

export interface JudgedDifference extends FigureDifference {
  /** Holm's adjustment over all figures and baselines of the table. */
  readonly adjustedP: number
  readonly verdict: DifferenceVerdict
  /** The verdict in words. */
  readonly sentence: string
}

/** What a comparison shows. */
export type DifferenceVerdict = 'better' | 'worse' | 'no difference shown' | 'not enough rows'

/** Rows that are all alike say little: with 30 of them, a tenth of all rows could still be otherwise. */
export const fewestAlikeRows = 30

/**
 * Every figure with its interval, and the challenger against each other candidate on the same rows: difference, interval,
 * p-value adjusted for all comparisons of the table, effect sizes and a verdict. "Better" and "worse" need an interval
 * without zero and an adjusted p below 1 − confidence. Otherwise there are "not enough rows" when a worthwhile difference
 * would probably not have been seen, and else "no difference shown".
 *
 * @throws HoneError `E_CONFIG` for a challenger that is not there
 */
export function compareTable(
  table: RowTable,
  challenger: string,
  settings: StatisticsSettings = {},
): TableComparison {
  findNamed('candidate', challenger, table.candidates)
  const scores: FigureScore[] = []
  const found: { texts: FigureTexts; difference: FigureDifference }[] = []
  for (const texts of table.figures) {
    const evidence = figureEvidence(table, texts.id, settings)
    for (const id of evidence.columns.keys()) scores.push(scoreFigure(evidence, id, settings))
    if (!evidence.columns.has(challenger)) continue
    for (const id of evidence.columns.keys()) {
      if (id !== challenger)
        found.push({ texts, difference: compareFigure(evidence, id, challenger, settings) })
    }
  }
  const adjusted = holm(found.map(({ difference }) => difference.test.pValue))
  const { confidence = defaultConfidence } = settings
  return {
    scores,
    differences: found.map(({ texts, difference }, at) => {
      const adjustedP = adjusted[at]!
      const verdict = verdictOf(difference, texts, adjustedP, confidence)
      return {
        ...difference,
        adjustedP,
        verdict,
        sentence: sentenceOf({ ...difference, adjustedP, verdict }, texts, confidence),
      }
    }),
  }
}

export interface Flip {
  readonly id: string
  readonly before: number
  readonly after: number
  readonly change: 'gained' | 'lost'
}

/**
 * The rows on which two candidates differ in a figure, the largest changes first. A figure that single rows do not have has none.
 *
 * @throws HoneError `E_CONFIG` for a figure or candidate that is not there
 */
export function listFlips(table: RowTable, figureId: string, baseline: string, challenger: string): Flip[] {
  const { better } = findNamed('figure', figureId, table.figures)
  const [first, second] = [baseline, challenger].map(
    (id) => findNamed('candidate', id, table.candidates).columns[figureId],
  )
  if (first === undefined || second === undefined) return []
  if (!('values' in first && 'values' in second)) return []
  return table.ids
    .flatMap((id, row): Flip[] => {
      const [before, after] = [first.values[row]!, second.values[row]!]
      // Neither is NaN, which would not be a change.
      const isChanged = Math.abs(after - before) > 0
      const change = after > before === (better === 'higher') ? 'gained' : 'lost'
      return isChanged ? [{ id, before, after, change }] : []
    })
    .toSorted((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before))
}

function verdictOf(
  { value, interval, pairs, groups, detectable, worthwhile, moreRows }: FigureDifference,
  { better }: FigureTexts,
  adjustedP: number,
  confidence: number,
): DifferenceVerdict {
  if (interval === null && !((groups ?? pairs) >= fewestAlikeRows)) return 'not enough rows'
  const excludesZero = interval === null ? value !== 0 : interval.lower > 0 || interval.upper < 0
  if (excludesZero && adjustedP < 1 - confidence)
    return value > 0 === (better === 'higher') ? 'better' : 'worse'
  return detectable > worthwhile && moreRows > 0 ? 'not enough rows' : 'no difference shown'
}

export const testNames = { mcnemar: 'McNemar', permutation: 'permutation', bootstrap: 'bootstrap' } as const

function sentenceOf(
  difference: Omit<JudgedDifference, 'sentence'>,
  texts: FigureTexts,
  confidence: number,
): string {
  const { baseline, challenger, value, interval, test, pairs, groups, moreRows, verdict } = difference
  const size = sizeText(value, texts.format)
  const evidence = [
    interval === null
      ? 'all rows alike'
      : `${confidenceText(confidence)} interval ${rangeText(interval, texts.format)}`,
    `${testNames[test.name]} ${testedText(test.pValue, difference.adjustedP)}`,
    groups === undefined ? plural(pairs, 'row') : `${plural(pairs, 'row')} in ${plural(groups, 'group')}`,
  ].join(', ')
  if (verdict === 'better') return `${texts.title}: ${challenger} beats ${baseline} by ${size} (${evidence}).`
  if (verdict === 'worse')
    return `${texts.title}: ${challenger} loses to ${baseline} by ${size} (${evidence}).`
  const seen = `${texts.title}: ${challenger} and ${baseline} differ by ${size}, which may be chance (${evidence})`
  if (verdict === 'no difference shown')
    return `${seen}; a difference that matters would probably have shown.`
  if (moreRows === 0) return `${seen}; fewer than ${fewestAlikeRows} that are all alike say little.`
  return Number.isFinite(moreRows)
    ? `${seen}; about ${countText(moreRows)} more rows would probably show ${sizeText(moreRowsShow(difference), texts.format)}.`
    : `${texts.title}: ${challenger} and ${baseline} were measured on no row together.`
}
