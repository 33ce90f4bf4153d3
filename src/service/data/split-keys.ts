import { HoneError } from '../../core/errors.ts'
import { answerOf } from '../../data/records/placed-example.ts'
import { recordKey } from '../../data/split/record-key.ts'
import type { ExampleRow } from '../../data/records/stream-examples.ts'
import { labelAsWritten } from '../../evaluate/read-label.ts'
import { GrowingUint32 } from '../../lib/growing-array.ts'
import { HashIndex } from '../../lib/hash-index.ts'
import { hashText } from '../../lib/mix-hash.ts'

/** More different labels than this are no labels: a split by them would mean nothing. */
const mostLabels = 20_000

const none = 0xffffffff

/** Label and group of each record of a file, as numbers. */
export class SplitKeys {
  readonly labels: GrowingUint32
  readonly labelNames: string[] = []
  readonly #numbers = new Map<string, number>()
  readonly #groups: GrowingUint32
  readonly #index = new HashIndex()
  readonly #settings: {
    readonly file: string
    readonly byLabel: boolean
    readonly labelField?: string | undefined
    readonly group?: string | undefined
  }
  readonly #name = { low: 0, high: 0 }
  withoutGroup = 0

  constructor(
    settings: {
      readonly file: string
      readonly byLabel: boolean
      readonly labelField?: string | undefined
      readonly group?: string | undefined
    },
    capacity: number,
  ) {
    this.#settings = settings
    this.labels = new GrowingUint32(capacity)
    this.#groups = new GrowingUint32(settings.group === undefined ? 1 : capacity)
  }

  /** Number of groups that were named. */
  get groups(): number {
    return this.#index.size
  }

  /** @throws HoneError `E_DATA` for so many labels that they are none */
  take(record: ExampleRow): void {
    const label = this.#settings.byLabel ? this.#labelOf(record) : ''
    let number = this.#numbers.get(label)
    if (number === undefined) {
      number = this.labelNames.length
      this.#numbers.set(label, number)
      this.labelNames.push(label)
      if (number >= mostLabels) {
        throw new HoneError(
          'E_DATA',
          `there are more than ${mostLabels.toLocaleString('en-US')} different labels`,
          {
            at: { file: this.#settings.file, line: record.line },
            hint: 'name where the label stands with --label-field, or leave --by label out',
          },
        )
      }
    }
    this.labels.push(number)
    const { group } = this.#settings
    if (group === undefined) return
    const value = recordKey(record, group)
    if (value === undefined) {
      this.withoutGroup++
      this.#groups.push(none)
    } else {
      hashText(value, this.#name)
      this.#groups.push(this.#index.add(this.#name.low, this.#name.high))
    }
  }

  /** Group of a record, -1 for one that names none. */
  groupOf(index: number): number {
    const group = this.#groups.at(index)
    return group === none ? -1 : group
  }

  #labelOf(record: ExampleRow): string {
    const { labelField } = this.#settings
    const { example } = record
    if (example === undefined) return ''
    if (labelField === undefined)
      return example.label ?? recordKey(record, 'label') ?? answerOf(example).trim()
    return recordKey(record, labelField) ?? labelAsWritten(answerOf(example), labelField) ?? ''
  }
}
