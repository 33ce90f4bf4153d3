import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

export interface Sha256Options {
  readonly signal?: AbortSignal | undefined
  /** Told the bytes read so far. */
  readonly onProgress?: (bytes: number) => void
}

/** SHA-256 of a file's content in hexadecimal digits. Aborting rejects with the signal's reason. */
export async function sha256OfFile(path: string, options: Sha256Options = {}): Promise<string> {
  const hash = createHash('sha256')
  let bytes = 0
  const chunks: AsyncIterable<Buffer> = createReadStream(path, { highWaterMark: 1 << 20 })
  for await (const chunk of chunks) {
    options.signal?.throwIfAborted()
    hash.update(chunk)
    bytes += chunk.length
    options.onProgress?.(bytes)
  }
  return hash.digest('hex')
}
