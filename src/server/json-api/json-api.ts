import type { ServerSentEvent } from '../../wire/server-sent-events.ts'
import type { Incoming } from '../http/exchange.ts'
import type { ApiFault } from './api-fault.ts'
import type { ApiReply } from './api-request.ts'
import type { ApiRoute } from './api-route.ts'
import type { Unserved } from './unserved.ts'

/** What is known of a request when its answer, good or bad, is written. */
export interface AnsweredRequest {
  readonly id: string
  readonly method: string
  readonly path: string
  /** Milliseconds since it came in. */
  readonly milliseconds: number
}

/** An API of JSON over HTTP whose clients send a key: what is its own, and nothing of HTTP. */
export interface JsonApi {
  /** In the log and in metrics. */
  readonly name: string
  /** Whether a request is meant for it; of several APIs the first that says so answers. */
  claims(incoming: Pick<Incoming, 'headers' | 'url'>): boolean
  readonly routes: readonly ApiRoute[]
  /** What its vendor has beside these. */
  readonly unserved?: readonly Unserved[]
  /** Headers of every answer, the request's id among them. */
  headers(request: AnsweredRequest): Readonly<Record<string, string>>
  /** A refusal in its own form. */
  refusal(fault: ApiFault, request: AnsweredRequest): Pick<ApiReply, 'json' | 'headers' | 'status'>
  /** What a stream says when it fails in the middle. */
  failedEvent(fault: ApiFault, request: AnsweredRequest): ServerSentEvent
}
