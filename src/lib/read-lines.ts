import { isUtf8 } from 'node:buffer'
import { open } from 'node:fs/promises'

/** A line of a text file without its line break, or what is wrong with it. `number` is 1-based. */
export type Line =
  | { readonly number: number; readonly text: string }
  | { readonly number: number; readonly fault: 'too-long' | 'not-utf8'; readonly bytes: number }

export interface ReadLinesOptions {
  readonly signal?: AbortSignal
  /** A longer line is reported as a fault; at most this many bytes of it are ever held. Default 16 MiB. */
  readonly maximumBytes?: number
  /** Bytes taken from the disk at once. Default 256 KiB. */
  readonly chunkBytes?: number
  /** Told the bytes read so far. */
  readonly onProgress?: (bytes: number) => void
}

/**
 * Streams the lines of a UTF-8 file. A byte order mark at the start and a carriage return at the end of a line are
 * dropped; a last line without a line break counts when it is not empty.
 *
 * @throws the file system's error (`ENOENT`, `EISDIR` …), or `signal.reason`.
 */
export async function* readLines(file: string, options: ReadLinesOptions = {}): AsyncGenerator<Line> {
  for await (const lines of readLineBatches(file, options)) yield* lines
}

/** `readLines`, with the lines of one chunk at once: waiting for each line takes longer than reading it. */
export async function* readLineBatches(
  file: string,
  options: ReadLinesOptions = {},
): AsyncGenerator<readonly Line[]> {
  const maximum = options.maximumBytes ?? 16 * 2 ** 20
  const chunk = Buffer.allocUnsafe(options.chunkBytes ?? 256 * 2 ** 10)
  const handle = await open(file)
  try {
    let carried: Buffer[] = []
    let bytes = 0
    let number = 1
    let done = 0
    for (;;) {
      options.signal?.throwIfAborted()
      const { bytesRead } = await handle.read(chunk, 0, chunk.length)
      if (bytesRead === 0) break
      const lines: Line[] = []
      let start = 0
      for (;;) {
        const end = chunk.subarray(0, bytesRead).indexOf(0x0a, start)
        const part = chunk.subarray(start, end === -1 ? bytesRead : end)
        bytes += part.length
        if (bytes > maximum) carried = []
        else if (end === -1) carried.push(Buffer.from(part))
        if (end === -1) break
        lines.push(
          bytes > maximum
            ? { number, fault: 'too-long', bytes }
            : toLine(number, carried.length === 0 ? part : Buffer.concat([...carried, part])),
        )
        carried = []
        bytes = 0
        number++
        start = end + 1
      }
      done += bytesRead
      options.onProgress?.(done)
      if (lines.length > 0) yield lines
    }
    if (bytes > maximum) yield [{ number, fault: 'too-long', bytes }]
    else if (bytes > 0) yield [toLine(number, Buffer.concat(carried))]
  } finally {
    await handle.close()
  }
}

function toLine(number: number, bytes: Buffer): Line {
  const marked = number === 1 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  const end = bytes.at(-1) === 0x0d ? bytes.length - 1 : bytes.length
  const body = bytes.subarray(marked ? 3 : 0, end)
  if (!isUtf8(body)) return { number, fault: 'not-utf8', bytes: bytes.length }
  return { number, text: body.toString('utf8') }
}
