import type { Readable } from 'node:stream'
import type { ServerSentEvent } from '../../wire/server-sent-events.ts'
import type { Identity } from '../aws/identity.ts'
import type { RequestFacts } from '../aws/request-facts.ts'

/** A request of a client whose key was proven. */
export interface ApiRequest {
  /** Unique, answered in a header. */
  readonly id: string
  readonly method: string
  /** Raw path, without the query. */
  readonly path: string
  readonly query: URLSearchParams
  /** By lower-case name; several values are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>
  /** Whose key it is; of a request that anyone may make, nobody's. */
  readonly identity: Identity
  /** Milliseconds since 1970 at which it came in. */
  readonly startedAt: number
  /** Aborted when the client hangs up. */
  readonly signal: AbortSignal
  /** Where routes note what the log may say. */
  readonly facts: RequestFacts
  /**
   * The body as it comes in, for routes that do not hold it whole; read once.
   *
   * @throws BodyRefused where the client is too slow
   */
  stream(): AsyncGenerator<Buffer>
}

/** What a route answers. Exactly one of `json`, `events` and `content`, or nothing. */
export interface ApiReply {
  /** Default 200. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  /** Sent as they come. What goes wrong between them is told by an event of the dialect's. */
  readonly events?: AsyncIterable<ServerSentEvent>
  readonly content?: { readonly type: string; readonly body: string | Uint8Array | Readable }
}
