import {
  listFlips,
  testNames,
  type JudgedDifference,
  type TableComparison,
} from './comparison/compare-table.ts'
import { moreRowsShow } from './comparison/compare-figure.ts'
import type { RowTable } from './comparison/row-table.ts'
import type { CandidateResult, ChangedRow, Comparison, MetricDifference } from './evaluation.ts'
import type { MetricTexts } from './metrics/metric.ts'
import {
  confidenceText,
  countText,
  differenceIntervalText,
  differenceText,
  plural,
  testedText,
} from './number-text.ts'
import { clipped } from './shortened.ts'

/** What a comparison takes of a candidate. */
export type ComparedCandidate = Pick<CandidateResult, 'id' | 'title' | 'rows' | 'tokensPerQuery'>

/** Two candidates on the same rows, in the words and numbers of a report. */
export function compareCandidates(
  table: RowTable,
  { differences }: TableComparison,
  headline: MetricTexts,
  baseline: ComparedCandidate,
  challenger: ComparedCandidate,
  confidence: number,
): Comparison {
  const judged = differences.filter((each) => each.baseline === baseline.id)
  const [first] = judged
  if (first === undefined) throw new RangeError(`${baseline.id} was not compared`)
  const facts = {
    baseline: baseline.id,
    challenger: challenger.id,
    pairs: first.pairs,
    differences: judged.map(storedDifference),
    // What only all rows together have cannot change on one of them.
    flips: first.flips ?? countFlips(rightFlips(baseline, challenger), challenger.rows.length),
    changedRows: changedRows(
      first.flips === null
        ? rightFlips(baseline, challenger)
        : listFlips(table, headline.id, baseline.id, challenger.id).map(
            ({ id, change, before, after }): ChangedRow => ({ exampleId: id, change, before, after }),
          ),
    ),
    promptTokenChange: relativeChange(baseline.tokensPerQuery.prompt, challenger.tokensPerQuery.prompt),
    verdict: first.verdict,
  }
  return { ...facts, sentence: sentenceOf(facts, headline, baseline, challenger, confidence) }
}

/** Without what JSON does not have. */
function storedDifference(difference: JudgedDifference): MetricDifference {
  const { figure, before, after, value, interval, test, adjustedP, effects, worthwhile, verdict } = difference
  return {
    metric: figure,
    before,
    after,
    value,
    interval,
    test,
    adjustedP,
    effects: effects.filter(
      (effect) =>
        Number.isFinite(effect.value) &&
        (effect.interval == null ||
          (Number.isFinite(effect.interval.lower) && Number.isFinite(effect.interval.upper))),
    ),
    worthwhile,
    verdict,
    detectable: finite(difference.detectable),
    moreRows: finite(difference.moreRows),
  }
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)

/** Rows that are right with one of the two only. */
const rightFlips = (baseline: ComparedCandidate, challenger: ComparedCandidate): ChangedRow[] =>
  challenger.rows.flatMap(({ exampleId, correct }, at): ChangedRow[] => {
    const before = baseline.rows[at]!.correct
    if (correct === before) return []
    return [
      { exampleId, change: correct ? 'gained' : 'lost', before: Number(before), after: Number(correct) },
    ]
  })

function countFlips(flips: readonly ChangedRow[], rows: number): Comparison['flips'] {
  const gained = flips.filter(({ change }) => change === 'gained').length
  return { gained, lost: flips.length - gained, same: rows - flips.length }
}

const mostChanged = 10

const changedRows = (flips: readonly ChangedRow[]): ChangedRow[] =>
  (['lost', 'gained'] as const).flatMap((change) =>
    flips.filter((flip) => flip.change === change).slice(0, mostChanged),
  )

function sentenceOf(
  { differences, pairs, promptTokenChange, verdict }: Omit<Comparison, 'sentence'>,
  headline: MetricTexts,
  first: ComparedCandidate,
  second: ComparedCandidate,
  confidence: number,
): string {
  const { value, interval, test, adjustedP, moreRows } = differences[0]!
  const [baseline, challenger] = [clipped(first.title, 60), clipped(second.title, 60)]
  const size = differenceText(value, headline)
  const evidence = [
    interval === null
      ? 'no spread to put an interval on'
      : `${confidenceText(confidence)} interval ${differenceIntervalText(interval, headline.format)}`,
    `${testNames[test.name]} ${testedText(test.pValue, adjustedP)}`,
    plural(pairs, 'pair'),
  ].join(', ')
  const tokens = tokenText(promptTokenChange)
  if (verdict === 'better')
    return `Better: ${challenger} beats ${baseline} by ${size} (${evidence})${tokens}.`
  if (verdict === 'worse')
    return `Worse: ${challenger} loses to ${baseline} by ${size} (${evidence})${tokens}.`
  const relation =
    value === 0
      ? `scores the same as ${baseline}`
      : `is ${size} ${value > 0 ? 'above' : 'below'} ${baseline}, which may be chance`
  const head = verdict === 'not enough rows' ? 'Not enough rows' : 'Not shown'
  const shown = moreRowsShow(differences[0]!)
  const more =
    verdict === 'not enough rows' && moreRows !== null && moreRows > 0
      ? `; about ${countText(moreRows)} more rows would probably ${Math.abs(value) > shown ? `show ${differenceText(shown, headline)}` : 'tell'}`
      : ''
  return `${head}: ${challenger} ${relation} (${evidence})${tokens}${more}.`
}

/** `, with 89 % fewer prompt tokens`. */
export function tokenText(change: number | null): string {
  if (change === null) return ''
  const percent = Math.abs(change) * 100
  if (percent < 0.5) return ', with as many prompt tokens'
  return `, with ${countText(percent)} % ${change < 0 ? 'fewer' : 'more'} prompt tokens`
}

/** Null where one of the two is not known: no prompt has no tokens, so that 0 stands for answers without a count. */
const relativeChange = (before: number, after: number): number | null =>
  before > 0 && after > 0 ? after / before - 1 : null
