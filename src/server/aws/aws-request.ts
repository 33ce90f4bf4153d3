import type { Readable } from 'node:stream'
import type { ChunkSigning } from '../../wire/aws-chunked.ts'
import type { Identity } from './identity.ts'
import type { RequestFacts } from './request-facts.ts'

/** A request of an AWS client whose signature was proven. */
export interface AwsRequest {
  /** Unique, answered in `x-amzn-requestid`. */
  readonly id: string
  readonly method: string
  /** Raw path, without the query; labels in it are decoded once each, after it is split. */
  readonly path: string
  /** Decoded once. A name that occurs twice has its first value. */
  readonly query: ReadonlyMap<string, string>
  /** By lower-case name; several values are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>
  readonly region: string
  readonly identity: Identity
  /** `host` or `:authority`. */
  readonly host: string
  readonly secure: boolean
  /** The body as it comes in; its hash is checked at its end, which fails where it differs from the signed one. */
  readonly body: AsyncIterable<Buffer>
  /** Of an upload whose chunks are signed one by one. */
  readonly chunkSigning?: ChunkSigning
  /** Aborted when the client hangs up. */
  readonly signal: AbortSignal
  /** Where operations note what the log may say. */
  readonly facts: RequestFacts
}

export interface AwsReply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | Readable
}

/** Everything that answers requests of one service. */
export type AwsService = (request: AwsRequest) => Promise<AwsReply>

/** A failure with the code and status that the service's clients know. */
export class AwsError extends Error {
  override readonly name = 'AwsError'
  readonly code: string
  readonly status: number
  /** Further members of the error's body. */
  readonly detail: Readonly<Record<string, string>>

  constructor(code: string, status: number, message: string, detail: Readonly<Record<string, string>> = {}) {
    super(message)
    this.code = code
    this.status = status
    this.detail = detail
  }
}

/** A body that has been read to its end already. */
export class HeldBody implements AsyncIterable<Buffer> {
  readonly content: Buffer

  constructor(content: Buffer) {
    this.content = content
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    if (this.content.length > 0) yield this.content
  }
}

/**
 * Reads a body that is held whole.
 *
 * @throws AwsError 413 when it is longer than the limit
 */
export async function readBody(request: AwsRequest, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  if (request.body instanceof HeldBody && request.body.content.length <= limit) return request.body.content
  for await (const chunk of request.body) {
    bytes += chunk.length
    if (bytes > limit) {
      throw new AwsError('RequestEntityTooLargeException', 413, `The body has more than ${limit} bytes`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
