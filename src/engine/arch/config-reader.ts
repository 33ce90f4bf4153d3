import { HoneError } from '../../core/errors.ts'

type Json = Readonly<Record<string, unknown>>

const isPositive = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value > 0

/** Reads the fields of a `config.json`; each failure is an `E_MODEL_FILE` or `E_MODEL_UNSUPPORTED` that names the field. */
export class ConfigReader {
  readonly #json: Json
  readonly #architecture: string
  readonly #pointer: string

  constructor(json: Json, architecture: string, pointer = '') {
    this.#json = json
    this.#architecture = architecture
    this.#pointer = pointer
  }

  /** False where the field is absent or null. */
  has(field: string): boolean {
    return (this.#json[field] ?? null) !== null
  }

  /** A whole number of at least 1, or in another range. */
  count(
    field: string,
    fallback?: number,
    { least = 1, most = 2 ** 31 - 1 }: { least?: number; most?: number } = {},
  ): number {
    const value = this.#json[field] ?? fallback
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most)
      return value
    throw this.#wrong(field, `a whole number from ${least} to ${most}`)
  }

  /** A number above 0. */
  number(field: string, fallback?: number): number {
    const value = this.#json[field] ?? fallback
    if (isPositive(value)) return value
    throw this.#wrong(field, 'a number above 0')
  }

  flag(field: string, fallback: boolean): boolean {
    const value = this.#json[field] ?? fallback
    if (typeof value === 'boolean') return value
    throw this.#wrong(field, 'true or false')
  }

  /** A list of exactly `length` numbers above 0. */
  numbers(field: string, length: number): readonly number[] {
    const value: unknown = this.#json[field]
    if (Array.isArray(value) && value.length === length && value.every(isPositive)) return value
    throw this.#wrong(field, `a list of ${length} numbers above 0`)
  }

  /** One of the given words. @throws HoneError `E_MODEL_UNSUPPORTED` with the list of words for another one */
  choice<const Word extends string>(field: string, words: readonly Word[], fallback: Word): Word {
    const value = this.#json[field] ?? fallback
    const found = words.find((word) => word === value)
    if (found !== undefined) return found
    throw this.#unsupported(field, `supported: ${words.join(', ')}`)
  }

  /** A list with one of the given words for each of `length` places; undefined where there is none. */
  choices<const Word extends string>(
    field: string,
    words: readonly Word[],
    length: number,
  ): readonly Word[] | undefined {
    const value: unknown = this.#json[field] ?? undefined
    if (value === undefined) return undefined
    if (!Array.isArray(value) || value.length !== length)
      throw this.#wrong(field, `a list of ${length} words`)
    return value.map((item: unknown) => {
      const found = words.find((word) => word === item)
      if (found !== undefined) return found
      throw this.#unsupported(field, `supported: ${words.join(', ')}`)
    })
  }

  /** The fields of an object inside; undefined where it is absent or null. */
  inside(field: string): ConfigReader | undefined {
    const value = this.#json[field] ?? undefined
    if (value === undefined) return undefined
    if (typeof value !== 'object' || Array.isArray(value)) throw this.#wrong(field, 'an object')
    return new ConfigReader(value as Json, this.#architecture, `${this.#pointer}/${field}`)
  }

  /** Refuses a variant of the architecture that would be computed wrongly. An absent field is accepted. */
  refuseUnless(field: string, expected: unknown): void {
    const value = this.#json[field]
    if (value === undefined || value === null || value === expected) return
    throw this.#unsupported(field, expected === null ? undefined : `supported: ${JSON.stringify(expected)}`)
  }

  #unsupported(field: string, hint: string | undefined): HoneError {
    return new HoneError(
      'E_MODEL_UNSUPPORTED',
      `${this.#architecture} with ${field} = ${JSON.stringify(this.#json[field])} is not supported`,
      { ...this.#at(field), ...(hint === undefined ? {} : { hint }) },
    )
  }

  #wrong(field: string, expected: string): HoneError {
    const value = this.#json[field]
    return new HoneError(
      'E_MODEL_FILE',
      `${field} must be ${expected}, but is ${value === undefined ? 'missing' : JSON.stringify(value)}`,
      this.#at(field),
    )
  }

  #at(field: string): { at: { file: string; pointer: string } } {
    return { at: { file: 'config.json', pointer: `${this.#pointer}/${field}` } }
  }
}
