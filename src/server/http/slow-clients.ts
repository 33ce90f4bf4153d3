import type { Writable } from 'node:stream'
import type { Incoming } from './exchange.ts'

/** How long slow clients are waited for, in milliseconds. */
export interface Patience {
  /** In all for the bytes of a body, and a second more for each KiB that came. */
  readonly body: number
  /** For a client that has stopped reading; twice as long at most. */
  readonly reader: number
}

/** A body that comes too slowly, or is too large. */
export class BodyRefused extends Error {
  override readonly name = 'BodyRefused'
  readonly status: 408 | 413

  constructor(status: 408 | 413, message: string) {
    super(message)
    this.status = status
  }
}

export const usualPatience: Patience = { body: 20_000, reader: 30_000 }

const leastBytesPerMillisecond = 1024 / 1000

/**
 * The bytes of a body as they come in. Time in which the server does not ask for more is not the client's.
 *
 * @throws BodyRefused 408 where the client is too slow
 */
export async function* patientBody(request: Incoming, patience: number): AsyncGenerator<Buffer> {
  // Whoever stops reading in the middle must not close the connection: the error is still to be answered.
  const chunks = request.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>
  let left = patience
  try {
    for (;;) {
      const asked = performance.now()
      const { value, done } = await within(left, chunks.next())
      if (done === true) return
      left += value.length / leastBytesPerMillisecond - (performance.now() - asked)
      yield value
    }
  } finally {
    // Where the next bytes never come, there is no end to wait for.
    void Promise.resolve(chunks.return?.()).catch(() => undefined)
  }
}

/**
 * A body that is held whole, by the same patience. Small bodies come at once: nothing is made for each that they do not need.
 *
 * @throws BodyRefused 408 where the client is too slow; 413 when it has more than `limit` bytes
 */
export function wholeBody(request: Incoming, patience: number, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const started = performance.now()
    let bytes = 0
    const wait = (): void => {
      const left = patience + bytes / leastBytesPerMillisecond - (performance.now() - started)
      if (left > 0) timer = setTimeout(wait, left)
      else settle(() => reject(tooSlow()))
    }
    let timer = setTimeout(wait, patience)
    const take = (chunk: Buffer): void => {
      bytes += chunk.length
      chunks.push(chunk)
      if (bytes > limit) {
        const message = `The request body has more than ${limit} bytes`
        settle(() => reject(new BodyRefused(413, message)))
      }
    }
    const end = (): void =>
      settle(() =>
        resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)),
      )
    const fail = (error?: Error): void =>
      settle(() => reject(error ?? Object.assign(new Error('the client hung up'), { code: 'ECONNRESET' })))
    const settle = (action: () => void): void => {
      clearTimeout(timer)
      request.off('data', take).off('end', end).off('error', fail).off('close', fail)
      action()
    }
    request.on('data', take).on('end', end).on('error', fail).on('close', fail)
  })
}

const tooSlow = (): BodyRefused => new BodyRefused(408, 'The body of the request came too slowly.')

async function within<Result>(milliseconds: number, result: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooSlow()), milliseconds)
  })
  try {
    return await Promise.race([result, late])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Destroys a response whose client has stopped reading.
 *
 * @returns ends the watch
 */
export function cutStalled(response: Writable, patience: number): () => void {
  let drains = 0
  let seen: number | undefined
  const count = (): void => void drains++
  response.on('drain', count)
  const timer = setInterval(() => {
    if (!response.writableNeedDrain) seen = undefined
    else if (seen === drains) response.destroy()
    else seen = drains
  }, patience)
  return () => {
    clearInterval(timer)
    response.off('drain', count)
  }
}
