import { HoneError } from '../../core/errors.ts'
import type { BeatsRule, NotWorseRule, Quantity, ThresholdRule } from '../../core/gate-rule.ts'
import { aboutUp, compareFigure } from '../comparison/compare-figure.ts'
import { fewestAlikeRows } from '../comparison/compare-table.ts'
import {
  columnOf,
  scoreFigure,
  type FigureEvidence,
  type StatisticsSettings,
} from '../comparison/figure-evidence.ts'
import { figureText, rangeText, sizeText } from '../comparison/figure-text.ts'
import type { FigureTexts } from '../comparison/row-table.ts'
import { confidenceText, countText, plural } from '../number-text.ts'
import { defaultConfidence, type Interval } from '../statistics/interval.ts'
import type { RuleVerdict } from './gate-verdict.ts'

export interface RuleContext {
  readonly set: string
  readonly evidence: FigureEvidence
  readonly candidate: string
  /** With the confidence of the rule. */
  readonly settings: StatisticsSettings
}

/**
 * A threshold without a confidence is about the value that was measured. With one, the whole interval has to be on the
 * right side; a value on the right side whose interval is not is not enough data.
 *
 * @throws HoneError `E_CONFIG` for a candidate without that figure, or a limit in other units
 */
export function judgeThreshold(rule: ThresholdRule, context: RuleContext): RuleVerdict {
  const { evidence, candidate, settings } = context
  const { texts } = evidence
  const limit = valueIn(rule.limit, texts)
  const { value, interval, rows, groups } = scoreFigure(evidence, candidate, settings)
  const facts = {
    rule: rule.text,
    figure: texts.id,
    set: context.set,
    candidate,
    value: finite(value),
    interval,
    rows,
    ...(groups === undefined ? {} : { groups }),
  }
  const asked = `${rule.relation} ${figureText(limit, texts.format)}`
  if (rows === 0) return { ...facts, outcome: 'not enough data', reason: 'it was measured on no row' }
  const keeps = (each: number): boolean => compares[rule.relation](each, limit)
  const measured = `${figureText(value, texts.format)} on ${countedRows(rows, groups)}`
  if (!keeps(value)) return { ...facts, outcome: 'fail', reason: `${measured}, asked is ${asked}` }
  if (rule.confidence === undefined)
    return { ...facts, outcome: 'pass', reason: `${measured}, asked is ${asked}` }
  const level = confidenceText(rule.confidence)
  if (interval === null) {
    const reason = `${measured}, asked is ${asked}`
    const isQuantile = columnOf(evidence, candidate).kind === 'quantile'
    if (!isQuantile) return alike(facts, reason)
    return { ...facts, outcome: 'not enough data', reason: `${reason}; too few rows for an interval` }
  }
  const ends = `${level} interval ${figureText(interval.lower, texts.format)} to ${figureText(interval.upper, texts.format)}`
  const reason = `${measured} (${ends}), asked is ${asked}`
  const worst = rule.relation.startsWith('>') ? interval.lower : interval.upper
  return keeps(worst)
    ? { ...facts, outcome: 'pass', reason }
    : undecided(facts, reason, Math.abs(value - worst), Math.abs(value - limit))
}

/**
 * The whole interval of the improvement has to be above what is asked. An improvement that is as asked, but whose interval
 * is not, is not enough data; a smaller one fails.
 *
 * @throws HoneError `E_CONFIG` for a candidate without that figure, one that is compared with itself, or a difference in
 * other units
 */
