import { canonicalJson, type JsonValue } from '../../lib/canonical-json.ts'
import { bestAssignment } from '../assignment.ts'
import { icdCode } from '../icd-10/icd-code.ts'
import { codeSimilarity } from '../icd-10/compare-codes.ts'
import { withoutSurroundingMarks } from '../surrounding-marks.ts'
import { editSimilarity } from './edit-distance.ts'
import type { ListMatcher, Matcher, ObjectMatcher, ScalarMatcher, SetMatcher } from './matcher.ts'
import { parseDate } from './parse-date.ts'
import { valueAt } from './value-at.ts'

/** How much of what is expected is in an answer: precision is hits over answered, recall is hits over expected. */
export interface Overlap {
  /** Values that agree; a part where there is credit for a part. */
  readonly hits: number
  readonly expected: number
  readonly answered: number
}

type Value = JsonValue | undefined

/** Compares a value with the expected one. What is missing, null or an empty text is no value. */
export function matchValue(matcher: Matcher, expected: Value, answer: Value): Overlap {
  if (matcher.match === 'list' || matcher.match === 'set') {
    return matchItems(matcher, itemsOf(expected), itemsOf(answer))
  }
  const [truth, given] = [isNone(expected) ? 0 : 1, isNone(answer) ? 0 : 1]
  const hits = truth + given === 2 ? similarity(matcher, expected!, answer!) : 0
  return { hits, expected: truth, answered: given }
}

/** True when nothing is missing, nothing is too much, and all agrees. */
export const isWhole = ({ hits, expected, answered }: Overlap): boolean =>
  expected === answered && Math.abs(hits - expected) < 1e-9

const isNone = (value: Value): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '')

/** A value that is no list counts as a list of it. */
const itemsOf = (value: Value): readonly JsonValue[] =>
  isNone(value) ? [] : isList(value) ? value.filter((item) => !isNone(item)) : [value!]

const isList = (value: Value): value is readonly JsonValue[] => Array.isArray(value)

function matchItems(
  matcher: SetMatcher | ListMatcher,
  expected: readonly JsonValue[],
  answer: readonly JsonValue[],
): Overlap {
  const of = matcher.of ?? { match: 'text' }
  const isSet = matcher.match === 'set'
  const score = (left: JsonValue, right: JsonValue): number => {
    const shared = similarity(of, left, right)
    return isSet && shared < 1 - 1e-9 ? 0 : shared
  }
  const truth = isSet ? withoutRepeats(expected, of) : expected
  const given = isSet ? withoutRepeats(answer, of) : answer
  const scores = truth.map((left) => given.map((right) => score(left, right)))
  const hits = bestAssignment(scores).reduce((sum, column, row) => sum + (scores[row]?.[column] ?? 0), 0)
  return { hits, expected: truth.length, answered: given.length }
}

/** Numbers and codes count as repeats when they are the same, whatever may stand for them. */
function withoutRepeats(items: readonly JsonValue[], of: ScalarMatcher | ObjectMatcher): JsonValue[] {
  const loose = of.match === 'text' || of.match === 'similar' || of.match === 'enum'
  const first = new Map<string, JsonValue>()
  for (const item of items) {
    const key = loose ? normalised(textOf(item)) : canonicalJson(item)
    if (!first.has(key)) first.set(key, item)
  }
  return [...first.values()]
}

/** How alike two values are, from 0 to 1. */
function similarity(matcher: ScalarMatcher | ObjectMatcher, expected: JsonValue, answer: JsonValue): number {
  if (matcher.match === 'object') return memberSimilarity(matcher, expected, answer)
  if (matcher.match === 'exact') return yes(canonicalJson(expected) === canonicalJson(answer))
  return textSimilarity(matcher, textOf(expected), textOf(answer))
}

/** The mean over members; those that both leave out do not count. */
function memberSimilarity(matcher: ObjectMatcher, expected: JsonValue, answer: JsonValue): number {
  const members = Object.entries(matcher.fields).flatMap(([field, rule]) => {
    const overlap = matchValue(rule, valueAt(expected, field), valueAt(answer, field))
    return overlap.expected + overlap.answered === 0 ? [] : [overlap.hits]
  })
  return members.length === 0 ? 1 : members.reduce((sum, hits) => sum + hits, 0) / members.length
}

function textSimilarity(
  matcher: Exclude<ScalarMatcher, { readonly match: 'exact' }>,
  truth: string,
  given: string,
): number {
  switch (matcher.match) {
    case 'text':
      return yes(normalised(truth) === normalised(given))
    case 'similar':
      return editSimilarity(normalised(truth), normalised(given))
    case 'number':
      return yes(isNear(truth, given, matcher.tolerance ?? 0, matcher.relative ?? 0))
    case 'date': {
      const [left, right] = [parseDate(truth, matcher.order), parseDate(given, matcher.order)]
      return yes(left === undefined ? normalised(truth) === normalised(given) : left === right)
    }
    case 'enum': {
      const known = new Set(matcher.values.map(normalised))
      return yes(normalised(truth) === normalised(given) && known.has(normalised(given)))
    }
    case 'icd-10-cm':
    default:
      return codeSimilarity(icdCode(truth) ?? normalised(truth), icdCode(given) ?? normalised(given))
  }
}

const yes = (same: boolean): number => (same ? 1 : 0)

const textOf = (value: JsonValue): string => (typeof value === 'string' ? value : canonicalJson(value))

/** Texts that were normalised lately: items of lists are compared again and again. */
const lately = new Map<string, string>()
const mostKept = 10_000

/** Compatibility forms folded, small letters, single spaces, no quotes around it and no closing punctuation. */
function normalised(text: string): string {
  const known = lately.get(text)
  if (known !== undefined) return known
  const made = withoutSurroundingMarks(text.normalize('NFKC').toLowerCase()).replaceAll(/\s+/gu, ' ')
  if (lately.size >= mostKept) lately.clear()
  if (text.length < 200) lately.set(text, made)
  return made
}

function isNear(expected: string, answer: string, tolerance: number, relative: number): boolean {
  const [truth, given] = [numberOf(expected), numberOf(answer)]
  if (truth === undefined || given === undefined) return false
  if (truth === given) return true
  // 0.1 + 0.2 must be within 0 of 0.3.
  const rounding = 1e-12 * Math.max(Math.abs(truth), Math.abs(given))
  return Math.abs(truth - given) <= Math.max(tolerance, relative * Math.abs(truth)) + rounding
}

/** `1,200.50` is a number too; `1.200,50` is not one for sure. */
function numberOf(text: string): number | undefined {
  const plain = text.trim()
  const written = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(plain) ? plain.replaceAll(',', '') : plain
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(written) ? Number(written) : undefined
}
