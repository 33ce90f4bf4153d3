import type { ByteRange, ObjectHead, PutCondition, PutOptions } from '../../store/objects/object-store.ts'
import { AwsError, type AwsRequest } from '../aws/aws-request.ts'

/** Headers that are stored with an object and answered as they are. */
const stored = ['cache-control', 'content-disposition', 'content-encoding', 'content-language', 'expires']

/** What an upload says about the object beside its bytes. */
export function putOptions(request: AwsRequest): Pick<PutOptions, 'contentType' | 'headers' | 'metadata'> {
  const { headers } = request
  const kept = stored.flatMap((name): [string, string][] => {
    const value = headers[name]
    if (value === undefined) return []
    // The encoding of the transfer is not the object's.
    const own = name === 'content-encoding' ? value.replace(/(^|,)\s*aws-chunked\s*(?=,|$)/, '') : value
    const text = own.replace(/^\s*,\s*/, '')
    return text === '' ? [] : [[name, text]]
  })
  const metadata = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    name.startsWith('x-amz-meta-') ? [[name.slice(11), value]] : [],
  )
  const size = metadata.reduce((sum, [name, value]) => sum + name.length + value.length, 0)
  if (size > 2048) {
    throw new AwsError(
      'MetadataTooLarge',
      400,
      'Your metadata headers exceed the maximum allowed metadata size',
    )
  }
  return {
    ...(headers['content-type'] === undefined ? {} : { contentType: headers['content-type'] }),
    headers: Object.fromEntries(kept),
    metadata: Object.fromEntries(metadata),
  }
}

/** `If-Match` and `If-None-Match: *` of a write. */
export function putCondition({ headers }: AwsRequest): PutCondition | undefined {
  const [match, noneMatch] = [headers['if-match'], headers['if-none-match']]
  if (noneMatch !== undefined && noneMatch !== '*') {
    throw new AwsError('NotImplemented', 501, 'If-None-Match of a write can only be *')
  }
  if (match === undefined && noneMatch === undefined) return undefined
  return {
    ...(noneMatch === undefined ? {} : { absent: true }),
    ...(match === undefined ? {} : { etag: match.replaceAll('"', '') }),
  }
}

/** Headers of an answer about an object. */
export function headHeaders(
  head: ObjectHead,
  query: AwsRequest['query'],
  withChecksums: boolean,
): Record<string, string> {
  const overrides = [...query].flatMap(([name, value]): [string, string][] =>
    name.startsWith('response-') ? [[name.slice(9), value]] : [],
  )
  return {
    'accept-ranges': 'bytes',
    'last-modified': new Date(head.modified).toUTCString(),
    etag: `"${head.etag}"`,
    'content-type': head.contentType,
    ...head.headers,
    ...Object.fromEntries(
      Object.entries(head.metadata).map(([name, value]) => [`x-amz-meta-${name}`, value]),
    ),
    ...(withChecksums ? checksumHeaders(head) : {}),
    ...Object.fromEntries(overrides),
  }
}

export function checksumHeaders({
  checksums,
  checksumType = 'FULL_OBJECT',
}: ObjectHead): Record<string, string> {
  const entries = Object.entries(checksums).map(([name, value]) => [`x-amz-checksum-${name}`, value] as const)
  return entries.length === 0 ? {} : { ...Object.fromEntries(entries), 'x-amz-checksum-type': checksumType }
}

/**
 * Applies the conditions of a read.
 * Source: RFC 9110, section 13.2.2
 *
 * @returns 304 when the reader has it already
 * @throws AwsError `PreconditionFailed`
 */
export function readCondition(
  head: Pick<ObjectHead, 'modified' | 'etag'>,
  { headers }: Pick<AwsRequest, 'headers'>,
): 304 | undefined {
  const modified = Math.floor(Date.parse(head.modified) / 1000) * 1000
  const matches = (list: string): boolean =>
    list.trim() === '*' ||
    list
      .split(',')
      .map((tag) => tag.trim().replace(/^W\//, '').replaceAll('"', ''))
      .includes(head.etag)
  const [match, unmodified] = [headers['if-match'], headers['if-unmodified-since']]
  const fails =
    match === undefined ? unmodified !== undefined && modified > Date.parse(unmodified) : !matches(match)
  if (fails) {
    throw new AwsError(
      'PreconditionFailed',
      412,
      'At least one of the pre-conditions you specified did not hold',
      { Condition: match === undefined ? 'If-Unmodified-Since' : 'If-Match' },
    )
  }
  const [noneMatch, since] = [headers['if-none-match'], headers['if-modified-since']]
  const has =
    noneMatch === undefined ? since !== undefined && modified <= Date.parse(since) : matches(noneMatch)
  return has ? 304 : undefined
}

/**
 * The bytes that a `Range` header wants; undefined for all. A header that cannot be read counts as none (RFC 9110, 14.2).
 *
 * @throws AwsError `InvalidRange` where the object ends before it
 */
export function readRange(header: string | undefined, bytes: number): ByteRange | undefined {
  const found = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '')
  if (found === null || (found[1] === '' && found[2] === '')) return undefined
  const [from, to] = [found[1] ?? '', found[2] ?? '']
  const first = from === '' ? Math.max(0, bytes - Number(to)) : Number(from)
  const last = from === '' || to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1)
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined
  if (first >= bytes || (from === '' && Number(to) === 0)) {
    throw new AwsError('InvalidRange', 416, 'The requested range is not satisfiable', {
      RangeRequested: header ?? '',
      ActualObjectSize: String(bytes),
    })
  }
  return { first, last }
}

/**
 * Applies the conditions on the source of a copy, which are those of a read under names of their own.
 *
 * @throws AwsError `PreconditionFailed`
 */
export function requireCopyCondition(
  head: Pick<ObjectHead, 'modified' | 'etag'>,
  { headers }: AwsRequest,
): void {
  const prefix = 'x-amz-copy-source-'
  const own = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith(`${prefix}if-`) ? [[name.slice(prefix.length), value] as const] : [],
  )
  if (readCondition(head, { headers: Object.fromEntries(own) }) !== 304) return
  throw new AwsError(
    'PreconditionFailed',
    412,
    'At least one of the pre-conditions you specified did not hold',
  )
}

/** What an object would have to be, and is not here. */
const promised: readonly (readonly [header: string, what: string])[] = [
  ['x-amz-server-side-encryption-customer-algorithm', "encryption by a key of the client's"],
  ['x-amz-copy-source-server-side-encryption-customer-algorithm', "encryption by a key of the client's"],
  ['x-amz-tagging', 'tags of an object'],
  ['x-amz-object-lock-mode', 'a lock of an object'],
  ['x-amz-object-lock-legal-hold', 'a lock of an object'],
]

/** What would be lost without a word is refused. @throws AwsError `NotImplemented` */
export function refusePromises({ headers }: Pick<AwsRequest, 'headers'>): void {
  const found = promised.find(([header]) => headers[header] !== undefined)
  if (found === undefined) return
  throw new AwsError('NotImplemented', 501, `This server does not keep ${found[1]}: leave out ${found[0]}`)
}
