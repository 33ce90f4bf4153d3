import type { EvaluationTask } from './evaluation-task.ts'
import { reliabilityBins, type ReliabilityBin } from './metrics/calibration.ts'
import { codeRelations, type CodeRelations } from './metrics/codes.ts'
import { confusionMatrix, type ConfusionMatrix } from './metrics/confusion-matrix.ts'
import { fieldResults, type FieldResult } from './metrics/field-accuracy.ts'
import { labelResults, type LabelResult } from './metrics/label-results.ts'
import type { ReadRow } from './metrics/metric.ts'
import { sectionResults, type SectionResult } from './metrics/section-form.ts'
import { spanResults, type SpanResult } from './metrics/span-overlap.ts'

/** What the scores are made of, by kind of task. */
export interface ScoreDetails {
  /** Labels only. */
  readonly labels?: readonly LabelResult[]
  /** Labels only. */
  readonly confusion?: ConfusionMatrix
  /** Labels only, where every row has the probabilities of its labels. */
  readonly reliability?: readonly ReliabilityBin[]
  /** JSON only. */
  readonly fields?: readonly FieldResult[]
  /** Spans only. */
  readonly spans?: readonly SpanResult[]
  /** Codes only. */
  readonly codes?: CodeRelations
  /** Texts in sections only. */
  readonly sections?: readonly SectionResult[]
}

export function scoreDetails(task: EvaluationTask, rows: readonly ReadRow[]): ScoreDetails {
  switch (task.kind) {
    case 'labels': {
      const confusion = confusionMatrix(rows, task.labels)
      const reliability = reliabilityBins(rows)
      return {
        labels: labelResults(confusion),
        confusion,
        ...(reliability === undefined ? {} : { reliability }),
      }
    }
    case 'json':
      return { fields: fieldResults(rows, task) }
    case 'spans':
      return { spans: spanResults(rows) }
    case 'codes':
      return { codes: codeRelations(rows) }
    case 'text': {
      const sections = sectionResults(rows, task)
      return sections === undefined ? {} : { sections }
    }
    case 'tool-calls':
    default:
      return {}
  }
}
