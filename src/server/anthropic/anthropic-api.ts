import {
  errorStatus,
  placedMessage,
  writeError,
  type AnthropicErrorType,
} from '../../wire/anthropic/error-body.ts'
import { jsonEvent } from '../../wire/server-sent-events.ts'
import { QueueFull } from '../../service/serving/fair-queue.ts'
import type { ApiFault, FaultKind } from '../json-api/api-fault.ts'
import { isBelow } from '../json-api/find-json-api.ts'
import type { JsonApi } from '../json-api/json-api.ts'
import type { AnthropicContext } from './anthropic-context.ts'
import { messageRoutes } from './message-routes.ts'
import { modelRoutes } from './model-routes.ts'

/**
 * Anthropic's API. It shares paths with OpenAI's; its clients name the version that they speak.
 * Source: https://docs.anthropic.com/en/api/overview
 */
export const createAnthropicApi = (context: AnthropicContext): JsonApi => ({
  name: 'anthropic',
  claims: ({ headers, url }) => headers['anthropic-version'] !== undefined && isBelow(url, '/v1'),
  routes: [...messageRoutes(context), ...modelRoutes(context)],
  headers: ({ id }) => ({ 'request-id': requestId(id) }),
  refusal(fault, { id }) {
    const { type, status } = failureOf(fault)
    const isPassing = type === 'rate_limit_error' || type === 'overloaded_error'
    return {
      status,
      headers: isPassing ? { ...fault.headers, 'retry-after': '1' } : fault.headers,
      json: writeError(type, wordsOf(fault), requestId(id)),
    }
  },
  failedEvent: (fault, { id }) =>
    jsonEvent(writeError(failureOf(fault).type, wordsOf(fault), requestId(id)), 'error'),
})

const requestId = (id: string): string => `req_${id}`

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
