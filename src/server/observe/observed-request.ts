import type { RequestFacts } from '../aws/request-facts.ts'

/** A request that has come to its end. */
export interface ObservedRequest {
  readonly facts: RequestFacts
  readonly method: string
  /** Without the query, which may hold a signature. */
  readonly path: string
  readonly status: number
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly endedAt: number
  /** The client went away before the answer was whole. */
  readonly hungUp: boolean
}
