import { randomUUID } from 'node:crypto'
import type { ServerLogEntry } from '../../service/serving/running-server.ts'
import type { Incoming, Outgoing } from '../http/exchange.ts'
import type { RequestFacts } from '../aws/request-facts.ts'
import type { ObservedRequest } from './observed-request.ts'
import type { RequestTraces } from './request-traces.ts'
import type { ServerMetrics } from './server-metrics.ts'

export interface ObserveOptions {
  readonly now: () => number
  readonly onLog: (entry: ServerLogEntry) => void
  readonly metrics: Pick<ServerMetrics, 'begin' | 'end'>
  readonly traces: RequestTraces | undefined
}

/** Follows each request to its end, and tells the log, the metrics and the traces of it. */
export function createRequestObserver({
  now,
  onLog,
  metrics,
  traces,
}: ObserveOptions): (incoming: Incoming, outgoing: Outgoing) => RequestFacts {
  return (incoming, outgoing) => {
    const facts: RequestFacts = { id: randomUUID() }
    const startedAt = now()
    const method = incoming.method ?? 'GET'
    const path = (incoming.url ?? '/').split('?')[0] ?? '/'
    const span = traces?.begin(incoming.headers, { method, path, startedAt })
    metrics.begin()
    outgoing.once('close', () => {
      const observed: ObservedRequest = {
        facts,
        method,
        path,
        status: outgoing.statusCode,
        startedAt,
        endedAt: now(),
        hungUp: !outgoing.writableEnded,
      }
      metrics.end(observed)
      span?.end(observed)
      onLog(logEntry(observed, span?.traceId))
    })
    return facts
  }
}

/** Longest text of a client's own that a log line repeats. */
const longest = 300

function logEntry(observed: ObservedRequest, trace: string | undefined): ServerLogEntry {
  const { facts, method, path, status, startedAt, endedAt, hungUp } = observed
  const { id, service, operation, keyId, error, inference } = facts
  const members = {
    request: id,
    trace,
    service: service?.slice(0, 40),
    operation,
    method,
    path: path.slice(0, longest),
    key: keyId,
    status,
    error,
    hungUp: hungUp ? true : undefined,
    milliseconds: endedAt - startedAt,
    model: inference?.model,
    inputTokens: inference?.inputTokens,
    outputTokens: inference?.outputTokens,
    firstTokenMilliseconds:
      inference?.firstTokenAt === undefined ? undefined : inference.firstTokenAt - startedAt,
  }
  const told = Object.entries(members).filter(([, value]) => value !== undefined)
  // Probes come every few seconds and say nothing.
  const level = status >= 500 && service !== 'operating' ? 'warn' : service === 'operating' ? 'debug' : 'info'
  return { level, message: 'request', ...Object.fromEntries(told) }
}
