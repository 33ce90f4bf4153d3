import type { Example } from '../../core/example.ts'
import { parseJson } from '../../lib/parse-json.ts'
import { isJsonObject } from '../records/record-format.ts'
import type { CountedValue, ValueTally } from './value-tally.ts'

export interface LabelStatistics {
  /** Where the labels were found, in words. */
  readonly from: string
  /** Different ones. */
  readonly distinct: number
  /** True when there were more than are counted. */
  readonly more: boolean
  /** Records without one. */
  readonly without: number
  /** The commonest first. */
  readonly counts: readonly CountedValue[]
}

/** Reads a record's label: of the field that was named, else the example's own. */
export function labelReader(
  field: string | undefined,
): (example: Example, record: unknown) => string | undefined {
  if (field === undefined) return ({ label }) => label
  return (example, record) => {
    const own = field === 'label' ? example.label : undefined
    return own ?? textOf(record, field) ?? textOf(example.metadata, field) ?? answerField(example, field)
  }
}

function textOf(value: unknown, field: string): string | undefined {
  if (!isJsonObject(value) || !Object.hasOwn(value, field)) return undefined
  const found = value[field]
  if (typeof found === 'string') return found
  return typeof found === 'number' || typeof found === 'boolean' ? String(found) : undefined
}

function answerField({ messages }: Example, field: string): string | undefined {
  const answer = messages.at(-1)?.content ?? ''
  if (!answer.trimStart().startsWith('{')) return undefined
  try {
    return textOf(parseJson(answer), field)
  } catch {
    return undefined
  }
}

interface Found {
  readonly field: string | undefined
  readonly labels: ValueTally
  readonly answers: ValueTally
  readonly records: number
  readonly longestAnswer: number
}

const longestLabel = 80

/**
 * The labels that were read; without any, the answers themselves where they are labels by all appearance: short, at most
 * 200 different ones, and each five times on average.
 */
export function findLabels(found: Found): LabelStatistics | null {
  const { field, labels, answers, records, longestAnswer } = found
  const isNamed = field !== undefined
  if (isNamed || labels.distinct > 0) {
    return toStatistics(
      isNamed ? `the field ${JSON.stringify(field)}` : "the record's label",
      labels,
      records,
    )
  }
  const isLabel =
    records > 0 &&
    answers.others === 0 &&
    longestAnswer <= longestLabel &&
    answers.distinct <= 200 &&
    answers.distinct * 5 <= records
  return isLabel ? toStatistics('the answers, which are short and repeat', answers, records) : null
}

function toStatistics(from: string, tally: ValueTally, records: number): LabelStatistics {
  const counts = tally.sorted()
  const counted = counts.reduce((sum, { count }) => sum + count, 0)
  return {
    from,
    distinct: tally.distinct,
    more: tally.others > 0,
    without: records - counted - tally.others,
    counts,
  }
}
