import { EnvHttpProxyAgent, request } from 'undici'
import { HoneError } from '../../core/errors.ts'
import type { HostedModel } from '../../core/hosted-model.ts'
import type { JsonObject } from '../../core/example.ts'
import { delay } from '../../lib/delay.ts'
import { parseJson } from '../../lib/parse-json.ts'
import { createRandom } from '../../lib/random.ts'

export interface ClientSettings {
  readonly env: NodeJS.ProcessEnv
  /** Wait before the first repetition, doubled for each further one. Default 500. */
  readonly retryMilliseconds?: number
}

/** Sends requests to one service, again where that may help. */
export interface CompletionClient extends AsyncDisposable {
  /**
   * @returns the parsed body of an answer with a status of 200
   * @throws RefusedRequest for an answer that says why it is none; HoneError `E_PROVIDER` when there is no answer; `signal.reason`
   */
  post(body: JsonObject, signal?: AbortSignal): Promise<unknown>
}

/** The service has answered, and the answer is no. */
export class RefusedRequest extends HoneError {
  readonly status: number
  /** What the service says about it, without the key. */
  readonly text: string

  constructor(message: string, status: number, text: string, hint: string | undefined) {
    super('E_PROVIDER', message, hint === undefined ? {} : { hint })
    this.status = status
    this.text = text
  }
}

/** Statuses after which the same request may succeed. */
const passing = new Set([408, 409, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529])

const longestPause = 60_000

/** At most so much of what a service says is repeated. */
const longestText = 300

/** @throws HoneError `E_CONFIG` when the variable that holds the key is empty */
export function createCompletionClient(model: HostedModel, settings: ClientSettings): CompletionClient {
  const { env, retryMilliseconds = 500 } = settings
  const { retries = 4, timeoutSeconds = 120, keyVariable } = model
  const key = keyVariable === undefined ? undefined : env[keyVariable]?.trim()
  if (keyVariable !== undefined && (key === undefined || key === '')) {
    throw new HoneError('E_CONFIG', `the environment variable ${keyVariable} is empty`, {
      hint: `let it hold the key for ${model.url}`,
    })
  }
  const url = new URL(`${model.url.replace(/\/+$/, '')}/chat/completions`)
  const dispatcher = new EnvHttpProxyAgent({
    httpProxy: env['http_proxy'] ?? env['HTTP_PROXY'] ?? '',
    httpsProxy: env['https_proxy'] ?? env['HTTPS_PROXY'] ?? '',
    noProxy: env['no_proxy'] ?? env['NO_PROXY'] ?? '',
    connect: { timeout: 10_000 },
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  const random = createRandom(`retries of ${model.name} ${Date.now()}`)
  const withoutKey = (text: string): string =>
    (key === undefined ? text : text.replaceAll(key, '[key]')).replaceAll(/\bsk-[\w*-]{4,}/g, '[key]')

  async function once(body: string, signal: AbortSignal | undefined): Promise<unknown> {
    const timeout = AbortSignal.timeout(timeoutSeconds * 1000)
    const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout])
    try {
      const answer = await request(url, {
        method: 'POST',
        dispatcher,
        signal: either,
        headers: {
          'content-type': 'application/json',
          'user-agent': 'hone',
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        },
        body,
      })
      const text = await answer.body.text()
      if (answer.statusCode !== 200) throw refused(answer.statusCode, text, answer.headers['retry-after'])
      return parseJson(text)
    } catch (error) {
      signal?.throwIfAborted()
      if (error instanceof Failure) throw error
      const reason = timeout.aborted
        ? `no answer within ${timeoutSeconds} s`
        : error instanceof SyntaxError
          ? 'the answer is not JSON'
          : withoutKey(reasonOf(error))
      throw new Failure(new HoneError('E_PROVIDER', `${url.host}: ${reason}`), true, undefined)
    }
  }

  function refused(status: number, text: string, retryAfter: string | string[] | undefined): Failure {
    const said = withoutKey(saidIn(text)).slice(0, longestText)
    const hint =
      status === 401 || status === 403
        ? keyVariable === undefined
          ? 'name the environment variable that holds a key as keyVariable'
          : `look whether ${keyVariable} holds a key for this service`
        : undefined
    const message = `${url.host} answers with status ${status}${said === '' ? '' : `: ${said}`}`
    return new Failure(
      new RefusedRequest(message, status, said, hint),
      passing.has(status),
      pauseOf(Array.isArray(retryAfter) ? retryAfter[0] : retryAfter),
    )
  }

  return {
    async post(value, signal) {
      const body = JSON.stringify(value)
      for (let failures = 0; ; failures++) {
        try {
          return await once(body, signal)
        } catch (error) {
          if (!(error instanceof Failure)) throw error
          if (!error.mayPass || failures >= retries) throw error.error
          // Half of it by chance, so that requests that failed together do not come back together.
          const usual = retryMilliseconds * 2 ** failures * (0.5 + random.next() / 2)
          await delay(Math.min(longestPause, Math.max(usual, error.pause ?? 0)), signal)
        }
      }
    },
    [Symbol.asyncDispose]: () => dispatcher.destroy(),
  }
}

class Failure extends Error {
  readonly error: HoneError
  readonly mayPass: boolean
  /** Milliseconds that the service asks to wait. */
  readonly pause: number | undefined

  constructor(error: HoneError, mayPass: boolean, pause: number | undefined) {
    super(error.message)
    this.error = error
    this.mayPass = mayPass
    this.pause = pause
  }
}

/** `Retry-After` in milliseconds: seconds, or a date. */
function pauseOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const seconds = Number(value)
  const pause = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - Date.now()
  return Number.isFinite(pause) ? Math.max(0, pause) : undefined
}

/** The message of an error body, or the body itself, on one line. */
function saidIn(text: string): string {
  try {
    const { error, message } = parseJson(text) as { error?: unknown; message?: unknown }
    const inner = typeof error === 'object' && error !== null && 'message' in error ? error.message : error
    const said = inner ?? message
    if (typeof said === 'string') return said.replaceAll(/\s+/g, ' ').trim()
  } catch {
    // Not every server writes JSON.
  }
  return text.replaceAll(/\s+/g, ' ').trim()
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  // Several addresses of one host fail together without a message of their own.
  const inner = error instanceof AggregateError ? (error.errors[0] as unknown) : error.cause
  return error.message !== '' ? error.message : inner instanceof Error ? inner.message : error.name
}
