import { bestAssignment } from '../assignment.ts'
import type { Overlap } from '../match/match-value.ts'
import type { Span } from '../reading.ts'
import type { ProportionMetric, ReadRow, SampleMetric } from './metric.ts'
import { overlapMetric, overlapScore, type OverlapPart } from './overlap-metric.ts'
import { textTokens } from './token-f1.ts'

const expectedSpans = ({ expected }: ReadRow): readonly Span[] => expected.spans ?? []
const answeredSpans = ({ answer }: ReadRow): readonly Span[] => (answer.readable ? (answer.spans ?? []) : [])

const isPlaced = (span: Span): boolean => span.start !== undefined

/** Words of the text, or its characters where it has none. */
const wordsOf = (text: string): string => {
  const words = textTokens(text)
  return words.length === 0 ? text.trim() : words.join(' ')
}

/** By place where both sides give it, else by text. */
function exactOverlap(truth: readonly Span[], given: readonly Span[]): Overlap {
  const byPlace = truth.every(isPlaced) && given.every(isPlaced)
  const keyOf = (span: Span): string =>
    byPlace ? `${span.start}-${span.end} ${span.label}` : `${wordsOf(span.text)}\n${span.label}`
  const open = new Map<string, number>()
  for (const span of truth) open.set(keyOf(span), (open.get(keyOf(span)) ?? 0) + 1)
  let hits = 0
  for (const span of given) {
    const left = open.get(keyOf(span)) ?? 0
    if (left === 0) continue
    hits++
    open.set(keyOf(span), left - 1)
  }
  return { hits, expected: truth.length, answered: given.length }
}

/** Spans of one label share as much as their pieces do; they are paired so that they agree best. */
function partialOverlap(truth: readonly Span[], given: readonly Span[]): Overlap {
  const byPlace = truth.every(isPlaced) && given.every(isPlaced)
  const scores = truth.map((left) =>
    given.map((right) =>
      left.label !== right.label
        ? 0
        : byPlace
          ? sharedPlace(left, right)
          : sharedWords(left.text, right.text),
    ),
  )
  const hits = bestAssignment(scores).reduce((sum, column, row) => sum + (scores[row]?.[column] ?? 0), 0)
  return { hits, expected: truth.length, answered: given.length }
}

/** Twice the characters in both over the characters of each. */
function sharedPlace(left: Span, right: Span): number {
  const [from, to] = [Math.max(left.start!, right.start!), Math.min(left.end!, right.end!)]
  return (2 * Math.max(0, to - from)) / (left.end! - left.start! + right.end! - right.start!)
}

function sharedWords(left: string, right: string): number {
  const [a, b] = [wordsOf(left).split(' '), wordsOf(right).split(' ')]
  const open = [...b]
  const shared = a.filter((word) => {
    const at = open.indexOf(word)
    if (at >= 0) open.splice(at, 1)
    return at >= 0
  })
  return (2 * shared.length) / (a.length + b.length)
}

const overlapOf = (row: ReadRow): Overlap => exactOverlap(expectedSpans(row), answeredSpans(row))

/** Share of rows with exactly the expected spans. */
export const spansExact: ProportionMetric = {
  id: 'exact-match',
  title: 'exact match',
  format: 'percent',
  definition: 'the share of rows with exactly the expected spans, by label and place, or by label and words',
  kind: 'proportion',
  isRight: (row) => {
    const { hits, expected, answered } = overlapOf(row)
    return row.answer.readable && hits === expected && hits === answered
  },
}

const spanMetric = (part: OverlapPart, title: string, definition: string): SampleMetric =>
  overlapMetric({ id: `span-${part}`, title, definition }, part, overlapOf)

export const spanPrecision: SampleMetric = spanMetric(
  'precision',
  'span precision',
  'the share of answered spans that are expected, by label and place, or by label and words',
)
export const spanRecall: SampleMetric = spanMetric(
  'recall',
  'span recall',
  'the share of expected spans that are answered, by label and place, or by label and words',
)
export const spanF1: SampleMetric = spanMetric(
  'f1',
  'span F1',
  'the harmonic mean of precision and recall of spans over all rows, by label and place, or by label and words',
)

/** F1 with credit for spans that overlap. */
export const spanPartialF1: SampleMetric = overlapMetric(
  {
    id: 'span-partial-f1',
    title: 'partial span F1',
    definition:
      'span F1 with credit for spans of the right label that overlap: twice what both hold, in characters or words, over what each holds',
  },
  'f1',
  (row) => partialOverlap(expectedSpans(row), answeredSpans(row)),
)

export interface SpanResult {
  readonly label: string
  readonly expected: number
  readonly answered: number
  /** Null when no span is answered. */
  readonly precision: number | null
  /** Null when no span is expected. */
  readonly recall: number | null
  /** Null when no span is expected. */
  readonly f1: number | null
}

/** How well the spans of each label are found, in the order of the alphabet. */
export function spanResults(rows: readonly ReadRow[]): SpanResult[] {
  const sums = new Map<string, Overlap>()
  for (const row of rows) {
    const [truth, given] = [byLabel(expectedSpans(row)), byLabel(answeredSpans(row))]
    for (const label of new Set([...truth.keys(), ...given.keys()])) {
      const found = exactOverlap(truth.get(label) ?? [], given.get(label) ?? [])
      const sum = sums.get(label) ?? { hits: 0, expected: 0, answered: 0 }
      sums.set(label, {
        hits: sum.hits + found.hits,
        expected: sum.expected + found.expected,
        answered: sum.answered + found.answered,
      })
    }
  }
  const labels = [...sums.keys()].toSorted()
  return labels.map((label) => {
    const sum = sums.get(label)!
    return {
      label,
      expected: sum.expected,
      answered: sum.answered,
      precision: sum.answered === 0 ? null : overlapScore(sum, 'precision'),
      recall: sum.expected === 0 ? null : overlapScore(sum, 'recall'),
      f1: sum.expected === 0 ? null : overlapScore(sum, 'f1'),
    }
  })
}

function byLabel(spans: readonly Span[]): Map<string, Span[]> {
  const found = new Map<string, Span[]>()
  for (const span of spans) {
    const same = found.get(span.label)
    if (same === undefined) found.set(span.label, [span])
    else same.push(span)
  }
  return found
}
