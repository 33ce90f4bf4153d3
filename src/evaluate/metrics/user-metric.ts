import { HoneError } from '../../core/errors.ts'
import type { MeanMetric } from './metric.ts'

/** What a user's own metric is told of a row. */
export interface UserRow {
  readonly id: string
  readonly input: string
  readonly expected: string
  readonly answer: string
}

/** A user's own metric: a score from 0 to 1, or whether the row is right. */
export type UserScore = (row: UserRow) => number | boolean

/**
 * A metric made of a user's function. The function runs with all the rights of this program: it is the user's own code.
 *
 * @param id kebab-case
 * @throws HoneError when measured: `E_CONFIG` where the function throws, or gives something else than a score
 */
export function userMetric(id: string, score: UserScore): MeanMetric {
  return {
    id,
    title: id.replaceAll('-', ' '),
    format: 'fraction',
    definition: `the mean over rows of what the function "${id}" of the configuration gives`,
    kind: 'mean',
    rowScore: ({ expected, answer, example, given }) => {
      const name = example?.id ?? ''
      const row = {
        id: name,
        input: example?.input ?? '',
        expected: example?.expected ?? expected.read,
        answer: given?.answer ?? (answer.readable ? answer.read : ''),
      }
      return checked(id, name, call(id, row, score))
    },
  }
}

function call(id: string, row: UserRow, score: UserScore): unknown {
  try {
    return score(row)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new HoneError('E_CONFIG', `the metric "${id}" failed on ${row.id}: ${reason.slice(0, 200)}`, {
      hint: 'mend the function, which gets { id, input, expected, answer }',
      cause,
    })
  }
}

function checked(id: string, row: string, value: unknown): number {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'number' && value >= 0 && value <= 1) return value
  const found = value instanceof Promise ? 'a promise' : String(value).slice(0, 40)
  throw new HoneError('E_CONFIG', `the metric "${id}" gives ${found} for ${row}`, {
    hint: 'it must give a number from 0 to 1, or true or false, and not a promise of one',
  })
}
