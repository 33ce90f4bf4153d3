import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { Decompress } from 'fzstd'
import { HoneError } from '../../core/errors.ts'

type Chunks = AsyncIterable<Buffer>

/** Something around a file's own bytes: a compression, or an encoding of text. */
export interface Wrapper {
  readonly id: string
  fits(head: Buffer): boolean
  unwrap(chunks: Chunks, location: string): Chunks
}

/** Streams hold several chunks at once. */
async function* copies(chunks: Chunks): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield Buffer.from(chunk)
}

/** Bytes of zstd given to the decoder at once: four of them may stand for 128 KiB. */
const zstdStep = 4096
const largestZstdWindow = 2 ** 27

const gzip: Wrapper = {
  id: 'gzip',
  fits: (head) => head[0] === 0x1f && head[1] === 0x8b,
  async *unwrap(chunks, location) {
    const unzip = createGunzip({ chunkSize: 256 * 2 ** 10 })
    const feeding = pipeline(Readable.from(copies(chunks), { objectMode: true }), unzip)
    // Its failure is the one that reading throws.
    feeding.catch(() => undefined)
    try {
      for await (const chunk of unzip) yield chunk as Buffer
    } catch (error) {
      throw damaged(error, 'gzip', location)
    } finally {
      unzip.destroy()
    }
  },
}

const zstd: Wrapper = {
  id: 'zstd',
  fits: (head) => head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528,
  async *unwrap(chunks, location) {
    let ready: Buffer[] = []
    const decoder = new Decompress((part) => ready.push(Buffer.from(part)))
    let isFirst = true
    for await (const chunk of chunks) {
      if (isFirst) checkWindow(chunk, location)
      isFirst = false
      for (let at = 0; at < chunk.length; at += zstdStep) {
        try {
          // The decoder keeps what it is given.
          decoder.push(new Uint8Array(chunk.subarray(at, at + zstdStep)))
        } catch (error) {
          throw damaged(error, 'zstd', location)
        }
        const parts = ready
        ready = []
        for (const part of parts) if (part.length > 0) yield part
      }
    }
    try {
      decoder.push(new Uint8Array(0), true)
    } catch (error) {
      throw damaged(error, 'zstd', location)
    }
    yield* ready
  },
}

/** UTF-16, told by its mark, or by every other byte being zero. */
const utf16 = (encoding: 'utf-16le' | 'utf-16be'): Wrapper => ({
  id: encoding.toUpperCase(),
  fits(head) {
    const zero = encoding === 'utf-16le' ? 1 : 0
    if (head[1 - zero] === 0xff && head[zero] === 0xfe) return true
    const sample = head.subarray(0, 64)
    if (sample.length < 8) return false
    for (let at = 0; at + 1 < sample.length; at += 2) {
      if (sample[at + zero] !== 0 || sample[at + 1 - zero] === 0) return false
    }
    return true
  },
  async *unwrap(chunks, location) {
    const decoder = new TextDecoder(encoding, { fatal: true })
    try {
      for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }))
      yield Buffer.from(decoder.decode())
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      throw new HoneError('E_DATA', `the file is not the ${encoding.toUpperCase()} text that it begins as`, {
        at: { file: location },
        hint: 'save it as UTF-8',
        cause: error,
      })
    }
  },
})

export const compressions: readonly Wrapper[] = [gzip, zstd]
export const encodings: readonly Wrapper[] = [utf16('utf-16le'), utf16('utf-16be')]

/**
 * A frame says how much of what it has unpacked it needs again; that much memory is taken at once.
 * Source: RFC 8878, section 3.1.1.1
 */
function checkWindow(head: Buffer, location: string): void {
  const descriptor = head[4] ?? 0
  const isSingle = (descriptor & 0x20) !== 0
  const window = head[5] ?? 0
  const bytes = isSingle ? 0 : 2 ** (10 + (window >> 3)) * (1 + (window & 7) / 8)
  if (bytes > largestZstdWindow) {
    throw new HoneError(
      'E_DATA',
      `the file needs a zstd window of ${bytes / 2 ** 20} MiB, the limit is 128 MiB`,
      {
        at: { file: location },
        hint: 'compress it again without --long',
      },
    )
  }
}

function damaged(error: unknown, what: string, location: string): unknown {
  if (HoneError.isInstance(error) || !(error instanceof Error)) return error
  const isOwn = 'code' in error && (typeof error.code === 'number' || String(error.code).startsWith('Z_'))
  if (!isOwn && what === 'gzip') return error
  return new HoneError('E_DATA', `the ${what} file is damaged: ${error.message}`, {
    at: { file: location },
    hint: 'fetch or compress it again',
    cause: error,
  })
}
