import { createHash } from 'node:crypto'
import { readBlocks } from './read-blocks.ts'

export interface Sha256Options {
  readonly signal?: AbortSignal | undefined
  /** Told the bytes read so far. */
  readonly onProgress?: ((bytes: number) => void) | undefined
}

/** SHA-256 of a file's content in hexadecimal digits. Aborting rejects with the signal's reason. */
export async function sha256OfFile(path: string, options: Sha256Options = {}): Promise<string> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const block of readBlocks(path, options)) {
    hash.update(block)
    bytes += block.length
    options.onProgress?.(bytes)
  }
  return hash.digest('hex')
}
