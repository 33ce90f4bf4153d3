import { Readable } from 'node:stream'
import type { HeadObjectCommandOutput, PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3'
import { HoneError } from '../../core/errors.ts'
import {
  ObjectStoreError,
  type ByteRange,
  type ListedObjects,
  type ListOptions,
  type ObjectFault,
  type ObjectHead,
  type ObjectStore,
  type PutOptions,
} from './object-store.ts'

/** An S3 that is not this server's own. */
export interface S3StoreOptions {
  readonly endpoint: string
  readonly region: string
  /** Buckets in the host's name instead of the path. Default false. */
  readonly virtualHosts?: boolean | undefined
  /** Default: as the AWS SDK finds them. */
  readonly credentials?:
    | { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string }
    | undefined
  /** Bytes of a part; what is longer is uploaded in parts. Default 8 MiB, of which S3 takes 10,000. */
  readonly partBytes?: number | undefined
}

type Sdk = typeof import('@aws-sdk/client-s3')

interface Opened {
  readonly sdk: Sdk
  readonly client: S3Client
}

/** What an object is stored with, in one piece or in parts. */
type PutInput = Pick<
  PutObjectCommandInput,
  | 'Bucket'
  | 'Key'
  | 'ContentType'
  | 'CacheControl'
  | 'ContentDisposition'
  | 'ContentEncoding'
  | 'ContentLanguage'
  | 'Metadata'
>

/** Objects of any other S3, by the AWS SDK, which is loaded when the store is first used. */
export class S3ObjectStore implements ObjectStore {
  readonly #options: S3StoreOptions
  #opened: Promise<Opened> | undefined

  constructor(options: S3StoreOptions) {
    this.#options = options
  }

  async createBucket(name: string): Promise<boolean> {
    const { endpoint, region } = this.#options
    this.#opened ??= open(this.#options)
    const { sdk, client } = await this.#opened
    const missing = await client
      .send(new sdk.HeadBucketCommand({ Bucket: name }))
      .then(() => undefined)
      .catch((error: unknown) => error)
    // A key that may not look at a bucket may still be allowed to write to it.
    if (!(missing instanceof sdk.S3ServiceException) || missing.$metadata.httpStatusCode !== 404) return false
    const place = region === 'us-east-1' ? {} : { LocationConstraint: region as 'eu-west-1' }
    const command = new sdk.CreateBucketCommand({ Bucket: name, CreateBucketConfiguration: place })
    try {
      await client.send(command)
      return true
    } catch (error) {
      // Another server was faster.
      if (error instanceof sdk.BucketAlreadyOwnedByYou) return false
      throw new HoneError(
        'E_DOWNLOAD',
        `the object store at ${endpoint} has no bucket ${name}, and it cannot be made: ${error instanceof Error ? error.message : String(error)}`,
        {
          hint: `make the bucket ${name} there, or let the key make buckets (s3:CreateBucket)`,
          cause: error,
        },
      )
    }
  }

  async put(
    bucket: string,
    key: string,
    body: AsyncIterable<Uint8Array>,
    options: PutOptions = {},
  ): Promise<ObjectHead> {
    const { headers = {}, contentType, metadata, condition, signal } = options
    const input: PutInput = {
      Bucket: bucket,
      Key: key,
      ...(contentType === undefined ? {} : { ContentType: contentType }),
      ...(metadata === undefined ? {} : { Metadata: { ...metadata } }),
      ...named(headers),
    }
    const only = {
      ...(condition?.absent === true ? { IfNoneMatch: '*' } : {}),
      ...(condition?.etag === undefined ? {} : { IfMatch: `"${condition.etag}"` }),
    }
    return this.#ask(signal, async ({ sdk, client }, wait) => {
      const parts = inParts(body, this.#options.partBytes ?? 8 * 2 ** 20)
      const first = (await parts.next()).value ?? new Uint8Array()
      const second = await parts.next()
      if (second.done === true) {
        options.complete?.()
        await client.send(new sdk.PutObjectCommand({ ...input, ...only, Body: first }), wait)
        return this.#head(bucket, key, { sdk, client }, wait)
      }
      const { UploadId } = await client.send(new sdk.CreateMultipartUploadCommand(input), wait)
      const upload = { Bucket: bucket, Key: key, UploadId }
      try {
        const Parts: { PartNumber: number; ETag: string | undefined }[] = []
        const add = async (bytes: Uint8Array): Promise<void> => {
          const PartNumber = Parts.length + 1
          const command = new sdk.UploadPartCommand({ ...upload, PartNumber, Body: bytes })
          Parts.push({ PartNumber, ETag: (await client.send(command, wait)).ETag })
        }
        await add(first)
        await add(second.value)
        for await (const bytes of parts) await add(bytes)
        options.complete?.()
        const MultipartUpload = { Parts }
        await client.send(
          new sdk.CompleteMultipartUploadCommand({ ...upload, ...only, MultipartUpload }),
          wait,
        )
      } catch (error) {
        // Parts that nobody completes are paid for until somebody removes them.
        await client.send(new sdk.AbortMultipartUploadCommand(upload)).catch(() => undefined)
        throw error
      }
      return this.#head(bucket, key, { sdk, client }, wait)
    })
  }

  head(bucket: string, key: string): Promise<ObjectHead> {
    return this.#ask(undefined, (opened, wait) => this.#head(bucket, key, opened, wait))
  }

  get(
    bucket: string,
    key: string,
    range?: ByteRange,
  ): Promise<{ readonly head: ObjectHead; readonly body: Readable }> {
    return this.#ask(undefined, async ({ sdk, client }) => {
      const found = await client.send(
        new sdk.GetObjectCommand({
          Bucket: bucket,
          Key: key,
          ...(range === undefined ? {} : { Range: `bytes=${range.first}-${range.last}` }),
        }),
      )
      const whole = Number(found.ContentRange?.split('/').at(-1) ?? found.ContentLength ?? 0)
      const body = found.Body instanceof Readable ? found.Body : Readable.from([])
      return { head: toHead(key, { ...found, ContentLength: whole }), body }
    })
  }

  async remove(bucket: string, key: string): Promise<void> {
    await this.#ask(undefined, ({ sdk, client }) =>
      client.send(new sdk.DeleteObjectCommand({ Bucket: bucket, Key: key })),
    )
  }

  list(bucket: string, { prefix, delimiter, after, limit }: ListOptions): Promise<ListedObjects> {
    return this.#ask(undefined, async ({ sdk, client }) => {
      const page = await client.send(
        new sdk.ListObjectsV2Command({
          Bucket: bucket,
          MaxKeys: Math.min(limit, 1000),
          ...(prefix === undefined ? {} : { Prefix: prefix }),
          ...(delimiter === undefined ? {} : { Delimiter: delimiter }),
          // After a folded prefix comes what is beyond all keys that begin with it.
          ...(after === undefined ? {} : { StartAfter: beyond(after, delimiter) }),
        }),
      )
      const objects = (page.Contents ?? []).map(({ Key = '', Size, ETag, LastModified }) =>
        toHead(Key, { ContentLength: Size, ETag, LastModified }),
      )
      const prefixes = (page.CommonPrefixes ?? []).map(({ Prefix = '' }) => Prefix)
      const last = [objects.at(-1)?.key ?? '', prefixes.at(-1) ?? ''].toSorted(byBytes).at(-1)
      return { objects, prefixes, ...(page.IsTruncated === true && last ? { next: last } : {}) }
    })
  }

  async #head(
    bucket: string,
    key: string,
    { sdk, client }: Opened,
    wait: { abortSignal?: AbortSignal },
  ): Promise<ObjectHead> {
    return toHead(key, await client.send(new sdk.HeadObjectCommand({ Bucket: bucket, Key: key }), wait))
  }

  async #ask<Answer>(
    signal: AbortSignal | undefined,
    ask: (opened: Opened, wait: { abortSignal?: AbortSignal }) => Promise<Answer>,
  ): Promise<Answer> {
    this.#opened ??= open(this.#options)
    const opened = await this.#opened
    try {
      return await ask(opened, signal === undefined ? {} : { abortSignal: signal })
    } catch (error) {
      signal?.throwIfAborted()
      throw toStoreError(error, opened.sdk, this.#options.endpoint)
    }
  }
}

