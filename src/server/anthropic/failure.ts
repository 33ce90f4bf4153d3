import { QueueFull } from '../../service/serving/fair-queue.ts'
import { errorStatus, placedMessage, type AnthropicErrorType } from '../../wire/anthropic/error-body.ts'
import type { ApiFault, FaultKind } from '../json-api/api-fault.ts'

const types: Readonly<Record<FaultKind, AnthropicErrorType>> = {
  invalid: 'invalid_request_error',
  unauthenticated: 'authentication_error',
  forbidden: 'permission_error',
  'not-found': 'not_found_error',
  'wrong-method': 'invalid_request_error',
  'too-slow': 'timeout_error',
  conflict: 'invalid_request_error',
  'too-large': 'request_too_large',
  throttled: 'rate_limit_error',
  internal: 'api_error',
  unavailable: 'api_error',
}

/** How a fault is called, and its status. Where the whole server has no room, it is not the client's limit that is reached. */
export function failureOf(fault: ApiFault): { readonly type: AnthropicErrorType; readonly status: number } {
  if (fault.cause instanceof QueueFull)
    return { type: 'overloaded_error', status: errorStatus.overloaded_error }
  const type = types[fault.kind]
  // Statuses of HTTP itself that the API has no type for.
  const own = fault.kind === 'wrong-method' || fault.kind === 'conflict' || fault.kind === 'too-slow'
  return { type, status: own ? fault.status : errorStatus[type] }
}

export const wordsOf = ({ pointer = '', message, hint }: ApiFault): string =>
  `${placedMessage(pointer.replace(/^\?/, '/'), message)}${hint === undefined ? '' : ` (${hint})`}`
