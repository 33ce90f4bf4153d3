import { HoneError } from '../../core/errors.ts'
import type { EvaluationTask } from '../evaluation-task.ts'
import type { Overlap } from '../match/match-value.ts'
import { countedMetric, denseCounts } from './counted-metric.ts'
import type { ProportionMetric, ReadRow, SampleMetric } from './metric.ts'
import { overlapMetric } from './overlap-metric.ts'

const abstainOf = (task: EvaluationTask): string | undefined =>
  task.kind === 'labels' ? task.abstain : undefined

/** True for an answer with a label that is not the one for "none of these". */
const isAnswered = ({ answer }: ReadRow, task: EvaluationTask): boolean =>
  answer.readable && answer.read !== abstainOf(task)

/** Share of rows that get a label other than the abstain label. */
export const coverage: ProportionMetric = {
  id: 'coverage',
  title: 'coverage',
  format: 'percent',
  definition: 'the share of rows that are answered with a label other than the one for “none of these”',
  kind: 'proportion',
  isRight: isAnswered,
}

/** Share of right rows among those that are answered with a label other than the abstain label. */
export const answeredAccuracy: SampleMetric = countedMetric(
  {
    id: 'answered-accuracy',
    title: 'answered accuracy',
    format: 'percent',
    definition:
      'the share of right rows among those answered with a label other than the one for “none of these”; 0 where there is none',
  },
  (rows, task) => ({
    ...denseCounts(rows, 2, (row) => {
      const answered = isAnswered(row, task)
      return [
        answered && row.answer.readable && row.answer.read === row.expected.read ? 1 : 0,
        answered ? 1 : 0,
      ]
    }),
    value: ([right = 0, answered = 0]) => (answered === 0 ? 0 : right / answered),
  }),
)

/** Share of right rows among those that are in scope. */
export const inScopeAccuracy: SampleMetric = countedMetric(
  {
    id: 'in-scope-accuracy',
    title: 'in-scope accuracy',
    format: 'percent',
    definition:
      'the share of right rows among those that expect a label other than the one for “none of these”; 0 where there is none',
  },
  (rows, task) => ({
    ...denseCounts(rows, 2, ({ expected, answer }) => {
      const inScope = expected.read !== abstainOf(task)
      return [inScope && answer.readable && answer.read === expected.read ? 1 : 0, inScope ? 1 : 0]
    }),
    value: ([right = 0, inScope = 0]) => (inScope === 0 ? 0 : right / inScope),
  }),
)

/** Whether the abstain label is expected and given, as an overlap. */
function outOfScopeOverlap({ expected, answer }: ReadRow, task: EvaluationTask): Overlap {
  const abstain = abstainOf(task)
  if (abstain === undefined) {
    throw new HoneError('E_CONFIG', 'what is out of scope is measured where a label says so', {
      hint: 'name that label as task.abstain',
    })
  }
  const truth = expected.read === abstain
  const given = answer.readable && answer.read === abstain
  return { hits: truth && given ? 1 : 0, expected: truth ? 1 : 0, answered: given ? 1 : 0 }
}

/** How well rows that are out of scope are told from the others. */
export const outOfScopeF1: SampleMetric = overlapMetric(
  {
    id: 'out-of-scope-f1',
    title: 'out-of-scope F1',
    definition: 'the F1 of the label for “none of these”',
  },
  'f1',
  outOfScopeOverlap,
)

/** How many of the rows that are out of scope are found. */
export const outOfScopeRecall: SampleMetric = overlapMetric(
  {
    id: 'out-of-scope-recall',
    title: 'out-of-scope recall',
    definition:
      'the share of rows that expect the label for “none of these” and get it, among all that expect it',
  },
  'recall',
  outOfScopeOverlap,
)
