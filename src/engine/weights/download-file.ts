import { createHash } from 'node:crypto'
import { open, readFile, rename, rm, stat, truncate } from 'node:fs/promises'
import { HoneError } from '../../core/errors.ts'
import { delay } from '../../lib/delay.ts'
import { diskError } from '../../lib/disk-error.ts'
import { replaceFileWith } from '../../lib/replace-file.ts'
import { sha256OfFile } from '../../lib/sha256-of-file.ts'
import { failureOfRequest, failureOfStatus } from './download-failure.ts'
import type { HubAnswer, HubClient } from './hub-client.ts'
import { TransientFailure } from './transient-failure.ts'

export interface DownloadOptions {
  /** Path below the hub's endpoint. */
  readonly path: string
  /** Name for people, such as `owner/name model.safetensors`. */
  readonly what: string
  /** Where the finished file goes; `to.part` holds what has come so far. */
  readonly to: string
  readonly bytes?: number | undefined
  readonly sha256?: string | undefined
  /** Object name in git (SHA-1 of a header and the content), which hubs give for small files. */
  readonly gitBlob?: string | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: (done: number, total: number | undefined) => void
  readonly onRetry?: (done: number, reason: string) => void
  readonly onVerify?: (bytes: number) => void
  /** Wait before the first retry, doubled for each one. Default 1 s. */
  readonly retryMilliseconds?: number | undefined
}

/** Retries in a row in which nothing came. */
const maximumRetries = 4

/**
 * Downloads a file of a hub: what an earlier attempt left is continued, a cut connection is resumed, and the content is
 * compared with the digest that is known or that the hub gives. The file appears whole and right or not at all.
 *
 * @returns its size and SHA-256
 * @throws HoneError `E_DOWNLOAD`, `E_CHECKSUM` or `E_DISK`; the signal's reason
 */
export async function downloadFile(
  client: HubClient,
  options: DownloadOptions,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const part = `${options.to}.part`
  const known: Expected = { bytes: options.bytes, sha256: options.sha256 }
  await rename(options.to, part).catch(() => undefined)
  let retries = 0
  for (;;) {
    const before = await sizeOf(part)
    try {
      if (before === 0 || known.bytes === undefined || before !== known.bytes) {
        await fetchPart(client, part, known, options)
      }
      break
    } catch (error) {
      const failure = failureOfRequest(error, options.signal)
      if (!(failure instanceof TransientFailure)) throw failure
      const done = await sizeOf(part)
      retries = done > before ? 1 : retries + 1
      if (retries > maximumRetries || !client.reached) {
        throw new HoneError('E_DOWNLOAD', `${options.what}: ${failure.message}`, { cause: failure })
      }
      options.onRetry?.(done, failure.message)
      const wait = (options.retryMilliseconds ?? 1_000) * 2 ** (retries - 1)
      await delay(failure.waitMilliseconds ?? wait, options.signal)
    }
  }
  const bytes = await sizeOf(part)
  options.onVerify?.(bytes)
  const sha256 = await verify(part, bytes, known, options)
  await rename(part, options.to)
  await rm(`${part}.etag`, { force: true })
  return { bytes, sha256 }
}

/** What the content must be, completed by what the hub says. */
interface Expected {
  bytes: number | undefined
  sha256: string | undefined
}

async function fetchPart(
  client: HubClient,
  part: string,
  known: Expected,
  options: DownloadOptions,
): Promise<void> {
  const have = await sizeOf(part)
  const answer = await client.get(options.path, have > 0 ? { range: `bytes=${have}-` } : {}, options.signal)
  try {
    const start = await placeOf(answer, have, part, options)
    learn(answer, start, known, options)
    await append(answer, part, start, known, options)
  } catch (error) {
    answer.body.on('error', () => undefined).destroy()
    throw error
  }
}

/** Byte at which an answer's content starts; refuses a piece that does not continue what is there. */
async function placeOf(
  answer: HubAnswer,
  have: number,
  part: string,
  options: DownloadOptions,
): Promise<number> {
  // The hub's own name of the content outlives a change of the storage server behind it.
  const etag = answer.hubHeader('x-linked-etag') ?? answer.header('etag') ?? ''
  if (answer.status === 200) {
    if (have > 0) options.onRetry?.(0, 'the server does not continue downloads: from the start')
    await replaceFileWith(`${part}.etag`, etag)
    return 0
  }
  const isSame = etag === (await readFile(`${part}.etag`, 'utf8').catch(() => ''))
  const [, start] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(answer.header('content-range') ?? '') ?? []
  if (answer.status === 206 && isSame && Number(start) === have) return have
  if (answer.status === 206 || answer.status === 416) {
    await truncate(part)
    throw new TransientFailure('what is there cannot be continued: from the start')
  }
  throw failureOfStatus(answer, options.what)
}

function learn(answer: HubAnswer, start: number, known: Expected, options: DownloadOptions): void {
  const length = answer.header('content-length')
  const total = length === undefined ? undefined : start + Number(length)
  if (known.bytes !== undefined && total !== undefined && total !== known.bytes) {
    throw new HoneError('E_CHECKSUM', `${options.what}: the server has ${total} bytes, not ${known.bytes}`)
  }
  known.bytes ??= total
  const digest = /^(?:W\/)?"?([0-9a-f]{64})"?$/.exec(answer.hubHeader('x-linked-etag') ?? '')?.[1]
  known.sha256 ??= digest
}

async function append(
  answer: HubAnswer,
  part: string,
  start: number,
  known: Expected,
  options: DownloadOptions,
): Promise<void> {
  const writing = async <Result>(work: Promise<Result>): Promise<Result> => {
    try {
      return await work
    } catch (error) {
      throw await diskError(error, part, known.bytes)
    }
  }
  const handle = await writing(open(part, start === 0 ? 'w' : 'a'))
  let done = start
  try {
    const chunks: AsyncIterable<Buffer> = answer.body
    for await (const chunk of chunks) {
      done += chunk.length
      if (known.bytes !== undefined && done > known.bytes) {
        throw new HoneError('E_CHECKSUM', `${options.what}: more than its ${known.bytes} bytes`)
      }
      await writing(handle.appendFile(chunk))
      options.onProgress?.(done, known.bytes)
    }
    await writing(handle.sync())
  } finally {
    await handle.close()
  }
  if (known.bytes !== undefined && done < known.bytes) throw new TransientFailure('the connection was cut')
}

async function verify(
  part: string,
  bytes: number,
  known: Expected,
  options: DownloadOptions,
): Promise<string> {
  const sha256 = await sha256OfFile(part, { signal: options.signal })
  const { gitBlob } = options
  const wrong =
    (known.bytes !== undefined && known.bytes !== bytes) ||
    (known.sha256 !== undefined && known.sha256 !== sha256) ||
    (known.sha256 === undefined && gitBlob !== undefined && gitBlob !== (await gitBlobOf(part)))
  if (!wrong) return sha256
  await Promise.all([rm(part, { force: true }), rm(`${part}.etag`, { force: true })])
  throw new HoneError(
    'E_CHECKSUM',
    `${options.what}: its content (SHA-256 ${sha256}) is not what it should be (${known.sha256 ?? gitBlob})`,
    { hint: 'what came was deleted; try again, or take another source' },
  )
}

/** Name of a git blob: SHA-1 of `blob`, the size, a zero byte and the content. Hubs keep only small files as such. */
async function gitBlobOf(file: string): Promise<string> {
  const content = await readFile(file)
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex')
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0
}
