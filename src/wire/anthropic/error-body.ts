/**
 * Kinds of failure, and the status that each is answered with.
 * Source: https://docs.anthropic.com/en/api/errors
 */
export const errorStatus = {
  invalid_request_error: 400,
  authentication_error: 401,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
} as const

export type AnthropicErrorType = keyof typeof errorStatus

/** Code of a request that asks for a thread; clients that are told so can go on without one. */
export const threadCode = 'thread_unsupported_request'

/** The body of a request that failed. @param id of the request; a result of a batch has none */
export const writeError = (
  type: AnthropicErrorType,
  message: string,
  id: string | null,
  code?: string,
): { readonly type: 'error'; readonly error: object; readonly request_id: string | null } => ({
  type: 'error',
  error: {
    type,
    message,
    ...(code === threadCode ? { details: { error_code: code, unsupported: ['thread'] } } : {}),
  },
  request_id: id,
})

/** `messages.0.content: …`, as the API names the place of what is wrong. */
export function placedMessage(pointer: string, message: string): string {
  const place = pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join('.')
  return place === '' ? message : `${place}: ${message}`
}
