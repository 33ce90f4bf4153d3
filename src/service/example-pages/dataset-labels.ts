import type { Example } from '../../core/example.ts'
import { labelReader } from '../../data/statistics/label-statistics.ts'
import { GrowingNumbers } from './growing-numbers.ts'

/** In a column of labels: none, or one of too many. */
export const noLabel = 65_535
const mostNames = 1_000
const longestAnswer = 80

/** Gathers the labels of records: of the field that is named, else the records' own, else answers that look like labels. */
export class DatasetLabels {
  readonly #field: string | undefined
  readonly #read: ReturnType<typeof labelReader>
  readonly #own = new Numbered()
  readonly #answers = new Numbered()
  #records = 0
  #long = false

  constructor(field: string | undefined) {
    this.#field = field
    this.#read = labelReader(field)
  }

  add(example: Example | undefined, record: unknown): void {
    this.#own.add(example === undefined ? undefined : this.#read(example, record))
    const answer = example?.messages.at(-1)?.content
    if (answer !== undefined && answer.length > longestAnswer) this.#long = true
    this.#answers.add(this.#long ? undefined : answer)
    if (example !== undefined) this.#records++
  }

  chosen(): {
    readonly labels: Uint16Array
    readonly labelNames: readonly string[]
    readonly labelsFrom: string | null
  } {
    if (this.#field !== undefined) return chosenFrom(this.#own, `the field ${JSON.stringify(this.#field)}`)
    if (this.#own.names.length > 0) return chosenFrom(this.#own, "the record's label")
    // As statistics of a file tell labels: short answers, at most 200 different ones, each five times on average.
    const { names, hasOthers } = this.#answers
    const areLabels = !this.#long && !hasOthers && names.length <= 200 && names.length * 5 <= this.#records
    if (areLabels && names.length > 0)
      return chosenFrom(this.#answers, 'the answers, which are short and repeat')
    return { labels: this.#own.numbers.view(), labelNames: [], labelsFrom: null }
  }
}

/** Texts as numbers, in the order in which they are met. */
class Numbered {
  readonly numbers = new GrowingNumbers(Uint16Array)
  readonly #known = new Map<string, number>()
  hasOthers = false

  get names(): readonly string[] {
    return [...this.#known.keys()]
  }

  add(text: string | undefined): void {
    let number = text === undefined ? noLabel : this.#known.get(text)
    if (number === undefined && text !== undefined && this.#known.size < mostNames) {
      number = this.#known.size
      this.#known.set(text, number)
    }
    if (number === undefined) this.hasOthers = true
    this.numbers.push(number ?? noLabel)
  }
}

const chosenFrom = (
  { numbers, names }: Numbered,
  labelsFrom: string,
): { readonly labels: Uint16Array; readonly labelNames: readonly string[]; readonly labelsFrom: string } => ({
  labels: numbers.view(),
  labelNames: names,
  labelsFrom,
})
