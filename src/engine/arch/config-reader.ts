import { HoneError } from '../../core/errors.ts'

/** Reads the fields of a `config.json`; each failure is an `E_MODEL_FILE` or `E_MODEL_UNSUPPORTED` that names the field. */
export class ConfigReader {
  readonly #json: Readonly<Record<string, unknown>>
  readonly #architecture: string

  constructor(json: Readonly<Record<string, unknown>>, architecture: string) {
    this.#json = json
    this.#architecture = architecture
  }

  /** A whole number of at least 1. */
  count(field: string, fallback?: number): number {
    const value = this.#json[field] ?? fallback
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 && value < 2 ** 31)
      return value
    throw this.#wrong(field, 'a whole number of at least 1')
  }

  number(field: string, fallback: number): number {
    const value = this.#json[field] ?? fallback
    if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value
    throw this.#wrong(field, 'a number above 0')
  }

  flag(field: string, fallback: boolean): boolean {
    const value = this.#json[field] ?? fallback
    if (typeof value === 'boolean') return value
    throw this.#wrong(field, 'true or false')
  }

  /** `rope_theta`, or the newer `rope_parameters.rope_theta`. */
  ropeTheta(fallback: number): number {
    const parameters = this.#json['rope_parameters']
    if (typeof parameters === 'object' && parameters !== null) {
      const reader = new ConfigReader(parameters as Record<string, unknown>, this.#architecture)
      reader.refuseUnless('rope_type', 'default')
      return reader.number('rope_theta', this.number('rope_theta', fallback))
    }
    return this.number('rope_theta', fallback)
  }

  /** Refuses a variant of the architecture that would be computed wrongly. An absent field is accepted. */
  refuseUnless(field: string, expected: unknown): void {
    const value = this.#json[field]
    if (value === undefined || value === null || value === expected) return
    throw new HoneError(
      'E_MODEL_UNSUPPORTED',
      `${this.#architecture} with ${field} = ${JSON.stringify(value)} is not supported`,
      { at: { file: 'config.json', pointer: `/${field}` } },
    )
  }

  #wrong(field: string, expected: string): HoneError {
    const value = this.#json[field]
    return new HoneError(
      'E_MODEL_FILE',
      `${field} must be ${expected}, but is ${value === undefined ? 'missing' : JSON.stringify(value)}`,
      { at: { file: 'config.json', pointer: `/${field}` } },
    )
  }
}
