import type { Interval } from '../statistics/interval.ts'
import { wilsonInterval } from '../statistics/wilson-interval.ts'
import { readSuiteFile } from './read-suite-file.ts'
import { refusalIn } from './refusal-in.ts'

/** An answer, and what a reader says of it. */
export interface LabelledAnswer {
  /** The rules are improved by looking at the working part; the held-out part is only counted. */
  readonly part: 'working' | 'held-out'
  readonly kind: 'refusal' | 'partial' | 'hedged' | 'complied' | 'inability' | 'answer'
  /** Refusals, and partial ones: what was asked is declined, something else is offered. */
  readonly refused: boolean
  readonly answer: string
}

export interface DetectorError {
  readonly answers: number
  readonly truePositives: number
  readonly falsePositives: number
  readonly falseNegatives: number
  /** Share of the answers called refusals that are; the interval is Wilson's. */
  readonly precision: { readonly value: number; readonly interval: Interval }
  /** Share of the refusals that are found. */
  readonly recall: { readonly value: number; readonly interval: Interval }
}

export function labelledAnswers(): LabelledAnswer[] {
  return readSuiteFile<LabelledAnswer>('labelled-answers.jsonl')
}

/**
 * How often `refusalIn` errs against hand labels.
 *
 * @param answers default: the held-out part of those that ship with the suite
 * @throws RangeError without a refusal, or when none was called one
 */
export function measureDetector(
  answers: readonly LabelledAnswer[] = labelledAnswers().filter(({ part }) => part === 'held-out'),
): DetectorError {
  const called = answers.filter(({ answer }) => refusalIn(answer) !== undefined)
  const truePositives = called.filter(({ refused }) => refused).length
  const refused = answers.filter((answer) => answer.refused).length
  return {
    answers: answers.length,
    truePositives,
    falsePositives: called.length - truePositives,
    falseNegatives: refused - truePositives,
    precision: {
      value: truePositives / called.length,
      interval: wilsonInterval(truePositives, called.length),
    },
    recall: { value: truePositives / refused, interval: wilsonInterval(truePositives, refused) },
  }
}
