import { Http2ServerResponse } from 'node:http2'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Incoming, Outgoing } from './exchange.ts'
import { cutStalled, type Patience } from './slow-clients.ts'

/** What is answered to a request. */
export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | Readable | undefined
}

/** Bytes of a body that are read to no use, to keep the connection. */
const largestDrain = 2 ** 20

/** Sends a reply, and gives up where its client has stopped reading. What is left of the request's body is dropped. */
export async function sendReply(
  { status, headers = {}, body }: Reply,
  incoming: Incoming,
  outgoing: Outgoing,
  patience: Pick<Patience, 'reader'>,
): Promise<void> {
  const all: Record<string, string> = { ...headers }
  const isStream = body instanceof Readable
  const bare = status === 204 || status === 304 || incoming.method === 'HEAD'
  if (!isStream && !bare) all['content-length'] = String(Buffer.byteLength(body ?? ''))
  if (!incoming.readableEnded) {
    // A little more is read and dropped; a client that would still send much is told to stop.
    const length = Number(incoming.headers['content-length'] ?? Infinity)
    const giveUp = length > largestDrain || status === 408
    if (giveUp && incoming.httpVersionMajor === 1) all['connection'] = 'close'
    incoming.resume()
  }
  outgoing.writeHead(status, all)
  if (bare || body === undefined) {
    if (isStream) body.destroy()
    outgoing.end()
  } else if (isStream) {
    const unwatch = cutStalled(writableOf(outgoing), patience.reader)
    try {
      await pipeline(body, outgoing as NodeJS.WritableStream)
    } finally {
      unwatch()
    }
  } else outgoing.end(body)
}

/** What is written to: of HTTP/2 the stream, whose response only passes on. */
const writableOf = (outgoing: Outgoing): Writable =>
  outgoing instanceof Http2ServerResponse ? outgoing.stream : outgoing
