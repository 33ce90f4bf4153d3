import { parameterName, writeError } from '../../wire/openai/error-body.ts'
import type { ApiFault, FaultKind } from '../json-api/api-fault.ts'
import type { ApiReply } from '../json-api/api-request.ts'

/** The API's types of errors. */
const types: Partial<Record<FaultKind, string>> = {
  throttled: 'requests',
  internal: 'server_error',
  unavailable: 'server_error',
}

/** Codes where a failure has none of its own. */
const codes: Partial<Record<FaultKind, string>> = {
  throttled: 'rate_limit_exceeded',
  unavailable: 'model_unavailable',
}

/** Codes of Hone's that the API has a name for. */
const known: Readonly<Record<string, string>> = {
  E_DATA_TOO_LONG: 'context_length_exceeded',
  E_MODEL_UNKNOWN: 'model_not_found',
}

/** A refusal as the API says it. */
export function openAiRefusal(fault: ApiFault): Pick<ApiReply, 'json' | 'headers'> {
  const { kind, headers } = fault
  return {
    json: openAiError(fault),
    headers: kind === 'throttled' ? { 'retry-after': '1', ...headers } : headers,
  }
}

export function openAiError({ kind, code, message, pointer, hint }: ApiFault): ReturnType<typeof writeError> {
  const param = parameterName(pointer)
  const isMissing = kind === 'invalid' && message.endsWith('received undefined')
  const said = code === undefined && kind === 'invalid' && param !== null ? inWords(param, message) : message
  const own = code === undefined ? undefined : (known[code] ?? code)
  return writeError({
    message: hint === undefined ? said : `${ended(said)} ${capital(hint)}.`,
    type: types[kind] ?? 'invalid_request_error',
    param,
    code: own ?? codes[kind] ?? (isMissing ? 'missing_required_parameter' : null),
  })
}

const inWords = (param: string, message: string): string =>
  message.endsWith('received undefined')
    ? `Missing required parameter: '${param}'.`
    : `Invalid '${param}': ${ended(message)}`

const ended = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`)

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`
