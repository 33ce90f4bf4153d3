import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HoneError } from '../core/errors.ts'

/** Numbers that do not fit into memory, in a file of the system's temporary folder. Only this process's user can read it. */
export class ScratchFile implements Disposable {
  readonly #folder: string
  readonly #handle: number

  /** @throws HoneError `E_DISK` */
  constructor() {
    const [folder, handle] = guarded(() => {
      const made = mkdtempSync(join(tmpdir(), 'hone-'))
      return [made, openSync(join(made, 'scratch'), 'wx+', 0o600)] as const
    })
    this.#folder = folder
    this.#handle = handle
  }

  /** @param offset in bytes @throws HoneError `E_DISK` */
  write(values: Uint32Array, offset: number): void {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    guarded(() => {
      for (let done = 0; done < bytes.length;) {
        done += writeSync(this.#handle, bytes, done, bytes.length - done, offset + done)
      }
    })
  }

  /** Fills `values` with what was written. @throws HoneError `E_DISK` */
  read(values: Uint32Array, offset: number): void {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    guarded(() => {
      for (let done = 0; done < bytes.length;) {
        const count = readSync(this.#handle, bytes, done, bytes.length - done, offset + done)
        if (count === 0) throw new Error('the temporary file is shorter than what was written')
        done += count
      }
    })
  }

  [Symbol.dispose](): void {
    closeSync(this.#handle)
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

function guarded<Result>(action: () => Result): Result {
  try {
    return action()
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new HoneError('E_DISK', `a temporary file cannot be used: ${message}`, {
      at: { file: tmpdir() },
      hint: 'free some space there, or set TMPDIR to a folder on another disk',
      cause: error,
    })
  }
}
