import { createHash, createHmac } from 'node:crypto'

/** A request as it came in, before anything was decoded. */
export interface SignedRequest {
  readonly method: string
  /** Raw path, without the query. */
  readonly path: string
  /** Raw query, without the question mark. */
  readonly query: string
  /** By lower-case name; of HTTP/2 also `:authority`. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

/** What a request says about its own signature. Nothing of it is proven yet. */
export interface ClaimedSignature {
  readonly accessKeyId: string
  /** `YYYYMMDD` of the credential's scope. */
  readonly day: string
  readonly region: string
  readonly service: string
  /** Lower-case, in the order that was signed. */
  readonly signedHeaders: readonly string[]
  /** Hexadecimal. */
  readonly signature: string
  /** `YYYYMMDDTHHMMSSZ`. */
  readonly date: string
  readonly sessionToken?: string
  /** Of a presigned URL: seconds that it holds. */
  readonly expires?: number
}

/** Why a signature cannot be read, in Amazon's words for it. */
export class SignatureFault extends Error {
  override readonly name = 'SignatureFault'
}

const algorithm = 'AWS4-HMAC-SHA256'

/**
 * Reads the claim from the `Authorization` header or from a presigned query.
 *
 * @returns `undefined` when the request is not signed
 * @throws SignatureFault when it is signed in a way that cannot be read
 */
export function readSignature(request: SignedRequest): ClaimedSignature | undefined {
  const header = single(request.headers['authorization'])
  if (header?.startsWith(algorithm)) return readHeader(header, request)
  const query = new Map(queryPairs(request.query))
  if (query.get('X-Amz-Algorithm') === undefined) return undefined
  return readQuery(query)
}

function readHeader(header: string, request: SignedRequest): ClaimedSignature {
  const fields = new Map(
    header
      .slice(algorithm.length)
      .split(',')
      .map((part): [string, string] => {
        const at = part.indexOf('=')
        return [part.slice(0, at).trim(), part.slice(at + 1).trim()]
      }),
  )
  const date = single(request.headers['x-amz-date'])
  if (date === undefined) throw new SignatureFault("Authorization header requires existence of 'X-Amz-Date'")
  const sessionToken = single(request.headers['x-amz-security-token'])
  return {
    ...readScope(required(fields, 'Credential', 'Authorization header')),
    signedHeaders: required(fields, 'SignedHeaders', 'Authorization header').split(';'),
    signature: required(fields, 'Signature', 'Authorization header'),
    date,
    ...(sessionToken === undefined ? {} : { sessionToken }),
  }
}

function readQuery(query: ReadonlyMap<string, string>): ClaimedSignature {
  if (query.get('X-Amz-Algorithm') !== algorithm) {
    throw new SignatureFault(`X-Amz-Algorithm only supports "${algorithm}"`)
  }
  const expires = Number(required(query, 'X-Amz-Expires', 'Query string'))
  if (!Number.isInteger(expires) || expires < 1 || expires > 604_800) {
    throw new SignatureFault('X-Amz-Expires must be between 1 and 604800 seconds')
  }
  const sessionToken = query.get('X-Amz-Security-Token')
  return {
    ...readScope(required(query, 'X-Amz-Credential', 'Query string')),
    signedHeaders: required(query, 'X-Amz-SignedHeaders', 'Query string').split(';'),
    signature: required(query, 'X-Amz-Signature', 'Query string'),
    date: required(query, 'X-Amz-Date', 'Query string'),
    expires,
    ...(sessionToken === undefined ? {} : { sessionToken }),
  }
}

function readScope(credential: string): Pick<ClaimedSignature, 'accessKeyId' | 'day' | 'region' | 'service'> {
  // An access key id may hold slashes in theory; the scope is what comes last.
  const parts = credential.split('/')
  const [terminator, service, region, day, ...key] = parts.toReversed()
  if (terminator !== 'aws4_request') {
    throw new SignatureFault("Credential should be scoped with a valid terminator: 'aws4_request'")
  }
  const accessKeyId = key.toReversed().join('/')
  if (!service || !region || !/^\d{8}$/.test(day ?? '') || accessKeyId === '') {
    throw new SignatureFault('Credential must be accessKeyId/YYYYMMDD/region/service/aws4_request')
  }
  return { accessKeyId, day: day ?? '', region, service }
}

function required(fields: ReadonlyMap<string, string>, name: string, where: string): string {
  const value = fields.get(name)
  if (value === undefined || value === '') {
    throw new SignatureFault(`${where} requires '${name}' parameter`)
  }
  return value
}

export interface SignatureKey {
  readonly secretAccessKey: string
  /** As in `x-amz-content-sha256`, or the hexadecimal SHA-256 of the body. */
  readonly payloadHash: string
}

/**
 * The signature that a holder of the secret would have made over this request.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function expectedSignature(
  request: SignedRequest,
  claim: ClaimedSignature,
  { secretAccessKey, payloadHash }: SignatureKey,
): string {
  const text = stringToSign(claim, canonicalRequest(request, claim, payloadHash))
  return hmac(usualSigningKey(claim, secretAccessKey), text).toString('hex')
}

/** Signing keys hold for a day and a region: the few that are in use are not derived for each request. */
const signingKeys = new Map<string, Buffer>()
const mostSigningKeys = 256

function usualSigningKey(claim: ClaimedSignature, secretAccessKey: string): Buffer {
  const name = `${scopeOf(claim)} ${secretAccessKey}`
  const known = signingKeys.get(name)
  if (known !== undefined) return known
  if (signingKeys.size >= mostSigningKeys) signingKeys.clear()
  const key = signingKey(claim, secretAccessKey)
  signingKeys.set(name, key)
  return key
}

/** What the signature is made over. S3 encodes the path once, every other service twice. */
export function canonicalRequest(
  request: SignedRequest,
  claim: ClaimedSignature,
  payloadHash: string,
): string {
  const path = claim.service === 's3' ? request.path : normalPath(request.path)
  const headers = claim.signedHeaders.map((name) => `${name}:${headerText(request, name)}\n`)
  return [
    request.method,
    path,
    canonicalQuery(request.query),
    headers.join(''),
    claim.signedHeaders.join(';'),
    payloadHash,
  ].join('\n')
}

/** Without empty and dot segments, and each segment encoded once more. */
function normalPath(path: string): string {
  const segments: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '' && segment !== '.') segments.push(encode(segment))
  }
  const end = segments.length > 0 && path.endsWith('/') ? '/' : ''
  return `/${segments.join('/')}${end}`
}

