import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { replaceFileWith } from '../../lib/replace-file.ts'
import type { FileObjectStore } from './file-object-store.ts'
import { ObjectStoreError, type ObjectHead, type PutCondition, type PutOptions } from './object-store.ts'

/** An object that is uploaded in parts. */
export interface MultipartUpload {
  readonly id: string
  readonly key: string
  readonly started: string
  readonly contentType: string
  readonly headers: Readonly<Record<string, string>>
  readonly metadata: Readonly<Record<string, string>>
  readonly checksumAlgorithm: string
  readonly checksumType: 'FULL_OBJECT' | 'COMPOSITE'
}

export interface UploadedPart {
  readonly number: number
  /** File of its bytes. */
  readonly content: string
  readonly bytes: number
  readonly etag: string
  readonly modified: string
  readonly checksums: Readonly<Record<string, string>>
}

const texts = z.record(z.string(), z.string())

const uploadFile: z.ZodType<MultipartUpload> = z.object({
  schema: z.literal(1),
  id: z.string(),
  key: z.string(),
  started: z.string(),
  contentType: z.string(),
  headers: texts,
  metadata: texts,
  checksumAlgorithm: z.string(),
  checksumType: z.enum(['FULL_OBJECT', 'COMPOSITE']),
})

const partFile: z.ZodType<UploadedPart> = z.object({
  schema: z.literal(1),
  number: z.int(),
  content: z.string(),
  bytes: z.int(),
  etag: z.string(),
  modified: z.string(),
  checksums: texts,
})

/** ETag of an object that was uploaded in parts with these ETags. */
export function joinedEtag(parts: readonly string[]): string {
  const hash = createHash('md5')
  for (const etag of parts) hash.update(Buffer.from(etag, 'hex'))
  return `${hash.digest('hex')}-${parts.length}`
}

/** A checksum over the joined content, or over the parts' checksums, by the type that the upload was started with. */
export interface JoinedChecksum {
  update(bytes: Uint8Array): void
  digest(): string
}

/** Uploads in parts: `BUCKET/uploads/ID/upload.json`, and a JSON file for each part that names its bytes. */
export class MultipartUploads {
  readonly #store: FileObjectStore

  constructor(store: FileObjectStore) {
    this.#store = store
  }

  async create(bucket: string, upload: Omit<MultipartUpload, 'id' | 'started'>): Promise<MultipartUpload> {
    const id = randomUUID().replaceAll('-', '')
    const folder = await this.#folder(bucket, id)
    await mkdir(folder, { recursive: true })
    const created = { id, started: new Date().toISOString(), ...upload }
    await replaceFileWith(join(folder, 'upload.json'), `${JSON.stringify({ schema: 1, ...created })}\n`)
    return created
  }

