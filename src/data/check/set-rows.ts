import type { RecordHash } from './duplicate-index.ts'
import type { CheckRow, SetRow } from './rule.ts'

/** Many rows as columns, which go from thread to thread at little cost. */
export interface SetRows {
  readonly keys: readonly number[]
  readonly answers: readonly (string | undefined)[]
  readonly labels: readonly (string | undefined)[]
  /** Four numbers a row: high, low, exact, outcome of its `RecordHash`. */
  readonly hashes: readonly number[]
  /** `undefined` where a row says nothing that could be the same. */
  readonly outcomes: readonly (string | undefined)[]
}

export class SetRowsWriter {
  readonly #keys: number[] = []
  readonly #answers: (string | undefined)[] = []
  readonly #labels: (string | undefined)[] = []
  readonly #hashes: number[] = []
  readonly #outcomes: (string | undefined)[] = []

  add({ key, answer, label }: CheckRow, hash: RecordHash | undefined): void {
    this.#keys.push(key)
    this.#answers.push(answer?.text)
    this.#labels.push(label)
    this.#hashes.push(hash?.high ?? 0, hash?.low ?? 0, hash?.exact ?? 0, hash?.outcome ?? 0)
    this.#outcomes.push(hash?.outcomeText)
  }

  rows(): SetRows {
    return {
      keys: this.#keys,
      answers: this.#answers,
      labels: this.#labels,
      hashes: this.#hashes,
      outcomes: this.#outcomes,
    }
  }
}

export function* readSetRows(
  rows: SetRows,
): Generator<{ readonly row: SetRow; readonly hash: RecordHash | undefined }> {
  const { keys, answers, labels, hashes, outcomes } = rows
  for (let at = 0; at < keys.length; at++) {
    const text = answers[at]
    const outcomeText = outcomes[at]
    yield {
      row: { key: keys[at] ?? 0, answer: text === undefined ? undefined : { text }, label: labels[at] },
      hash:
        outcomeText === undefined
          ? undefined
          : {
              high: hashes[4 * at] ?? 0,
              low: hashes[4 * at + 1] ?? 0,
              exact: hashes[4 * at + 2] ?? 0,
              outcome: hashes[4 * at + 3] ?? 0,
              outcomeText,
            },
    }
  }
}
