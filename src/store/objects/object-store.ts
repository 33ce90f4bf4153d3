import type { Readable } from 'node:stream'
import type { WaitOptions } from '../../core/chat-model.ts'

/** What is known of an object without reading it. */
export interface ObjectHead {
  readonly key: string
  readonly bytes: number
  /** Without quotes: the MD5 of the content, or of the parts' MD5s with their number. */
  readonly etag: string
  /** RFC 3339. */
  readonly modified: string
  readonly contentType: string
  /** The other headers that it was stored with and is answered with, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  /** User metadata by lower-case name, without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>
  /** Base64 checksums by algorithm, such as `crc32`. */
  readonly checksums: Readonly<Record<string, string>>
  /** Whether the checksums are of the whole object or of the parts' checksums. */
  readonly checksumType?: 'FULL_OBJECT' | 'COMPOSITE'
}

/** First and last byte, both included. */
export interface ByteRange {
  readonly first: number
  readonly last: number
}

export interface ListedObjects {
  readonly objects: readonly ObjectHead[]
  /** Prefixes up to the delimiter that stand for all keys below them. */
  readonly prefixes: readonly string[]
  /** Where to go on, when there is more. */
  readonly next?: string
}

export interface ListOptions {
  readonly prefix?: string
  readonly delimiter?: string
  /** Only what comes after this key, or after all keys with this prefix. */
  readonly after?: string
  readonly limit: number
}

/** Condition on what is stored under the key now; checked when the new object is put in its place. */
export interface PutCondition {
  /** Only where nothing is. */
  readonly absent?: boolean
  /** Only over an object with this ETag. */
  readonly etag?: string
}

export interface PutOptions extends WaitOptions {
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly metadata?: Readonly<Record<string, string>>
  readonly checksumType?: ObjectHead['checksumType']
  readonly condition?: PutCondition
  /** Taken instead of the content's MD5. */
  readonly etag?: string
  /** Called when all bytes are there, before the object is; throwing leaves the key as it was. */
  readonly complete?: () => Readonly<Record<string, string>>
}

export type ObjectFault =
  | 'no-bucket'
  | 'no-key'
  | 'bucket-exists'
  | 'bucket-not-empty'
  | 'condition'
  | 'no-upload'
  | 'no-part'
  | 'denied'

/** The store refuses what was asked. */
export class ObjectStoreError extends Error {
  override readonly name = 'ObjectStoreError'
  readonly fault: ObjectFault

  constructor(fault: ObjectFault, message: string) {
    super(message)
    this.fault = fault
  }
}

/** Buckets of objects, as S3 has them. */
export interface ObjectStore {
  /** @returns false where it is there. @throws HoneError where it may not be made */
  createBucket(name: string): Promise<boolean>
  /** @throws ObjectStoreError `no-bucket`, `condition`; what `body` or `complete` throw */
  put(bucket: string, key: string, body: AsyncIterable<Uint8Array>, options?: PutOptions): Promise<ObjectHead>
  /** @throws ObjectStoreError `no-bucket`, `no-key` */
  head(bucket: string, key: string): Promise<ObjectHead>
  /** @throws ObjectStoreError `no-bucket`, `no-key` */
  get(
    bucket: string,
    key: string,
    range?: ByteRange,
  ): Promise<{ readonly head: ObjectHead; readonly body: Readable }>
  /** Nothing happens where nothing is. @throws ObjectStoreError `no-bucket` */
  remove(bucket: string, key: string): Promise<void>
  /** Objects in the order of their keys' UTF-8 bytes. @throws ObjectStoreError `no-bucket` */
  list(bucket: string, options: ListOptions): Promise<ListedObjects>
}
