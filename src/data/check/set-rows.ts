import type { DuplicateIndex, RecordHash } from './duplicate-index.ts'
import type { CheckRow, SetRow } from './rule.ts'

/** Many rows as columns, which go from thread to thread at little cost. */
export interface SetRows {
  readonly count: number
  /** Six numbers a row: its key, 1 where it has a hash, and those of its `RecordHash`. */
  readonly numbers: Int32Array<ArrayBuffer>
  readonly answers: readonly (string | undefined)[]
  /** By the row's index here, where it has one. */
  readonly labels: ReadonlyMap<number, string>
  /** What is answered, where that is not the answer as it stands. */
  readonly outcomes: ReadonlyMap<number, string>
}

const width = 6

export class SetRowsWriter {
  readonly #numbers: Int32Array<ArrayBuffer>
  readonly #answers: (string | undefined)[] = []
  readonly #labels = new Map<number, string>()
  readonly #outcomes = new Map<number, string>()

  /** @param most rows that may come */
  constructor(most: number) {
    this.#numbers = new Int32Array(width * most)
  }

  add({ key, answer, label }: CheckRow, hash: RecordHash | undefined): void {
    const at = this.#answers.push(answer?.text) - 1
    const numbers = this.#numbers
    numbers[width * at] = key
    if (label !== undefined) this.#labels.set(at, label)
    if (hash === undefined) return
    numbers[width * at + 1] = 1
    numbers[width * at + 2] = hash.high
    numbers[width * at + 3] = hash.low
    numbers[width * at + 4] = hash.exact
    numbers[width * at + 5] = hash.outcome
    if (hash.outcomeText !== answer?.text) this.#outcomes.set(at, hash.outcomeText)
  }

  rows(): SetRows {
    const count = this.#answers.length
    const [numbers, answers, labels, outcomes] = [this.#numbers, this.#answers, this.#labels, this.#outcomes]
    return { count, numbers, answers, labels, outcomes }
  }
}

export const rowAt = ({ numbers, answers, labels }: SetRows, at: number): SetRow => {
  const text = answers[at]
  return {
    key: numbers[width * at] ?? 0,
    answer: text === undefined ? undefined : { text },
    label: labels.get(at),
  }
}

/** Has an index read at once where it will place the rows. */
export const reachRows = ({ numbers, count }: SetRows, index: DuplicateIndex): void =>
  index.reach(numbers, 2, width * count, width)

export function hashAt({ numbers, answers, outcomes }: SetRows, at: number): RecordHash | undefined {
  if (numbers[width * at + 1] !== 1) return undefined
  return {
    high: numbers[width * at + 2] ?? 0,
    low: numbers[width * at + 3] ?? 0,
    exact: numbers[width * at + 4] ?? 0,
    outcome: numbers[width * at + 5] ?? 0,
    outcomeText: outcomes.get(at) ?? answers[at] ?? '',
  }
}
