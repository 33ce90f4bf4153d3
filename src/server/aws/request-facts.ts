import type { DialectStop } from '../../wire/dialect-request.ts'

/** What logs, metrics and traces say of a request, filled in while it is answered; never what was asked or answered. */
export interface RequestFacts {
  /** Answered to the client. */
  readonly id: string
  /** Of the credential's scope, as the client claims it. */
  service?: string
  /** Named by the route that answers, so that there are only so many. */
  operation?: string
  keyId?: string
  /** Code of the error that was answered. */
  error?: string
  inference?: InferenceFacts
}

/** Of an answer that a model gives. Times are milliseconds since 1970. */
export interface InferenceFacts {
  /** As the client named the model. */
  readonly requested: string
  /** Id of the model in the home that answers. */
  readonly model: string
  readonly startedAt: number
  firstTokenAt?: number
  endedAt?: number
  inputTokens?: number
  outputTokens?: number
  /** Why it ended. */
  stop?: DialectStop
}
