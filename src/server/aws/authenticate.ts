import { createHash, timingSafeEqual } from 'node:crypto'
import { chunkSigning, type ChunkSigning } from '../../wire/aws-chunked.ts'
import { expectedUrlSignature, type ClaimedUrl } from '../../wire/signature-v2.ts'
import {
  expectedSignature,
  queryPairs,
  type ClaimedSignature,
  type SignedRequest,
} from '../../wire/signature-v4.ts'
import { AwsError, HeldBody } from './aws-request.ts'
import { jsonRefusals, s3Refusals, type Refusals } from './refusals.ts'
import type { Identity } from './identity.ts'

/** A key pair, long-lived or of a session. */
export interface AccessKey {
  readonly id: string
  readonly secret: string
  readonly identity: Identity
  /** Of a session: what every request must carry. */
  readonly sessionToken?: string
  /** Milliseconds since 1970 at which it ends. */
  readonly expires?: number
}

export interface AuthenticationOptions {
  readonly findKey: (id: string) => Promise<AccessKey | undefined>
  /** Finds a key that is sent as it is. */
  readonly findBearer?: (key: string) => Promise<Omit<AccessKey, 'secret'> | undefined>
  readonly now: () => number
  /** Of a body that must be held whole to be hashed. */
  readonly largestBody: number
}

/** The body of a request that nobody has begun to read. */
export interface IncomingBody {
  /** @throws BodyRefused 413 when it has more than `limit` bytes */
  whole(limit: number): Promise<Buffer>
  stream(): AsyncIterable<Buffer>
}

export interface Authenticated {
  readonly identity: Identity
  readonly region: string
  readonly service: string
  /** Fails at its end where the content is not what was signed. */
  readonly body: AsyncIterable<Buffer>
  readonly chunkSigning?: ChunkSigning
}

const minute = 60_000

/**
 * Proves that a request was signed with a key that is known here, in time, and that its body is the one that was signed.
 *
 * @throws AwsError with the code that the service's clients know
 */
export async function authenticate(
  request: SignedRequest,
  claim: ClaimedSignature,
  body: IncomingBody,
  options: AuthenticationOptions,
): Promise<Authenticated> {
  const refuse = claim.service === 's3' ? s3Refusals : jsonRefusals
  const key = await options.findKey(claim.accessKeyId)
  requireSigned(request, claim, refuse)
  const now = options.now()
  requireTime(claim, now, refuse)
  const read = await payload(request, claim, body, options.largestBody)
  // An unknown key costs the same work as a wrong secret.
  const secretAccessKey = key?.secret ?? 'no such key'
  const expected = expectedSignature(request, claim, { secretAccessKey, payloadHash: read.hash })
  if (key === undefined) throw refuse.unknownKey()
  if (!sameText(expected, claim.signature)) throw refuse.signature()
  if (key.expires !== undefined && now >= key.expires) throw refuse.expired()
  if (!sameText(key.sessionToken ?? '', claim.sessionToken ?? '')) throw refuse.token()
  const chunks = chunkSigning(claim, key.secret, read.hash)
  return {
    identity: key.identity,
    region: claim.region,
    service: claim.service,
    body: read.body,
    ...(chunks === undefined ? {} : { chunkSigning: chunks }),
  }
}

/**
 * The same for a URL that was presigned in the older way of S3.
 *
 * @param bucket that the host names, if it does
 * @throws AwsError
 */
export async function authenticateUrl(
  request: SignedRequest,
  claim: ClaimedUrl,
  body: IncomingBody,
  bucket: string | undefined,
  options: Pick<AuthenticationOptions, 'findKey' | 'now'>,
): Promise<Authenticated> {
  const key = await options.findKey(claim.accessKeyId)
  const expected = expectedUrlSignature(request, claim, key?.secret ?? 'no such key', bucket)
  if (key === undefined) throw s3Refusals.unknownKey()
  if (!sameText(expected, claim.signature)) throw s3Refusals.signature()
  const now = options.now()
  if (now > claim.expires * 1000) throw new AwsError('AccessDenied', 403, 'Request has expired')
  if (key.expires !== undefined && now >= key.expires) throw s3Refusals.expired()
  if (!sameText(key.sessionToken ?? '', claim.sessionToken ?? '')) throw s3Refusals.token()
  return { identity: key.identity, region: 'us-east-1', service: 's3', body: body.stream() }
}

