import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'

/** A request over HTTP/1.1 or HTTP/2. */
export type Incoming = IncomingMessage | Http2ServerRequest

/** Its answer. */
export type Outgoing = ServerResponse | Http2ServerResponse

/** Aborted when the client goes away before its answer is whole. */
export function hangUpOf(outgoing: Outgoing): AbortSignal {
  const hangUp = new AbortController()
  outgoing.once('close', () => {
    // Not `writableFinished`: HTTP/2 says so of what was torn down in the middle.
    if (!outgoing.writableEnded) hangUp.abort(new Error('the client hung up'))
  })
  return hangUp.signal
}

/** The response was closed under what was writing to it; HTTP/2 says so before it says that it is closed. */
export const isHangUp = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'ERR_STREAM_PREMATURE_CLOSE' || error.code === 'ECONNRESET')
