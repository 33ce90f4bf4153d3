import { createServer as createHttp1Server, type Server as Http1Server } from 'node:http'
import { createServer as createHttp2Server, type Http2Server, type ServerHttp2Session } from 'node:http2'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { Incoming, Outgoing } from './aws/aws-handler.ts'

export interface OnePortOptions {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly maximumConnections: number
  /** Milliseconds in which a client must send the head of a request. */
  readonly headTimeout: number
  /** Milliseconds of silence after which a connection is closed. */
  readonly idleTimeout: number
}

/** A server that is listening. */
export interface OnePort extends AsyncDisposable {
  readonly port: number
  /** Takes no new connection, lets the requests under way end, and closes what is left after the grace time. */
  close(graceMilliseconds: number): Promise<void>
}

/** First bytes of an HTTP/2 connection (RFC 9113, section 3.4). */
const preface = 'PRI '

/**
 * One clear-text port for HTTP/1.1 and for HTTP/2 with prior knowledge, which is how the AWS SDK for JavaScript calls
 * Bedrock's runtime: the first bytes tell.
 */
export async function listenOnOnePort(
  options: OnePortOptions,
  handle: (incoming: Incoming, outgoing: Outgoing) => void,
): Promise<OnePort> {
  const limits = { maxHeaderSize: 32 * 1024, headersTimeout: options.headTimeout, requestTimeout: 0 }
  const http1 = createHttp1Server({ ...limits, keepAliveTimeout: options.idleTimeout }, handle)
  http1.maxHeadersCount = 200
  // It never listens itself, and its watch over slow and idle connections starts with this event.
  http1.emit('listening')
  const http2 = createHttp2Server(
    { maxSessionMemory: 64, settings: { maxConcurrentStreams: 256, maxHeaderListSize: 32 * 1024 } },
    handle,
  )
  const sessions = new Set<ServerHttp2Session>()
  http2.on('session', (session) => {
    sessions.add(session)
    session.once('close', () => sessions.delete(session))
  })
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.setTimeout(options.idleTimeout, () => socket.destroy())
    sniff(socket, http1, http2, options.headTimeout)
  })
  server.maxConnections = options.maximumConnections
  await listening(server, options)
  const address = server.address() as AddressInfo
  const close = async (graceMilliseconds: number): Promise<void> => {
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve())
    })
    http1.closeIdleConnections()
    for (const session of sessions) session.close()
    const timer = setTimeout(() => {
      for (const socket of sockets) socket.destroy()
    }, graceMilliseconds)
    await closed
    clearTimeout(timer)
  }
  return { port: address.port, close, [Symbol.asyncDispose]: () => close(0) }
}

/** Hands a connection to the protocol that its first bytes speak. */
function sniff(socket: Socket, http1: Http1Server, http2: Http2Server, patience: number): void {
  let first = Buffer.alloc(0)
  const giveUp = setTimeout(() => socket.destroy(), patience)
  socket.once('close', () => clearTimeout(giveUp))
  const take = (bytes: Buffer): void => {
    first = Buffer.concat([first, bytes])
    const text = first.subarray(0, preface.length).toString('latin1')
    // As long as all that came could begin the preface, more must be seen.
    if (text.length < preface.length && preface.startsWith(text)) return
    clearTimeout(giveUp)
    socket.off('data', take)
    socket.pause()
    socket.unshift(first)
    ;(text === preface ? http2 : http1).emit('connection', socket)
    process.nextTick(() => socket.resume())
  }
  socket.on('data', take)
}

function listening(server: Server, { host, port }: OnePortOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
