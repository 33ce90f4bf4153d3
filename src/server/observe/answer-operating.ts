import type { Readiness } from '../../service/serving/check-readiness.ts'
import type { UsableKey } from '../../store/database/key-store.ts'
import type { Incoming, Outgoing } from '../http/exchange.ts'
import { isAllowed } from '../aws/identity.ts'
import type { RequestFacts } from '../aws/request-facts.ts'
import { isLoopback } from '../is-loopback.ts'
import type { ServerMetrics } from './server-metrics.ts'

export interface OperatingOptions {
  readonly metrics: Pick<ServerMetrics, 'text' | 'contentType'>
  readonly readiness: () => Promise<Readiness>
  readonly isDraining: () => boolean
  readonly findBearer: (key: string) => Promise<UsableKey | undefined>
  readonly now: () => number
  /** Told why the server is not ready; the client learns only which check failed. */
  readonly onNotReady: (readiness: Readiness) => void
}

interface Answer {
  readonly status: number
  readonly type?: string
  readonly body: string
}

/** Milliseconds for which an answer of `/readyz` holds: whoever may ask cannot keep the disk busy. */
const fresh = 1000

const paths: readonly string[] = ['/healthz', '/readyz', '/metrics']

/** True for what asks how the server is; buckets of these names are reached by signed requests. */
export function isOperating({ method, url = '' }: Pick<Incoming, 'method' | 'url'>): boolean {
  return (method === 'GET' || method === 'HEAD') && paths.includes(url.split('?')[0] ?? '')
}

/** Answers whoever watches over the server. */
export function createOperatingHandler(
  options: OperatingOptions,
): (incoming: Incoming, outgoing: Outgoing, facts: RequestFacts) => Promise<void> {
  let known: { readonly at: number; readonly readiness: Promise<Readiness> } | undefined
  const check = async (): Promise<Readiness> => {
    const found = await options.readiness()
    if (found.database !== undefined || found.folder !== undefined) options.onNotReady(found)
    return found
  }
  const readiness = async (): Promise<Answer> => {
    const now = options.now()
    if (known === undefined || now - known.at > fresh) {
      known = { at: now, readiness: check() }
    }
    return readyAnswer(await known.readiness, options.isDraining())
  }
  const answer = async (path: string, incoming: Incoming): Promise<Answer> => {
    if (path === '/healthz') return json(200, { status: 'ok' })
    if (path === '/readyz') return readiness()
    if (!(await mayRead(incoming, options))) return notAllowed
    return { status: 200, type: options.metrics.contentType, body: await options.metrics.text() }
  }
  return async (incoming, outgoing, facts) => {
    const path = (incoming.url ?? '').split('?')[0] ?? ''
    facts.service = 'operating'
    facts.operation = path.slice(1)
    incoming.resume()
    const { status, type = 'application/json', body } = await answer(path, incoming)
    outgoing.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' })
    outgoing.end(incoming.method === 'HEAD' ? '' : body)
  }
}

const json = (status: number, body: object): Answer => ({ status, body: JSON.stringify(body) })

function readyAnswer({ database, folder }: Readiness, isDraining: boolean): Answer {
  const checks = {
    database: database === undefined ? 'ok' : 'failed',
    folder: folder === undefined ? 'ok' : 'failed',
    draining: isDraining ? 'yes' : 'no',
  }
  const isReady = database === undefined && folder === undefined && !isDraining
  return json(isReady ? 200 : 503, { status: isReady ? 'ready' : 'not-ready', checks })
}

const notAllowed = json(403, {
  message:
    'Metrics are for this machine, or for a bearer key that is allowed metrics: hone keys add --user NAME --bearer --allow metrics',
})

/** Whoever is on this machine, but not through a proxy on it, which speaks for anybody. */
async function mayRead(incoming: Incoming, { findBearer, now }: OperatingOptions): Promise<boolean> {
  const { headers, socket } = incoming
  const bearer = /^bearer\s+(.{1,500})$/i.exec(headers.authorization ?? '')?.[1]
  if (bearer !== undefined) {
    const key = await findBearer(bearer.trim())
    if (key === undefined || (key.expires !== undefined && now() >= key.expires)) return false
    return isAllowed(key, 'metrics', '*')
  }
  const isForwarded = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some((name) => name in headers)
  return !isForwarded && isLoopback((socket.remoteAddress ?? '').replace(/^::ffff:/, ''))
}
