import type { Readable } from 'node:stream'
import { EnvHttpProxyAgent, request, type Dispatcher } from 'undici'
import { HoneError } from '../../core/errors.ts'
import { raceSignal } from '../../lib/race-signal.ts'
import { TransientFailure } from './transient-failure.ts'

export interface HubSettings {
  /** Such as `https://huggingface.co`, or a mirror. */
  readonly endpoint: string
  readonly token?: string | undefined
  readonly proxies?: ProxySettings | undefined
  /** Longest wait for a connection. Default 4 s. */
  readonly connectMilliseconds?: number | undefined
  /** Longest wait for the head of an answer. Default 8 s. */
  readonly answerMilliseconds?: number | undefined
  /** Longest silence in the middle of an answer. Default 30 s. */
  readonly idleMilliseconds?: number | undefined
}

interface ProxySettings {
  readonly httpProxy?: string | undefined
  readonly httpsProxy?: string | undefined
  readonly noProxy?: string | undefined
}

export interface HubAnswer {
  readonly status: number
  /** One value of a header of the last answer, by its lower-case name. */
  header(name: string): string | undefined
  /** The hub's own headers of the first answer, which a redirect to its storage does not repeat. */
  hubHeader(name: string): string | undefined
  readonly body: Readable
}

/** Talks to one hub: follows its redirects, honours proxies, and gives the token to nobody else. */
export interface HubClient extends AsyncDisposable {
  /** False until the hub has answered once: what has never answered is not asked again. */
  readonly reached: boolean
  /** @param path below the endpoint, starting with a slash */
  get(path: string, headers: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<HubAnswer>
}

const maximumRedirects = 5
const redirectStatuses = [301, 302, 303, 307, 308]

/** @throws HoneError `E_USAGE` for an endpoint that is no http(s) address */
export function createHubClient(settings: HubSettings): HubClient {
  const endpoint = parseEndpoint(settings.endpoint)
  const connect = { timeout: settings.connectMilliseconds ?? 4_000 }
  const dispatcher = new EnvHttpProxyAgent({
    httpProxy: settings.proxies?.httpProxy ?? '',
    httpsProxy: settings.proxies?.httpsProxy ?? '',
    noProxy: settings.proxies?.noProxy ?? '',
    connect,
    proxyTls: connect,
    requestTls: connect,
    // As usual for proxies: a tunnel for https, requests passed on for http.
    proxyTunnel: false,
    bodyTimeout: settings.idleMilliseconds ?? 30_000,
  })
  let reached = false
  return {
    get reached() {
      return reached
    },
    async get(path, headers, signal) {
      let url = new URL(`${endpoint.pathname.replace(/\/$/, '')}${path}`, endpoint)
      let first: Dispatcher.ResponseData | undefined
      for (let hop = 0; hop <= maximumRedirects; hop++) {
        const answer = await getOnce(url, headers, signal)
        reached = true
        first ??= answer
        const location = valueOf(answer, 'location')
        if (!redirectStatuses.includes(answer.statusCode) || location === undefined)
          return toAnswer(answer, first)
        answer.body.on('error', () => undefined).resume()
        url = nextUrl(url, location)
      }
      throw new HoneError('E_DOWNLOAD', `${endpoint.host} redirects more than ${maximumRedirects} times`)
    },
    [Symbol.asyncDispose]: () => dispatcher.destroy(),
  }

  async function getOnce(
    url: URL,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ): Promise<Dispatcher.ResponseData> {
    const silence = new AbortController()
    const wait = settings.answerMilliseconds ?? 8_000
    const timer = setTimeout(
      () => silence.abort(new TransientFailure(`${url.host} does not answer within ${wait / 1000} s`)),
      wait,
    )
    const either = signal === undefined ? silence.signal : AbortSignal.any([signal, silence.signal])
    try {
      const answer = request(url, {
        dispatcher,
        signal: either,
        headers: {
          'user-agent': 'hone',
          'accept-encoding': 'identity',
          ...headers,
          ...authorization(url, endpoint, settings.token),
        },
      })
      // A tunnel that a proxy never opens does not listen to the signal.
      return await raceSignal(answer, either, ({ body }) => body.on('error', () => undefined).destroy())
    } finally {
      clearTimeout(timer)
    }
  }
}

/** The token is for the endpoint alone, and never travels in the clear except to this machine. */
function authorization(url: URL, endpoint: URL, token: string | undefined): Record<string, string> {
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  const isSafe = url.protocol === 'https:' || isLoopback
  if (token === undefined || url.origin !== endpoint.origin || !isSafe) return {}
  return { authorization: `Bearer ${token}` }
}

function parseEndpoint(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url
  throw new HoneError('E_USAGE', `"${text}" is not the address of a hub`, {
    hint: 'give one such as https://huggingface.co with --endpoint or HF_ENDPOINT',
  })
}

function nextUrl(from: URL, location: string): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined
  const isDowngrade = from.protocol === 'https:' && to?.protocol !== 'https:'
  if (to === undefined || !/^https?:$/.test(to.protocol) || isDowngrade) {
    throw new HoneError('E_DOWNLOAD', `${from.host} redirects to an address that is not followed`)
  }
  return to
}

function toAnswer(last: Dispatcher.ResponseData, first: Dispatcher.ResponseData): HubAnswer {
  return {
    status: last.statusCode,
    header: (name) => valueOf(last, name),
    hubHeader: (name) => valueOf(first, name),
    body: last.body,
  }
}

function valueOf(answer: Dispatcher.ResponseData, name: string): string | undefined {
  const value = answer.headers[name]
  return Array.isArray(value) ? value[0] : value
}
