import { stat } from 'node:fs/promises'
import { sha256OfFile } from '../../lib/sha256-of-file.ts'
import { hashProgress, type DataOptions } from './data-event.ts'

/** Hashes of this process, by what changes when a file is written. A server is asked about the same large files again. */
const known = new Map<string, string>()
const mostKnown = 1_000

/** A file that was written so shortly before it was read may be written again without its time being another one. */
const settledAfter = 2_000

/**
 * SHA-256 of a file; null where it is not on this machine, or cannot be read, which is for who needs it to say.
 *
 * @throws the signal's reason
 */
export async function contentOf(file: string, wait: DataOptions): Promise<string | null> {
  const state = await fileState(file)
  // A pipe can be read once only.
  if (state === undefined) return null
  const earlier = known.get(state)
  if (earlier !== undefined) return earlier
  const started = Date.now()
  const { signal } = wait
  const sha256 = await sha256OfFile(file, { signal, onProgress: await hashProgress(file, wait) }).catch(
    (error: unknown) => {
      if (signal?.aborted === true) throw error
      return null
    },
  )
  const { mtimeMs = started } = (await stat(file).catch(() => undefined)) ?? {}
  if (sha256 !== null && started - mtimeMs > settledAfter && (await fileState(file)) === state) {
    if (known.size >= mostKnown) known.clear()
    known.set(state, sha256)
  }
  return sha256
}

/** What changes when a file is written; undefined for what is no file on this machine. */
export async function fileState(file: string): Promise<string | undefined> {
  const state = await stat(file, { bigint: true }).catch(() => undefined)
  if (state?.isFile() !== true) return undefined
  return [state.dev, state.ino, state.size, state.mtimeNs, state.ctimeNs].join(' ')
}