function stringToSign(claim: ClaimedSignature, canonical: string): string {
  return [algorithm, claim.date, scopeOf(claim), sha256(canonical)].join('\n')
}

export const scopeOf = ({ day, region, service }: ClaimedSignature): string =>
  `${day}/${region}/${service}/aws4_request`

/** Chain of HMACs over the scope. */
export function signingKey({ day, region, service }: ClaimedSignature, secretAccessKey: string): Buffer {
  return [day, region, service, 'aws4_request'].reduce<Buffer>(
    (key, part) => hmac(key, part),
    Buffer.from(`AWS4${secretAccessKey}`, 'utf8'),
  )
}

export const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

function headerText(request: SignedRequest, name: string): string {
  const value = request.headers[name]
  const values = Array.isArray(value) ? value : value === undefined ? [] : [value]
  return values.map((each: string) => each.trim().replaceAll(/ +/g, ' ')).join(',')
}

function canonicalQuery(query: string): string {
  return queryPairs(query)
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .toSorted(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

/** Names and values of a query, decoded once. A plus sign is a plus sign. */
export function queryPairs(query: string): [string, string][] {
  return query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const at = part.indexOf('=')
      return at === -1 ? [decode(part), ''] : [decode(part.slice(0, at)), decode(part.slice(at + 1))]
    })
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Percent-encoding of everything but RFC 3986's unreserved characters. */
const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )

const single = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.[0]
