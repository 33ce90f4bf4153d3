import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import type { Readable } from 'node:stream'
import { z } from 'zod'
import { diskError } from '../../lib/disk-error.ts'
import { replaceFileWith } from '../../lib/replace-file.ts'
import { compareKeys, keyOfPath, objectPath } from './object-names.ts'
import {
  ObjectStoreError,
  type ByteRange,
  type ListedObjects,
  type ListOptions,
  type ObjectHead,
  type ObjectStore,
  type PutCondition,
  type PutOptions,
} from './object-store.ts'
import { lockKey } from './key-lock.ts'

const textByName = z.record(z.string(), z.string())

/** The file of an object. It is the object: the bytes it names are never changed, and go when no file names them. */
const objectFile = z.object({
  schema: z.literal(1),
  key: z.string(),
  /** File below the bucket's `bytes`. */
  content: z.string(),
  bytes: z.int(),
  etag: z.string(),
  modified: z.string(),
  contentType: z.string(),
  headers: textByName,
  metadata: textByName,
  checksums: textByName,
  checksumType: z.enum(['FULL_OBJECT', 'COMPOSITE']).exactOptional(),
})

export interface Bucket {
  readonly name: string
  readonly created: string
}

/** Bytes that were written and belong to no object yet. */
export interface StoredContent {
  readonly content: string
  readonly bytes: number
  /** MD5, hexadecimal. */
  readonly md5: string
}

/**
 * Objects as files below a folder: `BUCKET/objects/KEY.json` says what an object is and names its bytes in
 * `BUCKET/bytes`. An object is there when its JSON file is, which is renamed into place: a crash leaves at most bytes that
 * nobody names, which `collect` removes.
 */
export class FileObjectStore implements ObjectStore {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  async listBuckets(): Promise<Bucket[]> {
    const names = await readdir(this.#folder).catch(() => [])
    const buckets = await Promise.all(names.map((name) => this.findBucket(name)))
    return buckets.filter((bucket) => bucket !== undefined).toSorted((a, b) => compareKeys(a.name, b.name))
  }

