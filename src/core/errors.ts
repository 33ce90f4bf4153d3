import { exitStatus, failureKind, type ErrorCode } from './error-codes.ts'

/** Where a failure is: any part that is known. */
export interface ErrorPlace {
  readonly file?: string
  /** 1-based. */
  readonly line?: number
  /** JSON pointer (RFC 6901) into the line, the file or the request. */
  readonly pointer?: string
}

export interface HoneErrorOptions {
  readonly at?: ErrorPlace
  /** What to do about it, as a command where there is one. */
  readonly hint?: string
  readonly cause?: unknown
}

const brand = Symbol.for('hone.error')

/**
 * The one error class of Hone: a stable code, what failed, where, and what to do.
 *
 * @example
 * throw new HoneError('E_DATA', 'not JSON: unexpected end of line', {
 *   at: { file: 'train.jsonl', line: 3 },
 *   hint: 'mend the line or remove it',
 * })
 */
export class HoneError extends Error {
  override readonly name = 'HoneError'
  readonly code: ErrorCode
  readonly at: ErrorPlace
  readonly hint: string | undefined

  constructor(code: ErrorCode, message: string, options: HoneErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.at = options.at ?? {}
    this.hint = options.hint
    Object.defineProperty(this, brand, { value: true })
  }

  /** True for a `HoneError` of any copy of this package. */
  static isInstance(error: unknown): error is HoneError {
    return typeof error === 'object' && error !== null && brand in error
  }

  /** The status with which the program ends when this error reaches its top. */
  get exitStatus(): number {
    return exitStatus[failureKind(this.code)]
  }

  /** The form for `--json` and for process boundaries; `fromJSON` reads it back. */
  toJSON(): SerializedHoneError {
    return {
      code: this.code,
      message: this.message,
      at: this.at,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
    }
  }

  static fromJSON(value: SerializedHoneError): HoneError {
    return new HoneError(value.code, value.message, {
      at: value.at,
      ...(value.hint === undefined ? {} : { hint: value.hint }),
    })
  }
}

export interface SerializedHoneError {
  readonly code: ErrorCode
  readonly message: string
  readonly at: ErrorPlace
  readonly hint?: string
}

/** `file:line pointer`, with the parts that are known. */
export function placeText(at: ErrorPlace): string {
  const file = at.file === undefined ? '' : at.line === undefined ? at.file : `${at.file}:${at.line}`
  const line = at.file === undefined && at.line !== undefined ? `line ${at.line}` : ''
  return [file, line, at.pointer ?? ''].filter((part) => part !== '').join(' ')
}
