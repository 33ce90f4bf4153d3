import { HoneError } from '../../core/errors.ts'
import { closestWord } from '../../lib/closest-word.ts'
import type { EvaluationTask, TaskKind } from '../evaluation-task.ts'
import { answeredAccuracy, coverage, inScopeAccuracy, outOfScopeF1, outOfScopeRecall } from './abstention.ts'
import { areaUnderCurve } from './area-under-curve.ts'
import { bleu } from './bleu.ts'
import { brierScore } from './brier-score.ts'
import { calibrationError } from './calibration.ts'
import { chrf } from './chrf.ts'
import { categoryF1, chapterF1, codeF1, codesExact, hierarchicalF1 } from './codes.ts'
import { cohenKappa } from './cohen-kappa.ts'
import { accuracy, jsonExactMatch, textExactMatch } from './exact-match.ts'
import { fieldAccuracy, fieldsMatch } from './field-accuracy.ts'
import { fieldF1, fieldPrecision, fieldRecall } from './field-overlap.ts'
import { judgePreference, judgeScore } from './judged.ts'
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
  readonly standard: (task: EvaluationTask) => readonly [Metric, ...Metric[]]
  /** All that the task can name. */
  readonly named: readonly Metric[]
  /** What makes a row right. */
  readonly right: (task: EvaluationTask) => ProportionMetric
}

const hasRules = (task: EvaluationTask): boolean =>
  task.kind === 'json' && (task.fields?.some((field) => typeof field !== 'string') ?? false)

/** The metrics of each kind of task: the only place that says which there are. */
const kinds: Record<TaskKind, KindMetrics> = {
  labels: {
    standard: (task) => [
      accuracy,
      macroF1,
      ...(task.kind === 'labels' && task.abstain !== undefined ? [outOfScopeF1] : []),
    ],
    named: [
      accuracy,
      macroF1,
      microF1,
      weightedF1,
      matthewsCorrelation,
      cohenKappa,
      areaUnderCurve,
      calibrationError,
      brierScore,
      outOfScopeF1,
      outOfScopeRecall,
      inScopeAccuracy,
      coverage,
      answeredAccuracy,
    ],
    right: () => accuracy,
  },
  json: {
    standard: (task) => [
      hasRules(task) ? fieldsMatch : jsonExactMatch,
      fieldAccuracy,
      ...(hasRules(task) ? [fieldF1] : []),
      ...(task.kind === 'json' && task.schema !== undefined ? [schemaValid] : []),
    ],
    named: [
      jsonExactMatch,
      fieldAccuracy,
      fieldsMatch,
      fieldPrecision,
      fieldRecall,
      fieldF1,
      jsonValid,
      schemaValid,
    ],
    // What a rule lets pass is no mistake.
    right: (task) => (hasRules(task) ? fieldsMatch : jsonExactMatch),
  },
  'tool-calls': {
    standard: () => [callsExact, argumentF1],
    named: [callsExact, argumentF1, callNames, callDecision, irrelevanceF1],
    right: () => callsExact,
  },
  spans: {
    standard: () => [spansExact, spanF1],
    named: [spansExact, spanF1, spanPrecision, spanRecall, spanPartialF1],
    right: () => spansExact,
  },
  codes: {
    standard: () => [codesExact, hierarchicalF1],
    named: [codesExact, hierarchicalF1, codeF1, categoryF1, chapterF1],
    right: () => codesExact,
  },
  text: {
    standard: (task) => [
      tokenF1,
      textExactMatch,
      ...(task.kind === 'text' && task.sections !== undefined ? [sectionForm] : []),
    ],
    named: [
      tokenF1,
      textExactMatch,
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
    right: () => textExactMatch,
  },
}

/** For tasks of every kind. */
const anyKind: readonly Metric[] = [readableShare, refusalRate, judgeScore, judgePreference]

/** What makes a row of the task right. */
export const rightAnswer = (task: EvaluationTask): ProportionMetric => kinds[task.kind].right(task)

/** Ids of the metrics that a kind of task can name. */
export function metricIds(kind: TaskKind): string[] {
  return [...kinds[kind].named, ...anyKind].map(({ id }) => id)
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
  const { standard, named } = kinds[task.kind]
  const [first, ...rest] = task.metrics ?? []
  if (first === undefined) return [...standard(task), ...more]
  const known = new Map([...anyKind, ...named, ...more].map((metric) => [metric.id, metric]))
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
