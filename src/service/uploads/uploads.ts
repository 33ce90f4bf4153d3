import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { HoneError } from '../../core/errors.ts'
import { diskError } from '../../lib/disk-error.ts'
import { freeDiskBytes } from '../../lib/free-disk.ts'
import { readJsonFile } from '../../lib/read-json-file.ts'
import { replaceFileWith } from '../../lib/replace-file.ts'

/** A file that comes in parts. */
export interface Upload {
  readonly id: string
  /** As its sender calls it; without folders. */
  readonly name: string
  /** Bytes of the whole. */
  readonly bytes: number
  /** Bytes that are here: where the next part begins. */
  readonly offset: number
  /** ISO 8601, UTC. */
  readonly createdAt: string
  readonly owner: string
  /** Where it lies. */
  readonly file: string
}

const record = z.object({
  schema: z.literal(1),
  kind: z.literal('upload'),
  id: z.string(),
  name: z.string(),
  bytes: z.int(),
  createdAt: z.string(),
  owner: z.string(),
})

/** One that was not touched for this long was given up. */
const week = 7 * 86_400_000

/** Files that are sent in parts, and go on where they were after a broken connection or a restart of the server. */
export class Uploads {
  readonly #folder: string
  readonly #now: () => number
  /** Uploads that a part is being added to. */
  readonly #busy = new Set<string>()

  constructor(home: string, now: () => number = Date.now) {
    this.#folder = join(home, 'uploads')
    this.#now = now
  }

  /** @throws HoneError `E_DISK` where there is no room for it */
  async create({
    name,
    bytes,
    owner,
  }: {
    readonly name: string
    readonly bytes: number
    readonly owner: string
  }): Promise<Upload> {
    await this.#sweep()
    const id = randomBytes(12).toString('hex')
    const folder = join(this.#folder, id)
    try {
      await mkdir(join(folder, 'data'), { recursive: true })
      const free = await freeDiskBytes(folder)
      if (free !== undefined && free < bytes) {
        throw new HoneError('E_DISK', `the file has ${bytes} bytes, and ${free} are free on the disk`, {
          at: { file: this.#folder },
          hint: 'make room, or move the home: HONE_HOME',
        })
      }
      const made = { schema: 1, kind: 'upload', id, name: baseName(name), bytes, owner }
      const createdAt = new Date(this.#now()).toISOString()
      await (await open(join(folder, 'data', baseName(name)), 'wx')).close()
      await replaceFileWith(join(folder, 'upload.json'), `${JSON.stringify({ ...made, createdAt })}\n`)
    } catch (error) {
      await rm(folder, { recursive: true, force: true })
      throw await diskError(error, folder)
    }
    return this.find(id)
  }

  /** Unfinished ones, oldest first. */
  async list(): Promise<readonly Upload[]> {
    const found: Upload[] = []
    for (const id of await readdir(this.#folder).catch((): string[] => [])) {
      const upload = await this.find(id).catch(() => undefined)
      if (upload !== undefined) found.push(upload)
    }
    return found.toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1))
  }

  /** @throws HoneError `E_NOT_FOUND` */
  async find(id: string): Promise<Upload> {
    const folder = join(this.#folder, id)
    const value = /^[0-9a-f]{24}$/.test(id)
      ? await readJsonFile(join(folder, 'upload.json'), 'E_DATA').catch(() => undefined)
      : undefined
    const parsed = record.safeParse(value)
    if (!parsed.success) {
      throw new HoneError('E_NOT_FOUND', `there is no upload ${JSON.stringify(id.slice(0, 60))}`, {
        hint: 'begin one: POST /api/uploads',
      })
    }
    const { name, bytes, createdAt, owner } = parsed.data
    const file = join(folder, 'data', name)
    const { size } = await stat(file)
    return { id, name, bytes, offset: size, createdAt, owner, file }
  }

  /**
   * Adds bytes at an offset. What came before a broken connection stays.
   *
   * @throws HoneError `E_EXISTS` for another offset than that of the upload, or while somebody else adds; `E_USAGE` for more bytes
   * than were announced; `E_DISK`
   */
  async add(id: string, offset: number, chunks: AsyncIterable<Uint8Array>): Promise<Upload> {
    const upload = await this.find(id)
    if (this.#busy.has(id)) {
      throw new HoneError('E_EXISTS', 'a part of this upload is being sent', {
        hint: 'wait until it has ended, then ask for the offset: GET /api/uploads/{id}',
      })
    }
    if (offset !== upload.offset) {
      throw new HoneError('E_EXISTS', `the upload stands at ${upload.offset}, not at ${offset}`, {
        hint: `go on from ${upload.offset}`,
      })
    }
    this.#busy.add(id)
    try {
      const handle = await open(upload.file, 'a')
      let at = offset
      try {
        for await (const chunk of chunks) {
          if (at + chunk.length > upload.bytes) {
            throw new HoneError(
              'E_USAGE',
              `more is sent than the ${upload.bytes} bytes that were announced`,
              {
                hint: 'begin a new upload with the right size',
              },
            )
          }
          await handle.appendFile(chunk)
          at += chunk.length
        }
      } finally {
        await handle.sync()
        await handle.close()
      }
    } catch (error) {
      throw await diskError(error, upload.file)
    } finally {
      this.#busy.delete(id)
    }
    return this.find(id)
  }

  /** The upload, all of which is here. @throws HoneError `E_EXISTS` */
  async whole(id: string): Promise<Upload> {
    const upload = await this.find(id)
    if (upload.offset === upload.bytes) return upload
    throw new HoneError('E_EXISTS', `${upload.offset} of ${upload.bytes} bytes of the upload are here`, {
      hint: `send the rest from ${upload.offset}`,
    })
  }

  /** @throws HoneError `E_NOT_FOUND` */
  async remove(id: string): Promise<void> {
    await this.find(id)
    await rm(join(this.#folder, id), { recursive: true, force: true })
  }

  async #sweep(): Promise<void> {
    for (const { id, file } of await this.list()) {
      const { mtimeMs } = await stat(file)
      if (!this.#busy.has(id) && this.#now() - mtimeMs > week) await this.remove(id)
    }
  }
}

/** The last part of a name, as every platform can store it; its ending tells the kind of file where the content does not. */
function baseName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? ''
  const plain = last
    .replaceAll(/[^\w.@+-]+/g, '_')
    .replace(/^\.+/, '')
    .slice(-100)
  return plain === '' ? 'file' : plain
}
