import { HoneError } from '../../core/errors.ts'
import { QueueFull } from '../../service/serving/fair-queue.ts'
import { ThroughputExceeded } from '../../service/serving/throughput.ts'
import { BodyFault } from '../../wire/dialect-request.ts'
import { BodyRefused } from '../http/slow-clients.ts'

/** Why a request is refused, and the status that says so. */
const faultStatus = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'wrong-method': 405,
  'too-slow': 408,
  conflict: 409,
  'too-large': 413,
  throttled: 429,
  internal: 500,
  unavailable: 503,
} as const

export type FaultKind = keyof typeof faultStatus

export interface ApiFaultOptions {
  /** JSON pointer (RFC 6901) into the body, or `?name` for a member of the query. */
  readonly pointer?: string | undefined
  /** The dialect's own name of this failure, or a code of Hone's. */
  readonly code?: string | undefined
  /** What to do about it. */
  readonly hint?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
  readonly cause?: unknown
}

/** A request that is refused, in words that its client may read. Each dialect writes it in its own form. */
export class ApiFault extends Error {
  override readonly name = 'ApiFault'
  readonly kind: FaultKind
  readonly pointer: string | undefined
  readonly code: string | undefined
  readonly hint: string | undefined
  readonly headers: Readonly<Record<string, string>>

  constructor(kind: FaultKind, message: string, options: ApiFaultOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.kind = kind
    this.pointer = options.pointer
    this.code = options.code
    this.hint = options.hint
    this.headers = options.headers ?? {}
  }

  get status(): number {
    return faultStatus[this.kind]
  }
}

/** What strangers learn of a failure that is the server's own. */
export const internalFault: ApiFault = new ApiFault('internal', 'The server failed; its log says why.')

/** What is known to be the client's fault, or to pass; undefined for a failure of the server's own. */
export function toFault(error: unknown): ApiFault | undefined {
  if (error instanceof ApiFault) return error
  if (error instanceof BodyFault) {
    const { pointer, code, message } = error
    return new ApiFault('invalid', message, { pointer, code, cause: error })
  }
  if (error instanceof BodyRefused) {
    return new ApiFault(error.status === 408 ? 'too-slow' : 'too-large', error.message)
  }
  if (error instanceof QueueFull || error instanceof ThroughputExceeded) {
    const message = `Too many requests, please wait before trying again: ${error.message}.`
    return new ApiFault('throttled', message, { cause: error })
  }
  if (!HoneError.isInstance(error)) return undefined
  const { code, hint, message } = error
  if (code === 'E_WORKER') {
    return new ApiFault('unavailable', 'The model stopped while it answered. Try again.', { code })
  }
  if (code === 'E_GATE') return new ApiFault('conflict', message, { code, hint, cause: error })
  if (error.exitStatus !== 2) return undefined
  const kind =
    code === 'E_MODEL_UNKNOWN' || code === 'E_NOT_FOUND'
      ? 'not-found'
      : code === 'E_EXISTS'
        ? 'conflict'
        : 'invalid'
  return new ApiFault(kind, message, { code, hint, pointer: error.at.pointer, cause: error })
}