/** Proves a key that is sent as it is, as `AWS_BEARER_TOKEN_BEDROCK` is. */
export async function authenticateBearer(
  header: string,
  body: IncomingBody,
  { findBearer, now, largestBody }: AuthenticationOptions,
): Promise<Authenticated> {
  const key = await findBearer?.(header.replace(/^bearer\s+/i, '').trim())
  if (key === undefined) throw jsonRefusals.unknownKey()
  if (key.expires !== undefined && now() >= key.expires) throw jsonRefusals.expired()
  return {
    identity: key.identity,
    region: 'us-east-1',
    service: 'bedrock',
    body: new HeldBody(await body.whole(largestBody)),
  }
}

/** What must be signed for the signature to mean anything: the host, and every `x-amz-` header that is there. */
function requireSigned(request: SignedRequest, claim: ClaimedSignature, refuse: Refusals): void {
  const signed = new Set(claim.signedHeaders)
  const must = Object.keys(request.headers).filter((name) => name.startsWith('x-amz-'))
  // A presigned URL cannot foresee the headers that a client adds; those it names must be as they were.
  const missing = claim.expires === undefined ? must.find((name) => !signed.has(name)) : undefined
  if (!signed.has('host') && !signed.has(':authority')) throw refuse.unsigned('host')
  if (missing !== undefined) throw refuse.unsigned(missing)
}

function requireTime(claim: ClaimedSignature, now: number, refuse: Refusals): void {
  const date = parseDate(claim.date)
  if (date === undefined || claim.date.slice(0, 8) !== claim.day) throw refuse.date()
  const skew = claim.service === 's3' ? 15 * minute : 5 * minute
  if (date > now + skew) throw refuse.early(claim.date, now)
  const end = claim.expires === undefined ? date + skew : date + claim.expires * 1000
  if (now > end) throw refuse.late(claim, now)
}

function parseDate(text: string): number | undefined {
  const found = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)
  if (found === null) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minutes = 0, seconds = 0] = found.slice(1).map(Number)
  if (hour > 23 || minutes > 59 || seconds > 59) return undefined
  const time = new Date(Date.UTC(year, month - 1, day, hour, minutes, seconds))
  // A day that there is not would be taken for one of the next month.
  return time.getUTCDate() === day && time.getUTCMonth() === month - 1 ? time.getTime() : undefined
}

interface Payload {
  readonly hash: string
  readonly body: AsyncIterable<Buffer>
}

async function payload(
  request: SignedRequest,
  claim: ClaimedSignature,
  body: IncomingBody,
  limit: number,
): Promise<Payload> {
  const header = request.headers['x-amz-content-sha256']
  const claimed = typeof header === 'string' ? header : undefined
  if (claim.expires !== undefined) {
    const inQuery = queryPairs(request.query).find(([name]) => name === 'X-Amz-Content-Sha256')?.[1]
    const absent = claim.service === 's3' ? 'UNSIGNED-PAYLOAD' : emptyHash
    return { hash: claimed ?? inQuery ?? absent, body: body.stream() }
  }
  if (claim.service === 's3') {
    if (claimed === undefined) {
      throw new AwsError(
        'InvalidRequest',
        400,
        'Missing required header for this request: x-amz-content-sha256',
      )
    }
    const stream = body.stream()
    return { hash: claimed, body: isHash(claimed) ? hashed(stream, claimed) : stream }
  }
  const content = await body.whole(limit)
  const hash = createHash('sha256').update(content).digest('hex')
  if (claimed !== undefined && isHash(claimed) && claimed !== hash) throw jsonRefusals.signature()
  return { hash: claimed ?? hash, body: new HeldBody(content) }
}

const emptyHash = createHash('sha256').digest('hex')
const isHash = (text: string): boolean => /^[0-9a-f]{64}$/.test(text)

/** The same bytes; fails at their end where they are not what was signed. */
async function* hashed(body: AsyncIterable<Buffer>, expected: string): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  for await (const chunk of body) {
    hash.update(chunk)
    yield chunk
  }
  if (hash.digest('hex') !== expected) {
    throw new AwsError(
      'XAmzContentSHA256Mismatch',
      400,
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    )
  }
}

/** In constant time for texts of the same length; how long a signature or a token is, is no secret. */
function sameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left, 'utf8'), Buffer.from(right, 'utf8')]
  return a.length === b.length && timingSafeEqual(a, b)
}
