import { HoneError } from '../../core/errors.ts'
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

const hour = 3_600_000

/** Uploads in parts, which may come in any order and several at once. */
export class UploadService {
  readonly #files: FileService
  readonly #uploads: ResourceStore<UploadDocument>
  readonly #parts: ResourceStore<ReceivedFile>
  readonly #now: () => number

  constructor(options: {
    readonly files: FileService
    readonly uploads: ResourceStore<UploadDocument>
    readonly parts: ResourceStore<ReceivedFile>
    readonly now: () => number
  }) {
    this.#files = options.files
    this.#uploads = options.uploads
    this.#parts = options.parts
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

  /** @throws HoneError `E_DATA` for an upload that takes none, or too many bytes; what `body` throws */
  async addPart(
    upload: Upload,
    body: AsyncIterable<Uint8Array>,
    { largest, signal }: { readonly largest: number; readonly signal?: AbortSignal | undefined },
  ): Promise<UploadPart> {
    this.#requirePending(upload)
    const received = await this.#files.receive(body, {
      filename: 'part',
      contentType: 'application/octet-stream',
      largest,
      signal,
    })
    const { id } = received
    await this.#parts.add({ id, name: id, state: 'ready', parent: upload.id, document: received })
    const part = await this.#parts.find(id)
    if (part === undefined) throw new Error(`part ${id} is gone`)
    return part
  }

  /**
   * Joins parts to the file. Parts that are not named are dropped.
   *
   * @throws HoneError `E_DATA` for parts of another upload, or that come to another number of bytes
   */
  async complete(upload: Upload, partIds: readonly string[], signal?: AbortSignal): Promise<StoredFile> {
    this.#requirePending(upload)
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
      for (const part of parts) yield* (await files.open(part)) as AsyncIterable<Uint8Array>
    }
    const { filename, contentType, purpose, owner, expiresAt } = document
    const received = await files.receive(joined(), { filename, contentType, largest: bytes, signal })
    const file = await files.keep(received, { purpose, owner, expiresAt })
    await this.#end(upload, 'completed', file.id)
    return file
  }

  /** @throws HoneError `E_DATA` for an upload that has ended */
  async cancel(upload: Upload): Promise<void> {
    this.#requirePending(upload)
    await this.#end(upload, 'cancelled', null)
  }

  async #end(upload: Upload, state: UploadState, fileId: string | null): Promise<void> {
    await this.#uploads.change(upload.id, { state, document: { ...upload.document, fileId } })
    for (;;) {
      const parts = await this.#parts.list({ parent: upload.id, limit: 100 })
      if (parts.length === 0) return
      for (const { id, document } of parts) {
        await this.#parts.remove(id)
        await this.#files.drop(document)
      }
    }
  }

  #requirePending(upload: Upload): void {
    const state = this.stateOf(upload)
    if (state === 'pending') return
    throw new HoneError('E_DATA', `the upload is ${state}; only a pending one can be changed`)
  }
}
