import { connect, type Socket } from 'node:net'

export interface HttpLoad {
  readonly port: number
  /** The whole request, head and body; asked for once a second, as signatures hold for a while only. */
  readonly request: () => Buffer
  readonly connections: number
  readonly seconds: number
  /** Requests a second, sent when they are due whatever became of those before; each connection at its own pace without. */
  readonly rate?: number
}

export interface LoadResult {
  readonly requests: number
  /** Answers other than 200, and connections that broke. */
  readonly failed: number
  readonly perSecond: number
  /** Milliseconds from when a request was due to its last byte; of those that were answered with 200. */
  readonly p50: number
  readonly p99: number
  readonly mean: number
}

/** Loads a server over HTTP/1.1 connections that stay open, and measures every answer. */
export async function loadHttp(options: HttpLoad): Promise<LoadResult> {
  const { rate, seconds } = options
  const clients = await Promise.all(
    Array.from({ length: options.connections }, () => LoadClient.connect(options.port)),
  )
  const idle = [...clients]
  const due: number[] = []
  const latencies: number[] = []
  let failed = 0
  let request = options.request()
  const started = performance.now()
  const end = started + seconds * 1000
  let running = 0
  let over = nothing
  const drained = new Promise<void>((resolve) => (over = resolve))
  const next = (): void => {
    while (idle.length > 0 && due.length > 0) {
      const client = idle.pop()
      const at = due.shift()
      if (client === undefined || at === undefined) return
      running++
      client.send(request, (ok) => {
        running--
        if (ok) latencies.push(performance.now() - at)
        else failed++
        if (!client.broken) idle.push(client)
        if (rate === undefined && performance.now() < end) due.push(performance.now())
        next()
        if (running === 0 && performance.now() >= end) over()
      })
    }
  }
  const renew = setInterval(() => (request = options.request()), 1000)
  let sent = 0
  if (rate === undefined) for (const _ of clients) due.push(performance.now())
  const tick = (): void => {
    const now = performance.now()
    if (rate !== undefined) {
      // How late the timer is is not the server's doing.
      for (; sent < ((Math.min(now, end) - started) / 1000) * rate; sent++) due.push(now)
    }
    next()
    if (now >= end) {
      if (running === 0 && due.length === 0) over()
      return
    }
    setTimeout(tick, 1)
  }
  if (rate === undefined) {
    next()
    setTimeout(() => running === 0 && over(), seconds * 1000 + 50)
  } else tick()
  // What is not answered by then has failed.
  const giveUp = setTimeout(over, seconds * 1000 + 10_000)
  await drained
  const took = (performance.now() - started) / 1000
  clearTimeout(giveUp)
  clearInterval(renew)
  failed += due.length + running
  for (const client of clients) client.close()
  const sorted = latencies.toSorted((left, right) => left - right)
  const at = (share: number): number => rounded(sorted[Math.floor(sorted.length * share)] ?? Number.NaN)
  return {
    requests: latencies.length + failed,
    failed,
    perSecond: Math.round(latencies.length / took),
    p50: at(0.5),
    p99: at(0.99),
    mean: rounded(latencies.reduce((sum, each) => sum + each, 0) / latencies.length),
  }
}

const nothing = (): void => undefined

const rounded = (milliseconds: number): number => Math.round(milliseconds * 1000) / 1000

/** One connection; answers must say their length or come in chunks. */
class LoadClient {
  readonly #socket: Socket
  #received = ''
  #done: ((ok: boolean) => void) | undefined
  broken = false

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (bytes: Buffer) => this.#receive(bytes.toString('latin1')))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.broken = true
      this.#finish(false)
    })
  }

  static connect(port: number): Promise<LoadClient> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1')
      socket.once('connect', () => resolve(new LoadClient(socket)))
      socket.once('error', reject)
    })
  }

  send(request: Buffer, done: (ok: boolean) => void): void {
    this.#received = ''
    this.#done = done
    this.#socket.write(request)
  }

  close(): void {
    this.#done = undefined
    this.#socket.destroy()
  }

  #receive(text: string): void {
    this.#received += text
    const head = this.#received.indexOf('\r\n\r\n')
    if (head === -1) return
    const length = /\r\ncontent-length: *(\d+)/i.exec(this.#received.slice(0, head))?.[1]
    const isWhole =
      length === undefined
        ? this.#received.endsWith('0\r\n\r\n')
        : this.#received.length >= head + 4 + Number(length)
    if (isWhole) this.#finish(this.#received.startsWith('HTTP/1.1 200'))
  }

  #finish(ok: boolean): void {
    const done = this.#done
    this.#done = undefined
    done?.(ok)
  }
}