export function judgeDifference(
  rule: BeatsRule | NotWorseRule,
  defaultBaseline: string,
  context: RuleContext,
): RuleVerdict {
  const { evidence, candidate, settings } = context
  const { texts } = evidence
  const baseline = rule.baseline ?? defaultBaseline
  if (baseline === candidate) {
    throw new HoneError('E_CONFIG', `${candidate} is compared with itself`, {
      hint: 'name another candidate',
    })
  }
  const { confidence = defaultConfidence } = settings
  const difference = compareFigure(evidence, baseline, candidate, settings)
  const { pairs, groups, value, worthwhile } = difference
  const asked =
    rule.kind === 'beats'
      ? amountIn(rule.by ?? { value: 0, unit: 'number' }, texts)
      : -(rule.margin === undefined ? worthwhile : amountIn(rule.margin, texts))
  const improvement = texts.better === 'higher' ? value : -value
  const interval = difference.interval && improvementOf(difference.interval, texts)
  const facts = {
    rule: rule.text,
    figure: texts.id,
    set: context.set,
    candidate,
    baseline,
    value: finite(value),
    interval: difference.interval,
    rows: pairs,
    ...(groups === undefined ? {} : { groups }),
  }
  if (pairs === 0) return { ...facts, outcome: 'not enough data', reason: 'no row was measured for both' }
  const change = `${figureText(difference.before, texts.format)} → ${figureText(difference.after, texts.format)}`
  const size = `${sizeText(improvement, texts.format)} ${improvement < 0 ? 'worse' : 'better'}`
  const evidenceText =
    interval === null ? '' : `, ${confidenceText(confidence)} interval ${rangeText(interval, texts.format)}`
  const demand =
    rule.kind === 'beats'
      ? `asked is more than ${sizeText(asked, texts.format)} better`
      : `asked is less than ${sizeText(asked, texts.format)} worse`
  const reason = `${change}, ${size} (${countedRows(pairs, groups)}${evidenceText}), ${demand}`
  if (!(improvement > asked)) return { ...facts, outcome: 'fail', reason }
  if (interval === null) return alike(facts, reason)
  return interval.lower > asked
    ? { ...facts, outcome: 'pass', reason }
    : undecided(facts, reason, improvement - interval.lower, improvement - asked)
}

const countedRows = (rows: number, groups: number | undefined): string =>
  groups === undefined ? plural(rows, 'row') : `${plural(rows, 'row')} in ${plural(groups, 'group')}`

type Facts = Omit<RuleVerdict, 'outcome' | 'reason' | 'moreRows'>

const compares: Record<ThresholdRule['relation'], (value: number, limit: number) => boolean> = {
  '>=': (value, limit) => value >= limit,
  '>': (value, limit) => value > limit,
  '<=': (value, limit) => value <= limit,
  '<': (value, limit) => value < limit,
}

/** Rows without any spread have no interval; enough of them say so themselves. */
function alike(facts: Facts, reason: string): RuleVerdict {
  return (facts.groups ?? facts.rows) >= fewestAlikeRows
    ? { ...facts, outcome: 'pass', reason: `${reason}; all resamples agree` }
    : { ...facts, outcome: 'not enough data', reason: `${reason}; too few rows for an interval` }
}

/** The reach of an interval shrinks with the root of the rows. */
function undecided(facts: Facts, reason: string, reach: number, room: number): RuleVerdict {
  const needed = facts.rows * (reach / room) ** 2 - facts.rows
  const moreRows = aboutUp(Math.max(1, needed))
  if (!Number.isFinite(moreRows)) return { ...facts, outcome: 'not enough data', reason }
  const more = `about ${countText(moreRows)} more rows would decide, if they are like these`
  return { ...facts, outcome: 'not enough data', reason: `${reason}; ${more}`, moreRows }
}

const improvementOf = (interval: Interval, { better }: FigureTexts): Interval =>
  better === 'higher' ? interval : { ...interval, lower: -interval.upper, upper: -interval.lower }

/** NaN is no JSON. */
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)

function valueIn(quantity: Quantity, texts: FigureTexts): number {
  const value = amountIn(quantity, texts)
  if (isShare(texts) && value > 1) {
    throw new HoneError('E_CONFIG', `${texts.id} is a share from 0 to 1, ${value} is none`, {
      hint: `write ${value / 100} or ${value} %`,
    })
  }
  return value
}

function amountIn({ value, unit }: Quantity, texts: FigureTexts): number {
  const own = isShare(texts) ? 'share' : texts.format
  if (unit === 'number' || unit === own) return value
  const unitName =
    own === 'share' ? 'a share from 0 to 1' : own === 'milliseconds' ? 'a time' : 'a plain number'
  throw new HoneError(
    'E_CONFIG',
    `${texts.id} is ${unitName}, the rule gives ${unit === 'share' ? '% or points' : 'ms or s'}`,
    {
      hint: 'leave the unit out, or name another figure',
    },
  )
}

const isShare = ({ format }: FigureTexts): boolean => format === 'percent' || format === 'fraction'
