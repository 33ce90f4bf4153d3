import { randomBytes } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, extname, join } from 'node:path'
import { HoneError } from '../../core/errors.ts'
import { diskError } from '../../lib/disk-error.ts'
import { openLocalBytes } from './local-bytes.ts'
import { isS3, openS3Bytes } from './s3-bytes.ts'
import type { SourceKind } from './source-kind.ts'
import { detectKind } from './source-kinds.ts'
import type { SourceRow } from './source-row.ts'
import { compressions, encodings, type Wrapper } from './unwrap.ts'

const headBytes = 64 * 2 ** 10
/** What is unpacked to a file because its kind cannot be read from front to back. */
const largestSpoolBytes = 16 * 2 ** 30
/** A file that is compressed more often was made to be trouble. */
const mostWrappers = 3

export interface OpenSourceOptions {
  readonly signal?: AbortSignal | undefined
  /** Of an Excel file: the sheet, by name. Default: the first. */
  readonly sheet?: string | undefined
}

/** A file whose kind is known and whose rows can be read, once. */
export interface OpenedSource extends AsyncDisposable {
  readonly location: string
  readonly kind: SourceKind
  /** What was taken off, from outside to inside, such as `gzip`. */
  readonly wrappers: readonly string[]
  /** Size of the file as it lies there, where it is known. */
  readonly totalBytes: number | undefined
  /** Bytes of it read so far. */
  bytesRead(): number
  /** What is worth saying about the file as a whole; complete when all rows are read. */
  notes(): readonly string[]
  rows(): AsyncIterable<readonly SourceRow[]>
}

/**
 * Opens a file or an `s3://` object of any kind: what it is is told by its content, and its name only where that leaves a
 * choice.
 *
 * @throws HoneError `E_DATA` when it cannot be opened or is damaged; `E_DOWNLOAD`; `signal.reason`
 */
export async function openSource(location: string, options: OpenSourceOptions = {}): Promise<OpenedSource> {
  const { signal, sheet } = options
  const bytes = await (isS3(location) ? openS3Bytes(location, signal) : openLocalBytes(location, signal))
  try {
    let bytesRead = 0
    const notes: string[] = []
    const wrappers: string[] = []
    const counted = async function* (): AsyncGenerator<Buffer> {
      for await (const chunk of bytes.chunks()) {
        bytesRead += chunk.length
        yield chunk
      }
    }
    let { head, chunks } = await peek(counted())
    let name = basename(location)
    const takeOff = async (wrapper: Wrapper): Promise<void> => {
      if (wrappers.push(wrapper.id) > mostWrappers) {
        throw new HoneError('E_DATA', `the file is packed more than ${mostWrappers} times`, {
          at: { file: location },
          hint: 'unpack it first',
        })
      }
      ;({ head, chunks } = await peek(wrapper.unwrap(chunks, location)))
    }
    for (let wrapper = compressions.find((each) => each.fits(head)); wrapper !== undefined;) {
      await takeOff(wrapper)
      name = name.replace(/\.(?:gz|zst|zstd)$/i, '')
      wrapper = compressions.find((each) => each.fits(head))
    }
    const encoding = encodings.find((each) => each.fits(head))
    if (encoding !== undefined) {
      await takeOff(encoding)
      notes.push(`the text is ${encoding.id} and was decoded`)
    }
    const ending = extname(name).slice(1).toLowerCase()
    const kind = detectKind(head, ending)
    let spooled: string | undefined
    return {
      location,
      kind,
      wrappers,
      totalBytes: bytes.totalBytes,
      bytesRead: () => bytesRead,
      notes: () => notes,
      rows: () =>
        kind.rows({
          location: name,
          head,
          chunks: () => chunks,
          async file() {
            if (bytes.path !== undefined && wrappers.length === 0) return bytes.path
            spooled = join(tmpdir(), `hone-${randomBytes(8).toString('hex')}.tmp`)
            await spool(chunks, spooled, location)
            return spooled
          },
          note: (message) => notes.push(message),
          sheet,
          signal,
        }),
      async [Symbol.asyncDispose]() {
        await bytes[Symbol.asyncDispose]()
        if (spooled !== undefined) await rm(spooled, { force: true })
      },
    }
  } catch (error) {
    await bytes[Symbol.asyncDispose]()
    throw error
  }
}

/** The first bytes, and all bytes again from the start. */
async function peek(source: AsyncIterable<Buffer>): Promise<{ head: Buffer; chunks: AsyncIterable<Buffer> }> {
  const iterator = source[Symbol.asyncIterator]()
  const first: Buffer[] = []
  let length = 0
  let done = false
  while (length < headBytes) {
    const next = await iterator.next()
    if (next.done === true) {
      done = true
      break
    }
    first.push(Buffer.from(next.value))
    length += next.value.length
  }
  const head = Buffer.concat(first).subarray(0, headBytes)
  const chunks = async function* (): AsyncGenerator<Buffer> {
    try {
      for (let chunk = first.shift(); chunk !== undefined; chunk = first.shift()) yield chunk
      if (done) return
      for (;;) {
        const next = await iterator.next()
        if (next.done === true) return
        yield next.value
      }
    } finally {
      await iterator.return?.()
    }
  }
  return { head, chunks: chunks() }
}

async function spool(chunks: AsyncIterable<Buffer>, path: string, location: string): Promise<void> {
  const handle = await open(path, 'wx')
  try {
    let written = 0
    for await (const chunk of chunks) {
      written += chunk.length
      if (written > largestSpoolBytes) {
        throw new HoneError('E_DATA', 'the file unpacks to more than 16 GiB', {
          at: { file: location },
          hint: 'unpack it first',
        })
      }
      await handle.writeFile(chunk)
    }
  } catch (error) {
    throw await diskError(error, path)
  } finally {
    await handle.close()
  }
}
