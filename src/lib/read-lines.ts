import { open } from 'node:fs/promises'
import { LineSplitter, type Line } from './line-splitter.ts'

export type { Line } from './line-splitter.ts'

export interface ReadLinesOptions {
  readonly signal?: AbortSignal
  /** A longer line is reported as a fault; at most this many bytes of it are ever held. Default 16 MiB. */
  readonly maximumBytes?: number
  /** Bytes taken from the disk at once. Default 256 KiB. */
  readonly chunkBytes?: number
}

/**
 * Streams the lines of a UTF-8 file. A byte order mark at the start and a carriage return at the end of a line are
 * dropped; a last line without a line break counts when it is not empty.
 *
 * @throws the file system's error (`ENOENT`, `EISDIR` …), or `signal.reason`.
 */
export async function* readLines(file: string, options: ReadLinesOptions = {}): AsyncGenerator<Line> {
  const splitter = new LineSplitter(options.maximumBytes)
  const chunk = Buffer.allocUnsafe(options.chunkBytes ?? 256 * 2 ** 10)
  const handle = await open(file)
  try {
    for (;;) {
      options.signal?.throwIfAborted()
      const { bytesRead } = await handle.read(chunk, 0, chunk.length)
      if (bytesRead === 0) break
      yield* splitter.push(chunk.subarray(0, bytesRead))
    }
    yield* splitter.end()
  } finally {
    await handle.close()
  }
}
