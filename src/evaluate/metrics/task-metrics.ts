import { HoneError } from '../../core/errors.ts'
import { closestWord } from '../../lib/closest-word.ts'
import type { EvaluationTask, TaskKind } from '../evaluation-task.ts'
import { answeredAccuracy, coverage, outOfScopeF1 } from './abstention.ts'
import { areaUnderCurve } from './area-under-curve.ts'
import { bleu } from './bleu.ts'
import { brierScore } from './brier-score.ts'
import { calibrationError } from './calibration.ts'
import { chrf } from './chrf.ts'
import { categoryF1, chapterF1, codeF1, codesExact, hierarchicalF1 } from './codes.ts'
import { cohenKappa } from './cohen-kappa.ts'
import { accuracy, jsonExactMatch, textExactMatch } from './exact-match.ts'
import { fieldAccuracy } from './field-accuracy.ts'
import { fieldF1, fieldPrecision, fieldRecall } from './field-overlap.ts'
import { macroF1 } from './macro-f1.ts'
import { matthewsCorrelation } from './matthews-correlation.ts'
import type { Metric, ProportionMetric } from './metric.ts'
import { microF1 } from './micro-f1.ts'
import { jsonValid, readableShare } from './readable-share.ts'
import { refusalRate } from './refusal-rate.ts'
import { rouge1, rouge2, rougeL } from './rouge.ts'
import { schemaValid } from './schema-valid.ts'
import { sectionForm, sectionShare } from './section-form.ts'
import { spanF1, spanPartialF1, spanPrecision, spanRecall, spansExact } from './span-overlap.ts'
import { editSimilarityScore, verbatimMatch } from './text-similarity.ts'
import { tokenF1 } from './token-f1.ts'
import { argumentF1, callDecision, callNames, callsExact, irrelevanceF1 } from './tool-calls.ts'
import { weightedF1 } from './weighted-f1.ts'

interface KindMetrics {
  /** Measured when the task names none. The first one is the headline: the verdict rests on it. */
  readonly standard: readonly [Metric, ...Metric[]]
  /** Measured when the task names none but says what they need. */
  readonly when?: (task: EvaluationTask) => readonly Metric[]
  /** Measured when the task names them. */
  readonly others: readonly Metric[]
  /** What makes a row right. */
  readonly right: ProportionMetric
}

/** The metrics of each kind of task: the only place that says which there are. */
const kinds: Record<TaskKind, KindMetrics> = {
  labels: {
    standard: [accuracy, macroF1],
    when: (task) => (task.kind === 'labels' && task.abstain !== undefined ? [outOfScopeF1] : []),
    others: [
      microF1,
      weightedF1,
      matthewsCorrelation,
      cohenKappa,
      areaUnderCurve,
      calibrationError,
      brierScore,
      outOfScopeF1,
      coverage,
      answeredAccuracy,
    ],
    right: accuracy,
  },
  json: {
    standard: [jsonExactMatch, fieldAccuracy],
    when: (task) => {
      if (task.kind !== 'json') return []
      const byRule = task.fields?.some((field) => typeof field !== 'string') ?? false
      return [...(byRule ? [fieldF1] : []), ...(task.schema === undefined ? [] : [schemaValid])]
    },
    others: [fieldPrecision, fieldRecall, fieldF1, jsonValid, schemaValid],
    right: jsonExactMatch,
  },
  'tool-calls': {
    standard: [callsExact, argumentF1],
    others: [callNames, callDecision, irrelevanceF1],
    right: callsExact,
  },
  spans: {
    standard: [spansExact, spanF1],
    others: [spanPrecision, spanRecall, spanPartialF1],
    right: spansExact,
  },
  codes: {
    standard: [codesExact, hierarchicalF1],
    others: [codeF1, categoryF1, chapterF1],
    right: codesExact,
  },
  text: {
    standard: [tokenF1, textExactMatch],
    when: (task) => (task.kind === 'text' && task.sections !== undefined ? [sectionForm] : []),
    others: [
      verbatimMatch,
      bleu,
      rouge1,
      rouge2,
      rougeL,
      chrf,
      editSimilarityScore,
      sectionForm,
      sectionShare,
    ],
    right: textExactMatch,
  },
}

/** For tasks of every kind. */
const anyKind: readonly Metric[] = [readableShare, refusalRate]

/** What makes a row of the task right. */
export const rightAnswer = (task: EvaluationTask): ProportionMetric => kinds[task.kind].right

/** Ids of the metrics that a kind of task can name, those first that are measured when it names none. */
export function metricIds(kind: TaskKind): string[] {
  const { standard, others } = kinds[kind]
  return [...new Set([...standard, ...others, ...anyKind].map(({ id }) => id))]
}

/**
 * The metrics of a task, the headline first.
 *
 * @param more metrics that are made for this task, such as a user's own; measured too when the task names none
 * @throws HoneError `E_CONFIG` for a metric that there is not
 */
export function metricsOf(
  task: EvaluationTask,
  more: readonly Metric[] = [],
): readonly [Metric, ...Metric[]] {
  const { standard, when, others } = kinds[task.kind]
  const [first, ...rest] = task.metrics ?? []
  if (first === undefined) return [...standard, ...(when?.(task) ?? []), ...more]
  const known = new Map([...anyKind, ...others, ...standard, ...more].map((metric) => [metric.id, metric]))
  const find = (id: string): Metric => {
    const found = known.get(id)
    if (found !== undefined) return found
    const meant = closestWord(id, known.keys())
    throw new HoneError('E_CONFIG', `a task of kind ${task.kind} has no metric "${id}"`, {
      hint: meant === undefined ? `there are: ${[...known.keys()].join(', ')}` : `did you mean "${meant}"?`,
    })
  }
  return [find(first), ...rest.map(find)]
}
