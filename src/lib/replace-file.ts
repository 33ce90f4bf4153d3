import { randomBytes } from 'node:crypto'
import { open, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { diskError } from './disk-error.ts'

/** Where the bytes of a new file go. */
export interface FileWriter {
  write(bytes: Uint8Array): Promise<void>
  /** Brings everything to the disk. */
  sync(): Promise<void>
  close(): Promise<void>
}

export interface ReplaceFileOptions {
  /** Opens the temporary file; a parameter so that a full disk can be had in a test. */
  readonly openWriter?: (path: string) => Promise<FileWriter>
  /** Size of the whole file in bytes where it is known: it is named when the disk is full. */
  readonly expectedBytes?: number
  /** Who may read and write it, such as `0o600`; default: as the process has it. */
  readonly mode?: number
}

/**
 * Writes a file so that it is there whole or not at all: into a temporary name in the same folder, synced, then renamed
 * over what was there.
 *
 * @throws HoneError `E_DISK` when the folder is not there, cannot be written, or the disk is full; nothing is left behind
 */
export async function replaceFile(
  path: string,
  fill: (writer: FileWriter) => Promise<void>,
  options: ReplaceFileOptions = {},
): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`
  let writer: FileWriter | undefined
  try {
    writer = await (options.openWriter?.(temporary) ?? openFileWriter(temporary, options.mode))
    await fill(writer)
    await writer.sync()
    await writer.close()
    writer = undefined
    await rename(temporary, path)
    await syncFolder(dirname(path))
  } catch (error) {
    await writer?.close().catch(() => undefined)
    await rm(temporary, { force: true }).catch(() => undefined)
    throw await diskError(error, path, options.expectedBytes)
  }
}

/** Removes what killed processes left of writing files below a folder. Only for who knows that no one writes there now. */
export async function removeHalfWritten(folder: string): Promise<void> {
  // A folder that cannot be read is the writer's to report.
  for (const path of await readdir(folder, { recursive: true }).catch(() => [])) {
    if (/.\.[0-9a-f]{8}\.tmp$/.test(path)) await rm(join(folder, path), { force: true })
  }
}

/** Writes a small file whole or not at all. */
export function replaceFileWith(
  path: string,
  content: string | Uint8Array,
  options: Pick<ReplaceFileOptions, 'mode'> = {},
): Promise<void> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  return replaceFile(path, (writer) => writer.write(bytes), { ...options, expectedBytes: bytes.length })
}

async function openFileWriter(path: string, mode?: number): Promise<FileWriter> {
  const handle = await open(path, 'wx', mode)
  return {
    async write(bytes) {
      for (let from = 0; from < bytes.length;) {
        from += (await handle.write(bytes, from, bytes.length - from)).bytesWritten
      }
    },
    sync: () => handle.sync(),
    close: () => handle.close(),
  }
}

/** Makes the rename itself durable; systems that cannot open a folder do without. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined)
  await handle?.sync().catch(() => undefined)
  await handle?.close()
}