  /** @throws ObjectStoreError `no-upload` */
  async find(bucket: string, key: string, id: string): Promise<MultipartUpload> {
    const text = /^[0-9a-f]{32}$/.test(id)
      ? await readFile(join(await this.#folder(bucket, id), 'upload.json'), 'utf8').catch(() => undefined)
      : undefined
    const upload = text === undefined ? undefined : uploadFile.parse(JSON.parse(text))
    if (upload?.key !== key) {
      throw new ObjectStoreError(
        'no-upload',
        'The specified multipart upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
      )
    }
    return upload
  }

  async list(bucket: string): Promise<MultipartUpload[]> {
    const ids = await readdir(join(await this.#store.bucketFolder(bucket), 'uploads')).catch(() => [])
    const files = await Promise.all(
      ids.map(async (id) =>
        readFile(join(await this.#folder(bucket, id), 'upload.json'), 'utf8').catch(() => undefined),
      ),
    )
    return files.flatMap((text) => (text === undefined ? [] : [uploadFile.parse(JSON.parse(text))]))
  }

  /** Adds a part, in place of an earlier one with the same number. */
  async putPart(
    bucket: string,
    upload: MultipartUpload,
    number: number,
    body: AsyncIterable<Uint8Array>,
    complete: () => Readonly<Record<string, string>>,
    options: Pick<PutOptions, 'signal'> = {},
  ): Promise<UploadedPart> {
    const { content, bytes, md5 } = await this.#store.writeContent(bucket, body, options)
    try {
      const part: UploadedPart = {
        number,
        content,
        bytes,
        etag: md5,
        modified: new Date().toISOString(),
        checksums: complete(),
      }
      const file = await this.#partFile(bucket, upload.id, number)
      const previous = await this.#readPart(file)
      await replaceFileWith(file, `${JSON.stringify({ schema: 1, ...part })}\n`)
      if (previous !== undefined) await this.#store.removeContent(bucket, previous.content)
      return part
    } catch (error) {
      await this.#store.removeContent(bucket, content)
      throw error
    }
  }

  /** In the order of their numbers. */
  async parts(bucket: string, upload: MultipartUpload): Promise<UploadedPart[]> {
    const folder = await this.#folder(bucket, upload.id)
    const names = (await readdir(folder)).filter((name) => /^part-\d+\.json$/.test(name))
    const parts = await Promise.all(names.map((name) => this.#readPart(join(folder, name))))
    return parts.filter((part) => part !== undefined).toSorted((a, b) => a.number - b.number)
  }

  /** Joins parts into the object; the upload is gone afterwards. */
  async complete(
    bucket: string,
    upload: MultipartUpload,
    parts: readonly UploadedPart[],
    checksum: JoinedChecksum,
    condition: PutCondition | undefined,
  ): Promise<ObjectHead> {
    const stored = await this.#store.writeContent(bucket, this.#joined(bucket, parts, upload, checksum))
    const composite = upload.checksumType === 'COMPOSITE'
    if (composite) {
      for (const { checksums } of parts) {
        checksum.update(Buffer.from(checksums[upload.checksumAlgorithm] ?? '', 'base64'))
      }
    }
    const digest = checksum.digest()
    const { contentType, headers, metadata, checksumAlgorithm, checksumType } = upload
    try {
      const head = await this.#store.commit(
        bucket,
        upload.key,
        stored,
        { [checksumAlgorithm]: composite ? `${digest}-${parts.length}` : digest },
        {
          contentType,
          headers,
          metadata,
          checksumType,
          etag: joinedEtag(parts.map(({ etag }) => etag)),
          ...(condition === undefined ? {} : { condition }),
        },
      )
      await this.abort(bucket, upload)
      return head
    } catch (error) {
      await this.#store.removeContent(bucket, stored.content)
      throw error
    }
  }

  /** Forgets an upload and its parts. */
  async abort(bucket: string, upload: MultipartUpload): Promise<void> {
    const parts = await this.parts(bucket, upload)
    const folder = await this.#folder(bucket, upload.id)
    // The mark of an upload goes first: what is left of a crash in between is none.
    await rm(join(folder, 'upload.json'), { force: true })
    await rm(folder, { recursive: true, force: true })
    for (const { content } of parts) await this.#store.removeContent(bucket, content)
  }

  async *#joined(
    bucket: string,
    parts: readonly UploadedPart[],
    { checksumType }: MultipartUpload,
    checksum: JoinedChecksum,
  ): AsyncGenerator<Uint8Array> {
    for (const { content } of parts) {
      for await (const chunk of this.#store.openContent(bucket, content)) {
        if (checksumType === 'FULL_OBJECT') checksum.update(chunk as Uint8Array)
        yield chunk as Uint8Array
      }
    }
  }

  async #folder(bucket: string, id: string): Promise<string> {
    return join(await this.#store.bucketFolder(bucket), 'uploads', id)
  }

  async #partFile(bucket: string, id: string, number: number): Promise<string> {
    return join(await this.#folder(bucket, id), `part-${String(number).padStart(5, '0')}.json`)
  }

  async #readPart(file: string): Promise<UploadedPart | undefined> {
    const text = await readFile(file, 'utf8').catch(() => undefined)
    return text === undefined ? undefined : partFile.parse(JSON.parse(text))
  }
}
