import { createEvaluation } from '../create-evaluation.ts'
import type { Evaluation } from '../evaluation.ts'

export interface GroupedRows {
  /** Rows of each patient. */
  readonly copies: number
  /** Whether the rows say whose they are. */
  readonly isGrouped: boolean
  readonly resamples: number
}

/** Twelve patients, of whom the base gets five right and the tuned model eight. */
export const groupedEvaluation = ({ copies, isGrouped, resamples }: GroupedRows): Evaluation =>
  createEvaluation({
    task: { kind: 'labels', labels: ['a', 'b'] },
    split: 'test',
    examples: Array.from({ length: 12 * copies }, (_, at) => ({
      id: `${at}`,
      input: `${at}`,
      expected: 'a',
      ...(isGrouped ? { group: `patient ${Math.floor(at / copies)}` } : {}),
    })),
    candidates: ['base', 'tuned'].map((id) => ({
      id,
      description: '',
      answers: Array.from({ length: 12 * copies }, (_, at) => ({
        exampleId: `${at}`,
        answer: Math.floor(at / copies) < (id === 'tuned' ? 8 : 5) ? 'a' : 'b',
        promptTokens: 1,
        completionTokens: 1,
      })),
    })),
    settings: { resamples },
  })
