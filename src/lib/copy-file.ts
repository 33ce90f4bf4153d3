import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { replaceFile } from './replace-file.ts'

export interface CopyFileOptions {
  readonly signal?: AbortSignal | undefined
  /** Told the bytes copied so far. */
  readonly onProgress?: (bytes: number) => void
  /** Size of the source, named when the disk is full. */
  readonly expectedBytes?: number
}

/**
 * Copies a file and gives its size and SHA-256. The copy is there whole or not at all.
 *
 * @throws HoneError `E_DISK`
 */
export async function copyFileWithDigest(
  from: string,
  to: string,
  options: CopyFileOptions = {},
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  await replaceFile(
    to,
    async (writer) => {
      const chunks: AsyncIterable<Buffer> = createReadStream(from, { highWaterMark: 1 << 20 })
      for await (const chunk of chunks) {
        options.signal?.throwIfAborted()
        hash.update(chunk)
        await writer.write(chunk)
        bytes += chunk.length
        options.onProgress?.(bytes)
      }
    },
    options.expectedBytes === undefined ? {} : { expectedBytes: options.expectedBytes },
  )
  return { bytes, sha256: hash.digest('hex') }
}
