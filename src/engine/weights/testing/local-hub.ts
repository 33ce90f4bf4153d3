import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { onTestFinished } from 'vitest'

/** A request that a local server got. */
interface SeenRequest {
  readonly path: string
  readonly headers: IncomingMessage['headers']
}

export interface LocalServer {
  readonly url: string
  readonly seen: SeenRequest[]
}

/** A server on a free port of this machine until the test ends. */
export async function localServer(listener: RequestListener): Promise<LocalServer> {
  const seen: SeenRequest[] = []
  const server = createServer((request, response) => {
    seen.push({ path: request.url ?? '', headers: request.headers })
    listener(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return { url: `http://127.0.0.1:${address.port}`, seen }
}

/** Answers with a file, or with the rest of it that a range asks for. */
export function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  content: Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): void {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
  if (start >= content.length && start > 0) {
    response.writeHead(416).end()
    return
  }
  const rest = content.subarray(start)
  response.writeHead(start > 0 ? 206 : 200, {
    etag: '"content"',
    ...headers,
    'content-length': rest.length,
    ...(start > 0 ? { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` } : {}),
  })
  response.end(rest)
}

/** Begins the answer of `sendFile`, and cuts the connection once `received` says that the client has that many bytes. */
export function sendCut(
  request: IncomingMessage,
  response: ServerResponse,
  content: Uint8Array,
  bytes: number,
  received: () => number,
): void {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
  response.writeHead(start > 0 ? 206 : 200, {
    etag: '"content"',
    'content-length': content.length - start,
    ...(start > 0 ? { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` } : {}),
  })
  response.write(content.subarray(start, start + bytes))
  // A client drops what it has not read when its connection ends, so a cut by the clock would be at another byte each time.
  const cutting = setInterval(() => {
    if (received() < start + bytes && !response.destroyed) return
    clearInterval(cutting)
    response.destroy()
  }, 5)
}
