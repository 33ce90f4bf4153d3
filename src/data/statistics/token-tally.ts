import { LengthTally, type HistogramBar, type LengthSummary } from './length-tally.ts'

/** The tokens of one record; of a preference pair those with the preferred answer, and the other ones beside. */
export interface RecordTokens {
  readonly line: number
  /** Of the longest sequence: what has to fit. */
  readonly longest: number
  readonly total: number
  /** Of the system prompt alone. */
  readonly system: number
  /** Tokens that carry loss. */
  readonly trained: number
  /** Those of them that lie within the limit. */
  readonly trainedWithin: number
  /** Of a pair: the whole conversation with the other answer; else 0. */
  readonly rejected: number
}

export interface LongRecord {
  readonly line: number
  readonly tokens: number
  /** Tokens of answers that lie beyond the limit. */
  readonly trainedBeyond: number
}

export interface TokenStatistics {
  /** Records of which tokens were counted. */
  readonly counted: number
  /** Of all records, both sequences of a pair. */
  readonly total: number
  readonly trained: number
  readonly tokens: {
    /** Of the longest sequence of each record. */
    readonly record: LengthSummary
    readonly system: LengthSummary
    /** Neither system prompt nor trained: user turns, answers that are not learned, and the template's own marks. */
    readonly prompt: LengthSummary
    readonly answer: LengthSummary
  }
  readonly histogram: readonly HistogramBar[]
  readonly beyondLimit: {
    readonly limit: number | null
    readonly records: number
    /** Tokens beyond the limit. */
    readonly tokens: number
    /** Of these records, those of which an answer is cut, and those that have no trained token left. */
    readonly answersCut: number
    readonly withoutTrained: number
    /** In the order of the lines, at most 1,000. */
    readonly rows: readonly LongRecord[]
  }
  /** Records within the limit that have no trained token. */
  readonly nothingTrained: number
}

const keptRows = 1_000

/** Sums up the tokens of records that come in any order. */
export class TokenTally {
  readonly #limit: number | undefined
  readonly #record = new LengthTally()
  readonly #system = new LengthTally()
  readonly #prompt = new LengthTally()
  readonly #answer = new LengthTally()
  #rows: LongRecord[] = []
  #total = 0
  #trained = 0
  #answersCut = 0
  #withoutTrained = 0
  #nothingTrained = 0

  /** @param limit longest record in tokens */
  constructor(limit: number | undefined) {
    this.#limit = limit
  }

  add(record: RecordTokens): void {
    const { line, longest, total, system, trained, trainedWithin, rejected } = record
    this.#record.add(longest)
    if (system > 0) this.#system.add(system)
    this.#prompt.add(Math.max(0, total - system - trained))
    this.#answer.add(trained)
    this.#total += total + rejected
    this.#trained += trained
    if (trained === 0) this.#nothingTrained++
    if (this.#limit === undefined || longest <= this.#limit) return
    if (trainedWithin < trained) this.#answersCut++
    if (trained > 0 && trainedWithin === 0) this.#withoutTrained++
    this.#rows.push({ line, tokens: longest, trainedBeyond: trained - trainedWithin })
    if (this.#rows.length >= 2 * keptRows) this.#rows = firstLines(this.#rows)
  }

  statistics(): TokenStatistics {
    const record = this.#record.summary()
    const beyond = this.#limit === undefined ? { count: 0, excess: 0 } : this.#record.beyond(this.#limit)
    return {
      counted: record.count,
      total: this.#total,
      trained: this.#trained,
      tokens: {
        record,
        system: this.#system.summary(),
        prompt: this.#prompt.summary(),
        answer: this.#answer.summary(),
      },
      histogram: this.#record.histogram(),
      beyondLimit: {
        limit: this.#limit ?? null,
        records: beyond.count,
        tokens: beyond.excess,
        answersCut: this.#answersCut,
        withoutTrained: this.#withoutTrained,
        rows: firstLines(this.#rows),
      },
      nothingTrained: this.#nothingTrained,
    }
  }
}

// Batches may come out of order: the first rows are known at the end only.
const firstLines = (rows: readonly LongRecord[]): LongRecord[] =>
  rows.toSorted((one, other) => one.line - other.line).slice(0, keptRows)