  async findBucket(name: string): Promise<Bucket | undefined> {
    const text = await readFile(join(this.#folder, name, 'bucket.json'), 'utf8').catch(() => undefined)
    if (text === undefined) return undefined
    const { created } = z.object({ created: z.string() }).parse(JSON.parse(text))
    return { name, created }
  }

  /** @returns false when it was there already */
  async createBucket(name: string): Promise<boolean> {
    if ((await this.findBucket(name)) !== undefined) return false
    const folder = join(this.#folder, name)
    try {
      for (const part of ['objects', 'bytes', 'uploads']) {
        await mkdir(join(folder, part), { recursive: true })
      }
    } catch (error) {
      throw await diskError(error, folder)
    }
    const bucket = { schema: 1, name, created: new Date().toISOString() }
    await replaceFileWith(join(folder, 'bucket.json'), `${JSON.stringify(bucket)}\n`)
    return true
  }

  /** @throws ObjectStoreError `no-bucket`, `bucket-not-empty` */
  async removeBucket(name: string): Promise<void> {
    const folder = await this.bucketFolder(name)
    if ((await this.#keys(name)).length > 0) {
      throw new ObjectStoreError('bucket-not-empty', 'The bucket you tried to delete is not empty')
    }
    // The mark of a bucket goes first: what is left of a crash in between is no bucket.
    await rm(join(folder, 'bucket.json'))
    await rm(folder, { recursive: true, force: true })
  }

  async put(
    bucket: string,
    key: string,
    body: AsyncIterable<Uint8Array>,
    options: PutOptions = {},
  ): Promise<ObjectHead> {
    const stored = await this.writeContent(bucket, body, options)
    try {
      const checksums = options.complete?.() ?? {}
      return await this.commit(bucket, key, stored, checksums, options)
    } catch (error) {
      await this.removeContent(bucket, stored.content)
      throw error
    }
  }

  /** Writes bytes that `commit` makes an object of. */
  async writeContent(
    bucket: string,
    body: AsyncIterable<Uint8Array>,
    { signal }: Pick<PutOptions, 'signal'> = {},
  ): Promise<StoredContent> {
    const folder = join(await this.bucketFolder(bucket), 'bytes')
    const content = randomUUID()
    const path = join(folder, content)
    const md5 = createHash('md5')
    let bytes = 0
    try {
      const handle = await open(path, 'wx')
      try {
        for await (const chunk of body) {
          signal?.throwIfAborted()
          md5.update(chunk)
          bytes += chunk.length
          for (let from = 0; from < chunk.length;) from += (await handle.write(chunk, from)).bytesWritten
        }
        await handle.sync()
      } finally {
        await handle.close()
      }
    } catch (error) {
      await rm(path, { force: true })
      throw error instanceof Error && 'syscall' in error ? await diskError(error, path, bytes) : error
    }
    return { content, bytes, md5: md5.digest('hex') }
  }

  async removeContent(bucket: string, content: string): Promise<void> {
    await rm(join(this.#folder, bucket, 'bytes', content), { force: true })
  }

  /** Puts written bytes under a key, in place of what was there. */
  async commit(
    bucket: string,
    key: string,
    stored: StoredContent,
    checksums: Readonly<Record<string, string>>,
    options: PutOptions = {},
  ): Promise<ObjectHead> {
    const folder = await this.bucketFolder(bucket)
    const path = join(folder, 'objects', ...objectPath(key))
    using _ = await lockKey(path)
    const previous = await this.#read(path)
    requireCondition(previous, options.condition)
    const head: ObjectHead = {
      key,
      bytes: stored.bytes,
      etag: options.etag ?? stored.md5,
      modified: new Date().toISOString(),
      contentType: options.contentType ?? 'binary/octet-stream',
      headers: options.headers ?? {},
      metadata: options.metadata ?? {},
      checksums,
      ...(options.checksumType === undefined ? {} : { checksumType: options.checksumType }),
    }
    try {
      await mkdir(dirname(path), { recursive: true })
    } catch (error) {
      throw await diskError(error, path)
    }
    await replaceFileWith(path, `${JSON.stringify({ schema: 1, content: stored.content, ...head })}\n`)
    if (previous !== undefined) await this.removeContent(bucket, previous.content)
    return head
  }

  async head(bucket: string, key: string): Promise<ObjectHead> {
    return (await this.#find(bucket, key)).head
  }

  async get(
    bucket: string,
    key: string,
    range?: ByteRange,
  ): Promise<{ readonly head: ObjectHead; readonly body: Readable }> {
    for (let attempt = 1; ; attempt++) {
      const { head, content } = await this.#find(bucket, key)
      const path = join(this.#folder, bucket, 'bytes', content)
      try {
        // Opened before it is answered: an object that is replaced meanwhile is still read to its end.
        const handle = await open(path)
        const ends = range === undefined ? {} : { start: range.first, end: range.last }
        return { head, body: handle.createReadStream(ends) }
      } catch (error) {
        const replaced = error instanceof Error && 'code' in error && error.code === 'ENOENT'
        if (!replaced || attempt === 5) throw error
      }
    }
  }

  async remove(bucket: string, key: string): Promise<void> {
    const folder = await this.bucketFolder(bucket)
    const path = join(folder, 'objects', ...objectPath(key))
    using _ = await lockKey(path)
    const previous = await this.#read(path)
    if (previous === undefined) return
    await rm(path, { force: true })
    await this.removeContent(bucket, previous.content)
  }

  async list(bucket: string, options: ListOptions): Promise<ListedObjects> {
    await this.bucketFolder(bucket)
    const { prefix = '', delimiter, after = '', limit } = options
    const objects: ObjectHead[] = []
    const prefixes: string[] = []
    let last: string | undefined
    for (const key of await this.#keys(bucket)) {
      if (!key.startsWith(prefix)) continue
      const cut = delimiter ? key.indexOf(delimiter, prefix.length) : -1
      const folded = cut === -1 || delimiter === undefined ? undefined : key.slice(0, cut + delimiter.length)
      if (compareKeys(key, after) <= 0 || (folded !== undefined && folded === after)) continue
      if (folded !== undefined && prefixes.at(-1) === folded) continue
      if (objects.length + prefixes.length >= limit) {
        return { objects, prefixes, ...(last === undefined ? {} : { next: last }) }
      }
      last = folded ?? key
      if (folded !== undefined) prefixes.push(folded)
      else {
        // Removed since the names were read.
        const found = await this.#find(bucket, key).catch(() => undefined)
        if (found !== undefined) objects.push(found.head)
      }
    }
    return { objects, prefixes }
  }

  /**
   * Removes what a crash leaves: bytes that no object names, files that were not renamed into place, and the rest of
   * buckets and uploads that were being made or removed.
   *
   * @param before milliseconds since 1970: what was written since is left alone, and must be where somebody may be about
   *   to name it
   */
  async sweep(before: number): Promise<void> {
    for (const name of await readdir(this.#folder).catch(() => [])) {
      const folder = join(this.#folder, name)
      const paths = await readdir(folder, { recursive: true }).catch(() => undefined)
      if (paths === undefined) continue
      const isBucket = paths.includes('bucket.json')
      const isOld = async (path: string): Promise<boolean> =>
        ((await stat(join(folder, path)).catch(() => undefined))?.mtimeMs ?? Infinity) < before
      for (const path of paths) {
        const isUpload = dirname(path) === 'uploads' && !paths.includes(join(path, 'upload.json'))
        const isPart = /\.[0-9a-f]{8}\.tmp$/.test(path)
        if ((isUpload || isPart) && (await isOld(path))) await rm(join(folder, path), { recursive: true })
      }
      // Whatever holds an object is kept, marked as a bucket or not.
      const isEmpty = !paths.some((path) => path.startsWith(`objects${sep}`) && path.endsWith('.json'))
      if (!isBucket && isEmpty && (await isOld(''))) await rm(folder, { recursive: true })
    }
    await this.collect(before, 0)
  }

  /**
   * Removes bytes that no object names and that are older than an hour, or `age`, as a crash leaves them.
   *
   * @param dryRun counts them only
   */
  async collect(
    now: number = Date.now(),
    age: number = 3_600_000,
    dryRun = false,
  ): Promise<{ readonly files: number; readonly bytes: number }> {
    let files = 0
    let bytes = 0
    for (const { name } of await this.listBuckets()) {
      const named = new Set<string>()
      for (const key of await this.#keys(name)) {
        const found = await this.#find(name, key).catch(() => undefined)
        if (found !== undefined) named.add(found.content)
      }
      for (const content of await this.#partContents(name)) named.add(content)
      const folder = join(this.#folder, name, 'bytes')
      for (const content of await readdir(folder)) {
        const found = await stat(join(folder, content)).catch(() => undefined)
        if (found === undefined || named.has(content) || now - found.mtimeMs <= age) continue
        if (!dryRun) await rm(join(folder, content), { force: true })
        files++
        bytes += found.size
      }
    }
    return { files, bytes }
  }

  /** @throws ObjectStoreError `no-bucket` */
  async bucketFolder(bucket: string): Promise<string> {
    if ((await this.findBucket(bucket)) === undefined) {
      throw new ObjectStoreError('no-bucket', 'The specified bucket does not exist')
    }
    return join(this.#folder, bucket)
  }

  /** A stream over bytes that were written and are not committed. */
  openContent(bucket: string, content: string): Readable {
    return createReadStream(join(this.#folder, bucket, 'bytes', content))
  }

  async #find(bucket: string, key: string): Promise<{ head: ObjectHead; content: string }> {
    const folder = await this.bucketFolder(bucket)
    const found = await this.#read(join(folder, 'objects', ...objectPath(key)))
    if (found === undefined) throw new ObjectStoreError('no-key', 'The specified key does not exist.')
    const { schema: _, content, ...head } = found
    return { head, content }
  }

  async #read(path: string): Promise<z.infer<typeof objectFile> | undefined> {
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
      throw error
    })
    return text === undefined ? undefined : objectFile.parse(JSON.parse(text))
  }

  /** Bytes that the parts of unfinished uploads name. */
  async #partContents(bucket: string): Promise<string[]> {
    const folder = join(this.#folder, bucket, 'uploads')
    const files = (await readdir(folder, { recursive: true })).filter((path) => /part-\d+\.json$/.test(path))
    const texts = await Promise.all(
      files.map((path) => readFile(join(folder, path), 'utf8').catch(() => undefined)),
    )
    return texts.flatMap((text) =>
      text === undefined ? [] : [z.object({ content: z.string() }).parse(JSON.parse(text)).content],
    )
  }

  async #keys(bucket: string): Promise<string[]> {
    const folder = join(this.#folder, bucket, 'objects')
    const paths = await readdir(folder, { recursive: true })
    return paths
      .map((path) => keyOfPath(path.split(sep)))
      .filter((key) => key !== undefined)
      .toSorted(compareKeys)
  }
}

function requireCondition(
  previous: { readonly etag: string } | undefined,
  condition: PutCondition | undefined,
): void {
  const holds =
    (condition?.absent !== true || previous === undefined) &&
    (condition?.etag === undefined || previous?.etag === condition.etag)
  if (!holds) {
    throw new ObjectStoreError(
      previous === undefined ? 'no-key' : 'condition',
      'At least one of the pre-conditions you specified did not hold',
    )
  }
}
