import { randomUUID } from 'node:crypto'
import { readUrlSignature } from '../../wire/signature-v2.ts'
import { queryPairs, readSignature, SignatureFault, type SignedRequest } from '../../wire/signature-v4.ts'
import { hangUpOf, isHangUp, type Incoming, type Outgoing } from '../http/exchange.ts'
import { sendReply } from '../http/send-reply.ts'
import { BodyRefused, patientBody, usualPatience, wholeBody, type Patience } from '../http/slow-clients.ts'
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
    const hangUp = hangUpOf(outgoing)
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
      reply = await answer(toAwsRequest(facts, signed, incoming, proven, hangUp))
    } catch (error) {
      const known = knownError(error, service)
      if (known === undefined && !hangUp.aborted && !isHangUp(error))
        options.onFailure(error, { id, path: signed.path })
      facts.error = (known ?? internal).code
      reply = errorReply(known ?? internal, service, { id, path: signed.path })
    }
    if (service !== undefined) facts.service = service
    try {
      const headers = { ...requestIds(id, service), ...reply.headers }
      await sendReply({ ...reply, headers }, incoming, outgoing, options.patience ?? usualPatience)
    } catch (error) {
      if (!hangUp.aborted && !isHangUp(error)) options.onFailure(error, { id, path: signed.path })
      outgoing.destroy()
    }
  }
}

const internal = new AwsError('InternalServerException', 500, 'The server failed; its log says why.')

function knownError(error: unknown, service: string | undefined): AwsError | undefined {
  if (error instanceof AwsError) return error
  if (error instanceof BodyRefused) {
    const code = error.status === 408 ? 'RequestTimeout' : 'ValidationException'
    return new AwsError(code, error.status, error.message)
  }
  return error instanceof SignatureFault ? unreadableSignature(error, service) : undefined
}

/** The service that a claim names which cannot be read or proven, so that the error has the right form. */
function serviceInText({ headers, query }: SignedRequest): string | undefined {
  if (query.includes('AWSAccessKeyId=') || isForm(headers)) return 's3'
  return /(?:\/|%2F)([a-z0-9-]+)(?:\/|%2F)aws4_request/i.exec(
    `${String(headers['authorization'])} ${query}`,
  )?.[1]
}

/** What browsers send with a presigned POST: nothing else that is served here comes as a form. */
const isForm = (headers: SignedRequest['headers']): boolean =>
  String(headers['content-type']).startsWith('multipart/form-data') && headers['authorization'] === undefined

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
  if (url === undefined && signed.method === 'POST' && isForm(signed.headers)) {
    throw new AwsError(
      'NotImplemented',
      501,
      'Uploads by a form (presigned POST) are not implemented: use a presigned PUT, such as generate_presigned_url("put_object", …).',
    )
  }
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
