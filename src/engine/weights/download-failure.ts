import { HoneError } from '../../core/errors.ts'
import type { HubAnswer } from './hub-client.ts'
import { TransientFailure } from './transient-failure.ts'

const longestWait = 30_000
const transientStatuses = [408, 425, 429, 500, 502, 503, 504]

/**
 * What an answer without the wanted content means.
 *
 * @param what is asked for, such as `owner/name model.safetensors`
 */
export function failureOfStatus(answer: HubAnswer, what: string): Error {
  const { status } = answer
  if (transientStatuses.includes(status)) {
    return new TransientFailure(`status ${status}`, retryAfter(answer.header('retry-after')))
  }
  if (status === 401 || status === 403) {
    return new HoneError('E_DOWNLOAD', `${what}: access denied, or no such model (status ${status})`, {
      hint: 'check the name; for a gated model accept its conditions on its page and set HF_TOKEN',
    })
  }
  if (status === 404) return new HoneError('E_DOWNLOAD', `${what}: not found (status 404)`)
  return new HoneError('E_DOWNLOAD', `${what}: status ${status}`)
}

/**
 * What a thrown error of a request means: the signal's reason and errors of ours as they are, the rest as a transient
 * failure in words. Proxy addresses and redirect targets, which may hold secrets, are not among them.
 */
export function failureOfRequest(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason
  if (HoneError.isInstance(error) || error instanceof TransientFailure) return error
  return new TransientFailure(wordsOf(error))
}

const wordsOfCodes: ReadonlyMap<string, string> = new Map([
  ['ENOTFOUND', 'its name cannot be resolved'],
  ['EAI_AGAIN', 'its name cannot be resolved'],
  ['ECONNREFUSED', 'the connection is refused'],
  ['ETIMEDOUT', 'no connection in time'],
  ['UND_ERR_CONNECT_TIMEOUT', 'no connection in time'],
  ['UND_ERR_BODY_TIMEOUT', 'it fell silent'],
  ['ECONNRESET', 'the connection was cut'],
  ['UND_ERR_SOCKET', 'the connection was cut'],
  ['UND_ERR_ABORTED', 'the connection was cut'],
])

function wordsOf(error: unknown): string {
  const proxyStatus = /^Proxy \D*\((\d{3})\)/.exec(error instanceof Error ? error.message : '')?.[1]
  if (proxyStatus !== undefined) return `the proxy refuses (status ${proxyStatus})`
  const code = codeOf(error)
  if (code === undefined) return 'the request failed'
  return wordsOfCodes.get(code) ?? `the request failed (${code})`
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if ('code' in error && typeof error.code === 'string') return error.code
  if (error instanceof AggregateError) return codeOf(error.errors[0])
  return codeOf(error.cause)
}

/** `Retry-After` (RFC 9110, 10.2.3) in milliseconds, capped; undefined when absent or unreadable. */
function retryAfter(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const milliseconds = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return Number.isNaN(milliseconds) ? undefined : Math.min(Math.max(milliseconds, 0), longestWait)
}
