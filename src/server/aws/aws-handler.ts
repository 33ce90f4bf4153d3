import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Http2ServerResponse, type Http2ServerRequest } from 'node:http2'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { readUrlSignature } from '../../wire/signature-v2.ts'
import { queryPairs, readSignature, SignatureFault, type SignedRequest } from '../../wire/signature-v4.ts'
import { bucketOfHost } from '../s3/s3-request.ts'
import {
  authenticate,
  authenticateBearer,
  authenticateUrl,
  type Authenticated,
  type AuthenticationOptions,
  type IncomingBody,
} from './authenticate.ts'
import { AwsError, type AwsReply, type AwsRequest, type AwsService } from './aws-request.ts'
import { errorReply } from './error-reply.ts'
import type { RequestFacts } from './request-facts.ts'
import { unreadableSignature } from './refusals.ts'
import { cutStalled, patientBody, usualPatience, wholeBody, type Patience } from './slow-clients.ts'

export type Incoming = IncomingMessage | Http2ServerRequest
export type Outgoing = ServerResponse | Http2ServerResponse

export interface AwsHandlerOptions extends AuthenticationOptions {
  /** By the service in the credential's scope. */
  readonly services: Readonly<Record<string, AwsService>>
  /** Told of failures that are nobody's but ours; the client gets a generic answer. */
  readonly onFailure: (error: unknown, request: { readonly id: string; readonly path: string }) => void
  readonly patience?: Patience
}

/** True for a request that proves itself as AWS's clients do. */
export function isSignedByAws({ headers, url = '' }: Pick<Incoming, 'headers' | 'url'>): boolean {
  if (headers.authorization?.startsWith('AWS4-') === true || url.includes('X-Amz-Algorithm=')) return true
  if (url.includes('AWSAccessKeyId=') && url.includes('Signature=')) return true
  // Bearer keys are every API's; the paths of Bedrock are its own.
  return /^bearer /i.test(headers.authorization ?? '') && !/^\/v1(\/|$)/.test(url)
}

/** Answers requests of AWS's clients over HTTP/1.1 and HTTP/2. What is learned of a request is noted in its facts. */
export function createAwsHandler(
  options: AwsHandlerOptions,
): (incoming: Incoming, outgoing: Outgoing, facts?: RequestFacts) => Promise<void> {
  return async (incoming, outgoing, facts = { id: randomUUID() }) => {
    const { id } = facts
    const signed = signedRequest(incoming)
    const hangUp = new AbortController()
    outgoing.once('close', () => {
      // Not `writableFinished`: HTTP/2 says so of what was torn down in the middle.
      if (!outgoing.writableEnded) hangUp.abort(new Error('the client hung up'))
    })
    let service: string | undefined
    let reply: AwsReply
    try {
      service = serviceInText(signed)
      const proven = await prove(signed, incoming, options)
      service = proven.service
      facts.keyId = proven.identity.keyId
      const answer = options.services[service]
      if (answer === undefined) {
        throw new AwsError('UnknownOperationException', 404, `The service ${service} is not served here`)
      }
      reply = await answer(toAwsRequest(facts, signed, incoming, proven, hangUp.signal))
    } catch (error) {
      const known = knownError(error, service)
      if (known === undefined && !hangUp.signal.aborted && !isHangUp(error))
        options.onFailure(error, { id, path: signed.path })
      facts.error = (known ?? internal).code
      reply = errorReply(known ?? internal, service, { id, path: signed.path })
    }
    if (service !== undefined) facts.service = service
    try {
      await send(reply, { ...requestIds(id, service) }, incoming, outgoing, options.patience ?? usualPatience)
    } catch (error) {
      if (!hangUp.signal.aborted && !isHangUp(error)) options.onFailure(error, { id, path: signed.path })
      outgoing.destroy()
    }
  }
}

const internal = new AwsError('InternalServerException', 500, 'The server failed; its log says why.')

/** The response was closed under what was writing to it; HTTP/2 says so before it says that it is closed. */
const isHangUp = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'ERR_STREAM_PREMATURE_CLOSE' || error.code === 'ECONNRESET')

function knownError(error: unknown, service: string | undefined): AwsError | undefined {
  if (error instanceof AwsError) return error
  return error instanceof SignatureFault ? unreadableSignature(error, service) : undefined
}

