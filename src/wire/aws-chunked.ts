import { createHash, timingSafeEqual } from 'node:crypto'
import { hmac, scopeOf, signingKey, type ClaimedSignature } from './signature-v4.ts'

/** How each chunk is signed: with the key of the request's signature, each over the one before. */
export interface ChunkSigning {
  readonly key: Buffer
  readonly date: string
  readonly scope: string
  /** That of the request. */
  readonly seed: string
}

/** How the chunks of a request are signed, given what its header `x-amz-content-sha256` says; undefined where they are not. */
export function chunkSigning(
  claim: ClaimedSignature,
  secretAccessKey: string,
  contentHash: string | undefined,
): ChunkSigning | undefined {
  if (contentHash?.startsWith('STREAMING-AWS4-HMAC-SHA256') !== true) return undefined
  return {
    key: signingKey(claim, secretAccessKey),
    date: claim.date,
    scope: scopeOf(claim),
    seed: claim.signature,
  }
}

export interface ChunkedOptions {
  readonly signing?: ChunkSigning
  /** Called with the trailing headers, by lower-case name. */
  readonly onTrailers?: (trailers: ReadonlyMap<string, string>) => void
}

/** The body is not what `aws-chunked` says, or a chunk's signature does not hold. */
export class ChunkFault extends Error {
  override readonly name = 'ChunkFault'
  readonly kind: 'form' | 'signature'

  constructor(kind: 'form' | 'signature', message: string) {
    super(message)
    this.kind = kind
  }
}

const longestLine = 16 * 1024
const emptyHash = createHash('sha256').digest('hex')

/**
 * Content of a body in the content encoding `aws-chunked`: chunks of `SIZE[;chunk-signature=…]`, the bytes, and headers
 * after the last.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 *
 * @throws ChunkFault
 */
export async function* decodeChunked(
  body: AsyncIterable<Uint8Array>,
  { signing, onTrailers }: ChunkedOptions = {},
): AsyncGenerator<Uint8Array> {
  const reader = new ByteReader(body)
  let previous = signing?.seed ?? ''
  for (;;) {
    const [sizeText = '', ...extensions] = (await reader.line()).split(';')
    if (!/^[0-9a-fA-F]{1,16}$/.test(sizeText)) throw new ChunkFault('form', 'a chunk has no size')
    const size = Number.parseInt(sizeText, 16)
    const hash = signing === undefined ? undefined : createHash('sha256')
    for await (const part of reader.take(size)) {
      hash?.update(part)
      yield part
    }
    if (signing !== undefined) {
      const claimed = extensions.find((text) => text.startsWith('chunk-signature='))?.slice(16) ?? ''
      previous = chunkSignature(signing, previous, hash?.digest('hex') ?? emptyHash)
      requireSame(claimed, previous)
    }
    if (size === 0) break
    if ((await reader.line()) !== '') throw new ChunkFault('form', 'a chunk is longer than its size')
  }
  const trailers = new Map<string, string>()
  const lines: string[] = []
  for (let line = await reader.line(true); line !== ''; line = await reader.line(true)) {
    const at = line.indexOf(':')
    const [name, value] = [line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()]
    if (at < 1 || trailers.size > 20) throw new ChunkFault('form', 'the trailing headers cannot be read')
    trailers.set(name, value)
    if (name !== 'x-amz-trailer-signature') lines.push(`${name}:${value}\n`)
  }
  const claimed = trailers.get('x-amz-trailer-signature')
  if (signing !== undefined && trailers.size > 0) {
    requireSame(claimed ?? '', trailerSignature(signing, previous, lines.join('')))
  }
  onTrailers?.(trailers)
}

function chunkSignature({ key, date, scope }: ChunkSigning, previous: string, hash: string): string {
  const text = ['AWS4-HMAC-SHA256-PAYLOAD', date, scope, previous, emptyHash, hash].join('\n')
  return hmac(key, text).toString('hex')
}

function trailerSignature({ key, date, scope }: ChunkSigning, previous: string, headers: string): string {
  const hash = createHash('sha256').update(headers).digest('hex')
  return hmac(key, ['AWS4-HMAC-SHA256-TRAILER', date, scope, previous, hash].join('\n')).toString('hex')
}

function requireSame(claimed: string, expected: string): void {
  const [left, right] = [Buffer.from(claimed), Buffer.from(expected)]
  if (left.length !== right.length || !timingSafeEqual(left, right)) {
    throw new ChunkFault('signature', 'the signature of a chunk does not match')
  }
}

/** Lines and counted bytes from a stream of chunks. */
class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>
  #held: Uint8Array = new Uint8Array(0)

  constructor(body: AsyncIterable<Uint8Array>) {
    this.#source = body[Symbol.asyncIterator]()
  }

  /** A line without its line break. */
  async line(endMayCome = false): Promise<string> {
    let text = Buffer.alloc(0)
    for (;;) {
      const at = this.#held.indexOf(10)
      text = Buffer.concat([text, this.#held.subarray(0, at === -1 ? undefined : at)])
      if (text.length > longestLine) throw new ChunkFault('form', 'a line of the chunk encoding is too long')
      if (at !== -1) {
        this.#held = this.#held.subarray(at + 1)
        return text.toString('latin1').replace(/\r$/, '')
      }
      if (!(await this.#more())) {
        if (endMayCome) return text.toString('latin1')
        throw new ChunkFault('form', 'the body ended before its last chunk')
      }
    }
  }

  async *take(count: number): AsyncGenerator<Uint8Array> {
    let left = count
    while (left > 0) {
      if (this.#held.length === 0 && !(await this.#more())) {
        throw new ChunkFault('form', 'the body ended in a chunk')
      }
      const part = this.#held.subarray(0, left)
      this.#held = this.#held.subarray(part.length)
      left -= part.length
      yield part
    }
  }

  async #more(): Promise<boolean> {
    const next = await this.#source.next()
    if (next.done === true) return false
    this.#held = next.value
    return true
  }
}
