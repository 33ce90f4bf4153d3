import { extname } from 'node:path'
import type { Readable } from 'node:stream'
import { HoneError } from '../../core/errors.ts'
import type { ListResources, Resource, ResourceStore } from '../../store/database/resource-store.ts'
import { ObjectStoreError, type ByteRange, type ObjectStore } from '../../store/objects/object-store.ts'
import { resourceId } from '../tuning/tuning-service.ts'

/** Bucket of the files that clients upload by APIs that know no buckets. */
export const filesBucket = 'hone-files'

/** A file that a client uploaded, or that was made for one. */
export interface FileDocument {
  readonly filename: string
  readonly contentType: string
  readonly bytes: number
  /** What it is for, in the words of the API it came by. */
  readonly purpose: string
  /** Key of its object. */
  readonly key: string
  /** Name of the user that it belongs to. */
  readonly owner: string
  /** Milliseconds since 1970; null for one that stays. */
  readonly expiresAt: number | null
}

export type StoredFile = Resource<FileDocument>

/** Bytes that were received and are no file yet. */
export interface ReceivedFile {
  readonly id: string
  readonly filename: string
  readonly contentType: string
  readonly key: string
  readonly bytes: number
}

export interface ReceiveFile {
  readonly filename: string
  readonly contentType: string
  /** Most bytes. */
  readonly largest: number
  readonly signal?: AbortSignal | undefined
}

/** What makes a file of received bytes. */
export interface KeepFile {
  readonly purpose: string
  readonly owner: string
  readonly expiresAt?: number | null
}

export interface FileServiceOptions {
  readonly objects: ObjectStore
  readonly store: ResourceStore<FileDocument>
  /** Makes the bucket where it can be made. */
  readonly makeBucket: () => Promise<unknown>
  readonly now: () => number
}

/**
 * Files that are uploaded whole and called by an id, whatever API they come by. Their bytes are objects of the bucket
 * `hone-files`, so that jobs read them as all other data.
 */
export class FileService {
  readonly #options: FileServiceOptions
  #bucket: Promise<unknown> | undefined

  constructor(options: FileServiceOptions) {
    this.#options = options
  }

  /**
   * Writes bytes as they come; `keep` makes a file of them, `drop` forgets them.
   *
   * @throws HoneError `E_DATA` for more bytes than are allowed; what `body` throws
   */
  async receive(body: AsyncIterable<Uint8Array>, options: ReceiveFile): Promise<ReceivedFile> {
    const { filename, contentType, largest, signal } = options
    const id = resourceId()
    const key = `${id}${ending(filename)}`
    const { objects } = this.#options
    await this.#ready()
    let bytes = 0
    const counted = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of body) {
        bytes += chunk.length
        if (bytes > largest) throw tooLarge(largest)
        yield chunk
      }
    }
    await objects.put(filesBucket, key, counted(), {
      contentType,
      ...(signal === undefined ? {} : { signal }),
    })
    return { id, filename, contentType, key, bytes }
  }

  async keep(received: ReceivedFile, { purpose, owner, expiresAt = null }: KeepFile): Promise<StoredFile> {
    const { id, ...rest } = received
    const document: FileDocument = { ...rest, purpose, owner, expiresAt }
    await this.#options.store.add({ id, name: id, state: 'ready', parent: purpose, document })
    const file = await this.#options.store.find(id)
    if (file === undefined) throw new Error(`file ${id} is gone`)
    return file
  }

  async drop({ key }: Pick<ReceivedFile, 'key'>): Promise<void> {
    await this.#options.objects.remove(filesBucket, key)
  }

  /** A file that is made here, under an id that tells what it is of: made once more, it is the same file. */
  async write(
    id: string,
    body: string,
    { filename, contentType, ...kept }: Pick<FileDocument, 'filename' | 'contentType'> & KeepFile,
  ): Promise<StoredFile> {
    await this.#ready()
    const key = `${id}${ending(filename)}`
    const bytes = Buffer.from(body)
    const once = async function* (): AsyncGenerator<Uint8Array> {
      yield bytes
    }
    await this.#options.objects.put(filesBucket, key, once(), { contentType })
    const made = await this.#options.store.find(id)
    return made ?? this.keep({ id, filename, contentType, key, bytes: bytes.length }, kept)
  }

  /** One that has expired is gone. */
  async find(id: string): Promise<StoredFile | undefined> {
    const file = await this.#options.store.find(id)
    return file === undefined || this.#isExpired(file) ? undefined : file
  }

  /** Files of a purpose, or all. */
  async list({
    purpose,
    ...options
  }: Omit<ListResources, 'parent'> & { readonly purpose?: string }): Promise<StoredFile[]> {
    return this.#options.store.list({ ...options, ...(purpose === undefined ? {} : { parent: purpose }) })
  }

  /** Whether a listed file has expired: it is gone, and only its bytes may still be there. */
  isThere(file: StoredFile): boolean {
    return !this.#isExpired(file)
  }

  /** `s3://` URI by which jobs read it. */
  uri({ document }: Pick<StoredFile, 'document'>): string {
    return `s3://${filesBucket}/${document.key}`
  }

  /** The bytes. @throws ObjectStoreError `no-key` where somebody has removed the object */
  async open(
    { document }: { readonly document: Pick<FileDocument, 'key'> },
    range?: ByteRange,
  ): Promise<Readable> {
    return (await this.#options.objects.get(filesBucket, document.key, range)).body
  }

  /** @returns false when it was gone already */
  async remove(file: Pick<StoredFile, 'id' | 'document'>): Promise<boolean> {
    // Out of sight first: what a crash leaves is an object that nobody calls.
    const removed = await this.#options.store.remove(file.id)
    await this.drop(file.document).catch((error: unknown) => {
      if (!(error instanceof ObjectStoreError)) throw error
    })
    return removed
  }

  #isExpired({ document }: StoredFile): boolean {
    return document.expiresAt !== null && document.expiresAt <= this.#options.now()
  }

  async #ready(): Promise<void> {
    this.#bucket ??= this.#options.makeBucket().catch((error: unknown) => {
      this.#bucket = undefined
      throw error
    })
    await this.#bucket
  }
}

/** The id of the file that a `hone-files` URI names; undefined for other URIs. */
export const fileIdOf = (uri: string): string | undefined =>
  new RegExp(`^s3://${filesBucket}/([a-z0-9-]+)(\\.[a-z0-9]+)?$`).exec(uri)?.[1]

const ending = (filename: string): string => {
  const found = extname(filename).toLowerCase()
  return /^\.[a-z0-9]{1,10}$/.test(found) ? found : ''
}

const tooLarge = (largest: number): HoneError =>
  new HoneError('E_DATA', `the file has more than ${largest.toLocaleString('en-US')} bytes`, {
    hint: 'split it, or take a sample',
  })