/** The service that a claim names which cannot be read or proven, so that the error has the right form. */
function serviceInText({ headers, query }: SignedRequest): string | undefined {
  if (query.includes('AWSAccessKeyId=')) return 's3'
  return /(?:\/|%2F)([a-z0-9-]+)(?:\/|%2F)aws4_request/i.exec(
    `${String(headers['authorization'])} ${query}`,
  )?.[1]
}

function prove(signed: SignedRequest, request: Incoming, options: AwsHandlerOptions): Promise<Authenticated> {
  const { body: patience } = options.patience ?? usualPatience
  const incoming: IncomingBody = {
    whole: (limit) => wholeBody(request, patience, limit),
    stream: () => patientBody(request, patience),
  }
  const claim = readSignature(signed)
  if (claim !== undefined) return authenticate(signed, claim, incoming, options)
  const { authorization } = signed.headers
  if (typeof authorization === 'string' && /^bearer /i.test(authorization)) {
    return authenticateBearer(authorization, incoming, options)
  }
  const url = readUrlSignature(signed)
  if (url === undefined) {
    throw new AwsError('MissingAuthenticationTokenException', 403, 'Missing Authentication Token')
  }
  return authenticateUrl(signed, url, incoming, bucketOfHost(hostOf(signed)), options)
}

const hostOf = ({ headers }: SignedRequest): string => String(headers[':authority'] ?? headers['host'] ?? '')

const requestIds = (id: string, service: string | undefined): Record<string, string> =>
  service === 's3' ? { 'x-amz-request-id': id, 'x-amz-id-2': id } : { 'x-amzn-requestid': id }

function signedRequest({ method = 'GET', url = '/', headers }: Incoming): SignedRequest {
  const at = url.indexOf('?')
  return {
    method,
    path: at === -1 ? url : url.slice(0, at),
    query: at === -1 ? '' : url.slice(at + 1),
    headers,
  }
}

function toAwsRequest(
  facts: RequestFacts,
  signed: SignedRequest,
  incoming: Incoming,
  proven: Authenticated,
  signal: AbortSignal,
): AwsRequest {
  const { method, path, query, headers } = signed
  const joined: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) joined[name] = typeof value === 'string' ? value : value.join(',')
  }
  return {
    id: facts.id,
    method,
    path,
    // The first of several values counts.
    query: query === '' ? noQuery : new Map(queryPairs(query).toReversed()),
    headers: joined,
    region: proven.region,
    identity: proven.identity,
    host: hostOf(signed),
    secure: 'encrypted' in incoming.socket,
    body: proven.body,
    ...(proven.chunkSigning === undefined ? {} : { chunkSigning: proven.chunkSigning }),
    signal,
    facts,
  }
}

const noQuery: ReadonlyMap<string, string> = new Map()

/** Bytes of a body that are read to no use, to keep the connection. */
const largestDrain = 2 ** 20

async function send(
  reply: AwsReply,
  headers: Readonly<Record<string, string>>,
  incoming: Incoming,
  outgoing: Outgoing,
  patience: Patience,
): Promise<void> {
  const { status, body } = reply
  const all: Record<string, string> = { ...headers, ...reply.headers }
  const isStream = body instanceof Readable
  const bare = status === 204 || status === 304 || incoming.method === 'HEAD'
  if (!isStream && !bare) all['content-length'] = String(Buffer.byteLength(body ?? ''))
  if (!incoming.readableEnded) {
    // A little more is read and dropped; a client that would still send much is told to stop.
    const length = Number(incoming.headers['content-length'] ?? Infinity)
    const giveUp = length > largestDrain || status === 408
    if (giveUp && incoming.httpVersionMajor === 1) all['connection'] = 'close'
    incoming.resume()
  }
  outgoing.writeHead(status, all)
  if (bare || body === undefined) {
    if (isStream) body.destroy()
    outgoing.end()
  } else if (isStream) {
    const unwatch = cutStalled(writableOf(outgoing), patience.reader)
    try {
      await pipeline(body, outgoing as NodeJS.WritableStream)
    } finally {
      unwatch()
    }
  } else outgoing.end(body)
}

/** What is written to: of HTTP/2 the stream, whose response only passes on. */
const writableOf = (outgoing: Outgoing): Writable =>
  outgoing instanceof Http2ServerResponse ? outgoing.stream : outgoing
