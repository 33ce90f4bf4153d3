import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

export interface FileFingerprint {
  readonly sha256: string
  readonly bytes: number
  /** Line breaks, and one for a last line without. */
  readonly lines: number
}

/** What names a file's content, and how long it is. */
export async function fingerprintFile(
  path: string,
  options: {
    readonly signal?: AbortSignal | undefined
    /** Told the bytes read so far. */
    readonly onProgress?: ((bytes: number) => void) | undefined
  } = {},
): Promise<FileFingerprint> {
  const hash = createHash('sha256')
  let bytes = 0
  let lines = 0
  let endsLine = true
  const chunks: AsyncIterable<Buffer> = createReadStream(path, { highWaterMark: 1 << 20 })
  for await (const chunk of chunks) {
    options.signal?.throwIfAborted()
    hash.update(chunk)
    bytes += chunk.length
    for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, at + 1)) lines++
    endsLine = chunk.at(-1) === 0x0a
    options.onProgress?.(bytes)
  }
  return { sha256: hash.digest('hex'), bytes, lines: lines + (endsLine ? 0 : 1) }
}
