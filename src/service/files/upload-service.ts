import { HoneError } from '../../core/errors.ts'
import type { Atomically } from '../../store/database/atomically.ts'
import type { Resource, ResourceStore } from '../../store/database/resource-store.ts'
import { resourceId } from '../tuning/tuning-service.ts'
import type { FileService, KeepFile, ReceivedFile, StoredFile } from './file-service.ts'

/** A file that comes in parts. */
export interface UploadDocument extends Required<KeepFile> {
  readonly filename: string
  readonly contentType: string
  /** What its parts must come to. */
  readonly bytes: number
  /** Milliseconds since 1970 after which no part is taken. */
  readonly until: number
  readonly fileId: string | null
}

export type UploadState = 'pending' | 'completed' | 'cancelled' | 'expired'

export type Upload = Resource<UploadDocument>

/** A part's bytes, and the upload that they belong to. */
export type UploadPart = Resource<ReceivedFile>

export interface CompleteUpload {
  readonly signal?: AbortSignal
  /** Given the bytes as they are joined. */
  readonly onBytes?: (bytes: Uint8Array) => void
  /** Called after the last of them; where it throws, there is no file. */
  readonly requireWhole?: () => void
}

const hour = 3_600_000
const sweepPage = 500

/** Uploads in parts, which may come in any order and several at once. */
export class UploadService {
  readonly #files: FileService
  readonly #uploads: ResourceStore<UploadDocument>
  readonly #parts: ResourceStore<ReceivedFile>
  readonly #atomically: Atomically
  readonly #now: () => number

  constructor(options: {
    readonly files: FileService
    readonly uploads: ResourceStore<UploadDocument>
    readonly parts: ResourceStore<ReceivedFile>
    readonly atomically: Atomically
    readonly now: () => number
  }) {
    this.#files = options.files
    this.#uploads = options.uploads
    this.#parts = options.parts
    this.#atomically = options.atomically
    this.#now = options.now
  }

  async create(upload: Omit<UploadDocument, 'until' | 'fileId'>): Promise<Upload> {
    const id = resourceId()
    const document: UploadDocument = { ...upload, until: this.#now() + hour, fileId: null }
    await this.#uploads.add({ id, name: id, state: 'pending', parent: null, document })
    const made = await this.#uploads.find(id)
    if (made === undefined) throw new Error(`upload ${id} is gone`)
    return made
  }

  find(id: string): Promise<Upload | undefined> {
    return this.#uploads.find(id)
  }

  /** What has become of it. */
  stateOf({ state, document }: Upload): UploadState {
    return state === 'pending' && document.until <= this.#now() ? 'expired' : (state as UploadState)
  }

  /** Adds received bytes. They are dropped where that is refused. @throws HoneError `E_DATA` for an upload that has ended */
  async addPart(upload: Upload, received: ReceivedFile): Promise<UploadPart> {
    const { id } = received
    try {
      // It may have ended while they came.
      const current = await this.#uploads.find(upload.id)
      this.requirePending(current ?? upload)
      await this.#parts.add({ id, name: id, state: 'ready', parent: upload.id, document: received })
    } catch (error) {
      await this.#files.drop(received)
      throw error
    }
    const part = await this.#parts.find(id)
    if (part === undefined) throw new Error(`part ${id} is gone`)
    return part
  }

  /**
   * Joins parts to the file. Parts that are not named are dropped. Asked again, because the answer was lost, it is the same file.
   *
   * @throws HoneError `E_DATA` for parts of another upload, or that come to another number of bytes
   */
  async complete(
    upload: Upload,
    partIds: readonly string[],
    { signal, onBytes, requireWhole }: CompleteUpload = {},
  ): Promise<StoredFile> {
    const made = await this.#fileOf(upload)
    if (made !== undefined) return made
    this.requirePending(upload)
    const parts: UploadPart[] = []
    for (const id of partIds) {
      const part = await this.#parts.find(id)
      if (part?.parent !== upload.id) {
        throw new HoneError('E_DATA', `the upload has no part ${JSON.stringify(id.slice(0, 80))}`)
      }
      parts.push(part)
    }
    const bytes = parts.reduce((sum, { document }) => sum + document.bytes, 0)
    const { document } = upload
    if (bytes !== document.bytes) {
      throw new HoneError(
        'E_DATA',
        `the parts have ${bytes} bytes, the upload was made for ${document.bytes}`,
      )
    }
    const files = this.#files
    const joined = async function* (): AsyncGenerator<Uint8Array> {
      for (const part of parts) {
        for await (const chunk of (await files.open(part)) as AsyncIterable<Uint8Array>) {
          onBytes?.(chunk)
          yield chunk
        }
      }
      requireWhole?.()
    }
    const { filename, contentType, purpose, owner, expiresAt } = document
    const received = await files.receive(joined(), { filename, contentType, largest: bytes, signal })
    const file = await this.#atomically(async () => {
      const kept = await files.keep(received, { purpose, owner, expiresAt })
      await this.#change(upload, 'completed', kept.id)
      return kept
    })
    await this.#dropParts(upload.id)
    return file
  }

  async #fileOf({ state, document: { fileId } }: Upload): Promise<StoredFile | undefined> {
    return state === 'completed' && fileId !== null ? this.#files.find(fileId) : undefined
  }

  /** @throws HoneError `E_DATA` for an upload that has ended */
  async cancel(upload: Upload): Promise<void> {
    this.requirePending(upload)
    await this.#end(upload, 'cancelled', null)
  }

  /** Forgets the parts of uploads that were never completed, or whose end was cut off. @returns how many uploads ended so */
  async sweep(): Promise<number> {
    let count = 0
    let after: Upload | undefined
    for (;;) {
      const page = await this.#uploads.list({
        states: ['pending'],
        limit: sweepPage,
        ...(after === undefined ? {} : { after }),
      })
      for (const upload of page) {
        if (this.stateOf(upload) !== 'expired') continue
        await this.#end(upload, 'expired', null)
        count++
      }
      after = page.at(-1)
      if (page.length < sweepPage) break
    }
    await this.#dropOrphans()
    return count
  }

  async #dropOrphans(): Promise<void> {
    let after: UploadPart | undefined
    for (;;) {
      const page = await this.#parts.list({ limit: sweepPage, ...(after === undefined ? {} : { after }) })
      for (const upload of new Set(page.map(({ parent }) => parent ?? ''))) {
        if ((await this.#uploads.find(upload))?.state !== 'pending') await this.#dropParts(upload)
      }
      after = page.at(-1)
      if (page.length < sweepPage) return
    }
  }

  async #end(upload: Upload, state: UploadState, fileId: string | null): Promise<void> {
    await this.#change(upload, state, fileId)
    await this.#dropParts(upload.id)
  }

  #change({ id, document }: Upload, state: UploadState, fileId: string | null): Promise<boolean> {
    return this.#uploads.change(id, { state, document: { ...document, fileId } })
  }

  async #dropParts(upload: string): Promise<void> {
    for (;;) {
      const parts = await this.#parts.list({ parent: upload, limit: 100 })
      if (parts.length === 0) return
      for (const { id, document } of parts) {
        await this.#parts.remove(id)
        await this.#files.drop(document)
      }
    }
  }

  /** @throws HoneError `E_DATA` for an upload that has ended */
  requirePending(upload: Upload): void {
    const state = this.stateOf(upload)
    if (state === 'pending') return
    throw new HoneError('E_DATA', `the upload is ${state}; only a pending one can be changed`)
  }
}
