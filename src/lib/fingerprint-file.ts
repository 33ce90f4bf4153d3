import { createHash } from 'node:crypto'
import { readBlocks } from './read-blocks.ts'

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
  for await (const block of readBlocks(path, options)) {
    hash.update(block)
    bytes += block.length
    for (let at = block.indexOf(0x0a); at >= 0; at = block.indexOf(0x0a, at + 1)) lines++
    endsLine = block.at(-1) === 0x0a
    options.onProgress?.(bytes)
  }
  return { sha256: hash.digest('hex'), bytes, lines: lines + (endsLine ? 0 : 1) }
}
