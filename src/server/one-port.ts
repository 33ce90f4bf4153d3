import { createServer as createHttp1Server } from 'node:http'
import { createServer as createHttp2Server, type ServerHttp2Session } from 'node:http2'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls'
import type { Incoming, Outgoing } from './http/exchange.ts'
import type { TlsIdentity } from './read-tls.ts'

export interface OnePortOptions {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly maximumConnections: number
  /** Milliseconds in which a client must send the head of a request. */
  readonly headTimeout: number
  /** Milliseconds of silence after which a connection is closed. */
  readonly idleTimeout: number
  /** Speaks TLS; without it clear text. */
  readonly tls?: TlsIdentity | undefined
}

/** A server that is listening. */
export interface OnePort extends AsyncDisposable {
  readonly port: number
  /** New connections see another certificate; those that are open stay as they are. */
  replaceTls(tls: TlsIdentity): void
  /** Takes no new connection, lets the requests under way end, and closes what is left after the grace time. */
  close(graceMilliseconds: number): Promise<void>
}

/** First bytes of an HTTP/2 connection (RFC 9113, section 3.4). */
const preface = 'PRI '

/**
 * One port for HTTP/1.1 and HTTP/2. In clear text HTTP/2 comes with prior knowledge, which is how the AWS SDK for JavaScript
 * calls Bedrock's runtime: the first bytes tell. With TLS the protocol is agreed on by ALPN.
 */
export async function listenOnOnePort(
  options: OnePortOptions,
  handle: (incoming: Incoming, outgoing: Outgoing) => void,
): Promise<OnePort> {
  const limits = {
    maxHeaderSize: 32 * 1024,
    headersTimeout: options.headTimeout,
    requestTimeout: 0,
    // How often slow heads are looked for.
    connectionsCheckingInterval: Math.min(1000, options.headTimeout),
  }
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
    // One that speaks the preface and then asks nothing.
    const giveUp = setTimeout(() => session.destroy(), options.headTimeout)
    session.once('stream', () => clearTimeout(giveUp))
    session.once('close', () => clearTimeout(giveUp))
  })
  const sockets = new Set<Socket>()
  const undecided = new Set<Socket>()
  const track = (socket: Socket): void => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    // A client whose machine is gone does not hang up.
    socket.setKeepAlive(true, 30_000)
  }
  const serve = (socket: Socket): void => {
    track(socket)
    socket.setTimeout(options.idleTimeout, () => socket.destroy())
    undecided.add(socket)
    socket.once('close', () => undecided.delete(socket))
    sniff(socket, options.headTimeout, (isHttp2) => {
      undecided.delete(socket)
      ;(isHttp2 ? http2 : http1).emit('connection', socket)
    })
  }
  const tlsServer = options.tls === undefined ? undefined : createTls(options.tls, options.headTimeout)
  tlsServer?.on('connection', track)
  tlsServer?.on('secureConnection', (socket) => {
    track(socket)
    socket.setTimeout(options.idleTimeout, () => socket.destroy())
    ;(socket.alpnProtocol === 'h2' ? http2 : http1).emit('connection', socket)
  })
  const server: Server = tlsServer ?? createServer(serve)
  server.maxConnections = options.maximumConnections
  await listening(server, options)
  const address = server.address() as AddressInfo
  const close = async (graceMilliseconds: number): Promise<void> => {
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve())
    })
    for (const session of sessions) session.close()
    for (const socket of undecided) socket.destroy()
    http1.closeIdleConnections()
    // A connection whose last answer has ended is idle then.
    const idle = setInterval(() => http1.closeIdleConnections(), 100)
    const timer = setTimeout(() => {
      for (const socket of sockets) socket.destroy()
    }, graceMilliseconds)
    await closed
    clearTimeout(timer)
    clearInterval(idle)
  }
  const replaceTls = (tls: TlsIdentity): void => tlsServer?.setSecureContext(contextOf(tls))
  return { port: address.port, close, replaceTls, [Symbol.asyncDispose]: () => close(0) }
}

const contextOf = ({
  certificate,
  key,
}: TlsIdentity): { cert: string; key: string; minVersion: 'TLSv1.2' } => ({
  cert: certificate,
  key,
  minVersion: 'TLSv1.2',
})

function createTls(tls: TlsIdentity, handshakeTimeout: number): TlsServer {
  const server = createTlsServer({
    ...contextOf(tls),
    ALPNProtocols: ['h2', 'http/1.1'],
    handshakeTimeout,
  })
  // A client that speaks no TLS, or does not trust the certificate, is nobody's failure here.
  server.on('tlsClientError', (_, socket) => socket.destroy())
  return server
}

/** Tells by the first bytes of a connection which protocol it speaks. */
function sniff(socket: Socket, patience: number, decide: (isHttp2: boolean) => void): void {
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
    decide(text === preface)
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
