import { extname } from 'node:path'
import type { Readable } from 'node:stream'
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
  /** It was made here, under an id that tells what it is of, and is not made again when it was removed. */
  readonly isMade?: true
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

/** A file has more bytes than it may. */
export class FileTooLarge extends Error {
  override readonly name = 'FileTooLarge'

  constructor(largest: number) {
    super(`the file has more than ${largest.toLocaleString('en-US')} bytes`)
  }
}

export interface FileServiceOptions {
  readonly objects: ObjectStore
  readonly store: ResourceStore<FileDocument>
  /** Makes the bucket, if it is not there. @throws HoneError where it may not be made */
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
   * @throws FileTooLarge; what `body` throws
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
        if (bytes > largest) throw new FileTooLarge(largest)
        yield chunk
      }
    }
    await objects.put(filesBucket, key, counted(), {
      contentType,
      ...(signal === undefined ? {} : { signal }),
    })
    return { id, filename, contentType, key, bytes }
  }

  keep(received: ReceivedFile, kept: KeepFile): Promise<StoredFile> {
    return this.#add(received, kept)
  }

  async #add(
    { id, ...rest }: ReceivedFile & Pick<FileDocument, 'isMade'>,
    { purpose, owner, expiresAt = null }: KeepFile,
  ): Promise<StoredFile> {
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
    body: string | AsyncIterable<Uint8Array>,
    { filename, contentType, ...kept }: Pick<FileDocument, 'filename' | 'contentType'> & KeepFile,
  ): Promise<StoredFile> {
    await this.#ready()
    const key = `${id}${ending(filename)}`
    const chunks = typeof body === 'string' ? once(body) : body
    const { bytes } = await this.#options.objects.put(filesBucket, key, chunks, { contentType })
    return (
      (await this.#options.store.find(id)) ??
      (await this.#add({ id, filename, contentType, key, bytes, isMade: true }, kept))
    )
  }

  /** One that has expired is gone. */
  async find(id: string): Promise<StoredFile | undefined> {
    const file = await this.#options.store.find(id)
    return file === undefined || !this.isThere(file) ? undefined : file
  }

  /** Whether `write` has made a file under the id, which may be gone since. */
  async wasMade(id: string): Promise<boolean> {
    return (await this.#options.store.find(id)) !== undefined
  }

  /** Files of a purpose, or all. */
  async list({
    purpose,
    ...options
  }: Omit<ListResources, 'parent'> & { readonly purpose?: string }): Promise<StoredFile[]> {
    return this.#options.store.list({ ...options, ...(purpose === undefined ? {} : { parent: purpose }) })
  }

  /** False for one that has expired or was removed: nothing is told of it any more. */
  isThere({ state, document }: StoredFile): boolean {
    const { expiresAt } = document
    return state === 'ready' && (expiresAt === null || expiresAt > this.#options.now())
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
  async remove(file: StoredFile): Promise<boolean> {
    const { store } = this.#options
    // Out of sight first: what a crash leaves is an object that nobody calls.
    const removed =
      file.document.isMade === true
        ? await store.change(file.id, { state: 'removed' })
        : await store.remove(file.id)
    await this.drop(file.document).catch((error: unknown) => {
      if (!(error instanceof ObjectStoreError)) throw error
    })
    return removed
  }

  /** Removes the bytes of files that have expired. @returns how many files */
  async sweep(): Promise<number> {
    let count = 0
    let after: StoredFile | undefined
    for (;;) {
      const page = await this.#options.store.list({
        states: ['ready'],
        limit: sweepPage,
        ...(after === undefined ? {} : { after }),
      })
      for (const file of page) {
        if (this.isThere(file)) continue
        await this.remove(file)
        count++
      }
      after = page.at(-1)
      if (page.length < sweepPage) return count
    }
  }

  async #ready(): Promise<void> {
    this.#bucket ??= this.#options.makeBucket().catch((error: unknown) => {
      this.#bucket = undefined
      throw error
    })
    await this.#bucket
  }
}

const sweepPage = 500

/** The id of the file that a `hone-files` URI names; undefined for other URIs. */
export const fileIdOf = (uri: string): string | undefined =>
  new RegExp(`^s3://${filesBucket}/([a-z0-9-]+)(\\.[a-z0-9]+)?$`).exec(uri)?.[1]

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

const ending = (filename: string): string => {
  const found = extname(filename).toLowerCase()
  return /^\.[a-z0-9]{1,10}$/.test(found) ? found : ''
}
