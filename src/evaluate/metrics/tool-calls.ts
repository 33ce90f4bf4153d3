import { canonicalJson, type JsonValue } from '../../lib/canonical-json.ts'
import { bestAssignment } from '../assignment.ts'
import type { Overlap } from '../match/match-value.ts'
import type { ReadCall } from '../reading.ts'
import type { ProportionMetric, ReadRow, SampleMetric } from './metric.ts'
import { overlapMetric } from './overlap-metric.ts'

const expectedCalls = ({ expected }: ReadRow): readonly ReadCall[] => expected.calls ?? []
const answeredCalls = ({ answer }: ReadRow): readonly ReadCall[] =>
  answer.readable ? (answer.calls ?? []) : []

/** True when both hold the same texts as often, in any order. */
const sameTexts = (left: readonly string[], right: readonly string[]): boolean =>
  left.toSorted().join('\n') === right.toSorted().join('\n')

const callText = (call: ReadCall): string => canonicalJson({ ...call } as unknown as JsonValue)

/** Share of rows where exactly the expected calls are made: name and arguments, in any order. */
export const callsExact: ProportionMetric = {
  id: 'calls-exact',
  title: 'calls exact',
  format: 'percent',
  definition:
    'the share of rows with exactly the expected calls, by name and arguments as JSON; the order of calls is free, and where nothing is to be called nothing may be',
  kind: 'proportion',
  isRight: (row) =>
    row.answer.readable && sameTexts(expectedCalls(row).map(callText), answeredCalls(row).map(callText)),
}

/** Share of rows where the right functions are called, whatever their arguments. */
export const callNames: ProportionMetric = {
  id: 'call-names',
  title: 'call names',
  format: 'percent',
  definition: 'the share of rows where exactly the expected functions are called, whatever their arguments',
  kind: 'proportion',
  isRight: (row) =>
    row.answer.readable &&
    sameTexts(
      expectedCalls(row).map(({ name }) => name),
      answeredCalls(row).map(({ name }) => name),
    ),
}

/** Share of rows where something is called if and only if something is to be called. */
export const callDecision: ProportionMetric = {
  id: 'call-decision',
  title: 'call or not',
  format: 'percent',
  definition: 'the share of rows that call something when something is to be called, and nothing when not',
  kind: 'proportion',
  isRight: (row) => row.answer.readable && expectedCalls(row).length > 0 === answeredCalls(row).length > 0,
}

/** How well rows where nothing is to be called are told from the others. */
export const irrelevanceF1: SampleMetric = overlapMetric(
  {
    id: 'irrelevance-f1',
    title: 'irrelevance F1',
    definition: 'the F1 of calling nothing where nothing is to be called',
  },
  'f1',
  (row) => {
    const truth = expectedCalls(row).length === 0
    const given = row.answer.readable && answeredCalls(row).length === 0
    return { hits: truth && given ? 1 : 0, expected: truth ? 1 : 0, answered: given ? 1 : 0 }
  },
)

/** F1 of arguments, each with the name of its function and its value; calls of one name are paired so that they agree best. */
export const argumentF1: SampleMetric = overlapMetric(
  {
    id: 'argument-f1',
    title: 'argument F1',
    definition:
      'the harmonic mean of precision and recall of the arguments of all calls, each right by function, name and value',
  },
  'f1',
  (row) => {
    const [truth, given] = [expectedCalls(row), answeredCalls(row)]
    const scores = truth.map((left) => given.map((right) => sharedArguments(left, right)))
    const hits = bestAssignment(scores).reduce((sum, column, at) => sum + (scores[at]?.[column] ?? 0), 0)
    return { hits, expected: argumentCount(truth), answered: argumentCount(given) } satisfies Overlap
  },
)

const argumentCount = (calls: readonly ReadCall[]): number =>
  calls.reduce((sum, call) => sum + Object.keys(call.arguments).length, 0)

function sharedArguments(left: ReadCall, right: ReadCall): number {
  if (left.name !== right.name) return 0
  return Object.entries(left.arguments).filter(
    ([key, value]) =>
      Object.hasOwn(right.arguments, key) &&
      canonicalJson(value as JsonValue) === canonicalJson(right.arguments[key] as JsonValue),
  ).length
}