async function open({ endpoint, region, virtualHosts, credentials }: S3StoreOptions): Promise<Opened> {
  const sdk = await import('@aws-sdk/client-s3')
  const client = new sdk.S3Client({
    endpoint,
    region,
    forcePathStyle: virtualHosts !== true,
    ...(credentials === undefined ? {} : { credentials }),
    // Other makers' S3 may not know the newer checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
  return { sdk, client }
}

/** Bytes in pieces of one size, the last one shorter. Nothing gives no piece. */
async function* inParts(body: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body) {
    held.push(chunk)
    bytes += chunk.length
    while (bytes >= size) {
      const all = Buffer.concat(held)
      yield all.subarray(0, size)
      held = [all.subarray(size)]
      bytes -= size
    }
  }
  if (bytes > 0) yield Buffer.concat(held)
}

const headerNames = {
  'cache-control': 'CacheControl',
  'content-disposition': 'ContentDisposition',
  'content-encoding': 'ContentEncoding',
  'content-language': 'ContentLanguage',
} as const

const named = (headers: Readonly<Record<string, string>>): object =>
  Object.fromEntries(
    Object.entries(headerNames).flatMap(([header, name]) =>
      headers[header] === undefined ? [] : [[name, headers[header]]],
    ),
  )

function toHead(
  key: string,
  found: Pick<
    HeadObjectCommandOutput,
    'ContentLength' | 'ETag' | 'LastModified' | 'ContentType' | 'Metadata'
  >,
): ObjectHead {
  return {
    key,
    bytes: found.ContentLength ?? 0,
    etag: (found.ETag ?? '').replaceAll('"', ''),
    modified: (found.LastModified ?? new Date(0)).toISOString(),
    contentType: found.ContentType ?? 'binary/octet-stream',
    headers: {},
    metadata: found.Metadata ?? {},
    checksums: {},
  }
}

const byBytes = (left: string, right: string): number => Buffer.compare(Buffer.from(left), Buffer.from(right))

const beyond = (after: string, delimiter: string | undefined): string =>
  delimiter !== undefined && after.endsWith(delimiter) ? `${after}\u{10FFFF}` : after

const faultsByName: Readonly<Record<string, ObjectFault>> = {
  NoSuchBucket: 'no-bucket',
  NoSuchKey: 'no-key',
  ConditionalRequestConflict: 'condition',
  InvalidAccessKeyId: 'denied',
}

const faultsByStatus: Readonly<Record<number, ObjectFault>> = {
  401: 'denied',
  403: 'denied',
  404: 'no-key',
  412: 'condition',
}

const unreachable: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
])

/** Failures of the service and of the way to it; what the caller's own streams throw is left as it is. */
function toStoreError(error: unknown, { S3ServiceException }: Sdk, endpoint: string): unknown {
  if (error instanceof S3ServiceException) {
    const fault = faultsByName[error.name] ?? faultsByStatus[error.$metadata.httpStatusCode ?? 0]
    if (fault !== undefined) return new ObjectStoreError(fault, `${error.name}: ${error.message}`)
    return unusable(`answered ${error.name}`, endpoint, error)
  }
  if (!(error instanceof Error)) return error
  const isUnreachable = 'code' in error && unreachable.has(error.code)
  const isOfSdk = error.name === 'CredentialsProviderError' || error.name === 'TimeoutError'
  return isUnreachable || isOfSdk ? unusable(`cannot be asked: ${error.message}`, endpoint, error) : error
}

const unusable = (what: string, endpoint: string, cause: Error): HoneError =>
  new HoneError('E_DOWNLOAD', `the object store at ${endpoint} ${what}`, {
    hint: 'check objects in hone.server.yaml, the network, and the keys in the environment',
    cause,
  })
