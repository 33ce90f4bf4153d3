import type { ErrorCode } from '../../core/error-codes.ts'
import { HoneError, type SerializedHoneError } from '../../core/errors.ts'
import type { ApiFault, FaultKind } from '../json-api/api-fault.ts'

/** What a refusal is called where it has no code of its own. */
const usualCodes: Readonly<Record<FaultKind, ErrorCode>> = {
  invalid: 'E_USAGE',
  unauthenticated: 'E_KEY',
  forbidden: 'E_KEY',
  'not-found': 'E_NOT_FOUND',
  'wrong-method': 'E_USAGE',
  'too-slow': 'E_INTERRUPTED',
  conflict: 'E_EXISTS',
  'too-large': 'E_USAGE',
  throttled: 'E_BUSY',
  internal: 'E_INTERNAL',
  unavailable: 'E_WORKER',
}

/** A refusal as the API answers it: the error of the command line. */
export function errorBody(fault: ApiFault): SerializedHoneError {
  const { kind, code, message, hint, pointer, cause } = fault
  return {
    code: code?.startsWith('E_') === true ? (code as ErrorCode) : usualCodes[kind],
    message,
    at: HoneError.isInstance(cause) ? cause.at : pointer === undefined ? {} : { pointer },
    ...(hint === undefined ? {} : { hint }),
  }
}
