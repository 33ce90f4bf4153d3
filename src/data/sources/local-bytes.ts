import { open, type FileHandle } from 'node:fs/promises'
import { HoneError } from '../../core/errors.ts'
import type { ByteSource } from './byte-source.ts'

const chunkBytes = 256 * 2 ** 10

/**
 * The bytes of a file of this machine.
 *
 * @throws HoneError `E_DATA` when there is none, it may not be read, or it is no regular file
 */
export async function openLocalBytes(file: string, signal: AbortSignal | undefined): Promise<ByteSource> {
  if (file === '-') throw noPipe(file)
  const handle = await open(file).catch((error: unknown) => {
    throw openFailure(error, file)
  })
  try {
    const facts = await handle.stat()
    // A pipe could be read once only, and a device may never end.
    if (!facts.isFile()) throw facts.isDirectory() ? noFolder(file) : noPipe(file)
    return {
      path: file,
      totalBytes: facts.size,
      async *chunks() {
        // Two buffers for all chunks: new ones keep the garbage collector busier than the parser.
        let chunk = Buffer.allocUnsafeSlow(chunkBytes)
        let next = Buffer.allocUnsafeSlow(chunkBytes)
        // The next chunk is read while this one is worked on.
        let ahead = readInto(handle, chunk)
        try {
          for (;;) {
            signal?.throwIfAborted()
            const bytesRead = await ahead.catch((error: unknown) => {
              throw openFailure(error, file)
            })
            if (bytesRead === 0) return
            ahead = readInto(handle, next)
            yield chunk.subarray(0, bytesRead)
            ;[chunk, next] = [next, chunk]
          }
        } finally {
          await ahead.catch(() => undefined)
        }
      },
      [Symbol.asyncDispose]: () => handle.close(),
    }
  } catch (error) {
    await handle.close()
    throw error
  }
}

function readInto(handle: FileHandle, chunk: Buffer): Promise<number> {
  const reading = handle.read(chunk, 0, chunk.length).then(({ bytesRead }) => bytesRead)
  // Who asks for the next chunk is told that it failed; until then nobody waits for it.
  reading.catch(() => undefined)
  return reading
}

const noFolder = (file: string): HoneError =>
  new HoneError('E_DATA', 'this is a folder', { at: { file }, hint: 'name the files in it' })

const noPipe = (file: string): HoneError =>
  new HoneError('E_DATA', 'this is no regular file', {
    at: { file },
    hint: 'records are read from a file, often more than once: write them to one first, such as COMMAND > examples.jsonl',
  })

function openFailure(error: unknown, file: string): unknown {
  if (!(error instanceof Error && 'code' in error)) return error
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    EACCES: 'the file may not be read',
    EPERM: 'the file may not be read',
  }
  const reason = reasons[String(error.code)] ?? `the file cannot be read: ${error.message}`
  return new HoneError('E_DATA', reason, { at: { file }, hint: 'check the path', cause: error })
}
