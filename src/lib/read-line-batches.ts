import { isAscii } from 'node:buffer'
import { open, type FileHandle } from 'node:fs/promises'

/** Consecutive lines of a file as bytes. Valid until the next batch is asked for. */
export interface LineBatch {
  readonly bytes: Buffer
  /** Line `i` is `bytes[starts[i], ends[i])`, without its line feed. */
  readonly starts: Int32Array
  readonly ends: Int32Array
  readonly count: number
  /** 1-based number of line 0 of the batch. */
  readonly firstLine: number
  /** True where every byte is below 128. */
  readonly isAscii: boolean
  /** Bytes of the one line of this batch where it is over the limit; it is not held. */
  readonly tooLong?: number
  /** False where the file ends in the last line of this batch, without a line feed. */
  readonly endsWithBreak: boolean
}

export interface ReadLineBatchesOptions {
  readonly signal?: AbortSignal | undefined
  /** A longer line is not held. Default 16 MiB. */
  readonly maximumBytes?: number
  /** Bytes taken from the disk at once. Default 256 KiB. */
  readonly chunkBytes?: number
  readonly onProgress?: ((bytes: number) => void) | undefined
}

/**
 * Streams the lines of a file many at a time, which is several times as fast as one by one, and leaves their bytes as they
 * are: byte order marks and carriage returns are part of the lines.
 *
 * @throws the file system's error (`ENOENT`, `EISDIR` …), or `signal.reason`.
 */
export async function* readLineBatches(
  file: string,
  options: ReadLineBatchesOptions = {},
): AsyncGenerator<LineBatch> {
  const { signal, maximumBytes = 16 * 2 ** 20, chunkBytes = 256 * 2 ** 10, onProgress } = options
  const handle = await open(file)
  // The next bytes are read while these lines are worked on.
  let ahead: Promise<Ahead> | undefined
  try {
    let spare: Buffer = Buffer.allocUnsafe(2 * chunkBytes)
    let line = 1
    let total = 0
    /** Bytes of a line that is over the limit and still goes on. */
    let skipped = 0
    ahead = readAhead(handle, Buffer.allocUnsafe(2 * chunkBytes), 0, chunkBytes)
    for (;;) {
      signal?.throwIfAborted()
      const { bytes, from, filled }: Ahead = await ahead
      if (filled === from) {
        if (skipped > 0) yield longLine(line, skipped, false)
        else if (filled > 0) yield cutLines(bytes.subarray(0, filled), line, false)
        return
      }
      total += filled - from
      onProgress?.(total)
      const read = bytes.subarray(0, filled)
      let start = 0
      let long: LineBatch | undefined
      if (skipped > 0) {
        const end = read.indexOf(0x0a)
        skipped += end === -1 ? filled : end
        start = end === -1 ? filled : end + 1
        if (end !== -1) {
          long = longLine(line++, skipped, true)
          skipped = 0
        }
      }
      const last = read.subarray(from).lastIndexOf(0x0a)
      const whole = last === -1 ? start : Math.max(start, from + last + 1)
      let rest = read.subarray(whole)
      if (rest.length > maximumBytes) {
        skipped = rest.length
        rest = read.subarray(filled)
      }
      // A long line is read on where it lies; lines that are given away must stay as they are.
      let next: Buffer = whole === 0 ? bytes : spare
      if (next.length < rest.length + chunkBytes) next = Buffer.allocUnsafe(2 * (rest.length + chunkBytes))
      if (next !== bytes) {
        rest.copy(next)
        spare = bytes
      }
      ahead = readAhead(handle, next, rest.length, chunkBytes)
      if (long !== undefined) yield long
      if (whole > start) {
        const batch = cutLines(read.subarray(start, whole), line, true)
        line += batch.count
        yield batch
      }
    }
  } finally {
    await ahead?.catch(() => undefined)
    await handle.close()
  }
}

/** Bytes of a file behind those that were carried over. */
interface Ahead {
  readonly bytes: Buffer
  readonly from: number
  readonly filled: number
}

function readAhead(handle: FileHandle, bytes: Buffer, from: number, most: number): Promise<Ahead> {
  const reading = handle
    .read(bytes, from, most)
    .then(({ bytesRead }) => ({ bytes, from, filled: from + bytesRead }))
  // Who asks for the next lines is told that it failed; until then nobody waits for it.
  reading.catch(() => undefined)
  return reading
}

/** The lines of a text, as a batch. @param endsWithBreak false where the file ends without one */
export function cutLines(part: Buffer, firstLine: number, endsWithBreak: boolean): LineBatch {
  let starts = new Int32Array(256)
  let ends = new Int32Array(256)
  let count = 0
  for (let start = 0; start < part.length;) {
    const found = part.indexOf(0x0a, start)
    const end = found === -1 ? part.length : found
    if (count === starts.length) {
      starts = grown(starts)
      ends = grown(ends)
    }
    starts[count] = start
    ends[count++] = end
    start = end + 1
  }
  return { bytes: part, starts, ends, count, firstLine, isAscii: isAscii(part), endsWithBreak }
}

function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * array.length)
  larger.set(array)
  return larger
}

const longLine = (firstLine: number, tooLong: number, endsWithBreak: boolean): LineBatch => ({
  bytes: Buffer.alloc(0),
  starts: Int32Array.of(0),
  ends: Int32Array.of(0),
  count: 1,
  firstLine,
  isAscii: true,
  tooLong,
  endsWithBreak,
})
