import { Readable } from 'node:stream'
import { keepAliveComment, serverSentEvent, serverSentEventType } from '../../wire/server-sent-events.ts'
import { isAllowed, type Identity } from '../aws/identity.ts'
import type { RequestFacts } from '../aws/request-facts.ts'
import { hangUpOf, isHangUp, type Incoming, type Outgoing } from '../http/exchange.ts'
import { sendReply, type Reply } from '../http/send-reply.ts'
import { patientBody, usualPatience, wholeBody, type Patience } from '../http/slow-clients.ts'
import { ApiFault, internalFault, toFault } from './api-fault.ts'
import type { ApiReply, ApiRequest } from './api-request.ts'
import { findRoute, type ApiCall, type ApiRoute } from './api-route.ts'
import type { AnsweredRequest, JsonApi } from './json-api.ts'
import { readJsonBody, readSearch } from './read-call.ts'
import { unservedFault } from './unserved.ts'

export interface ApiHandlerOptions {
  /** Finds a key that is sent as it is. */
  readonly findBearer: (
    key: string,
  ) => Promise<{ readonly identity: Identity; readonly expires?: number } | undefined>
  readonly now: () => number
  /** Told of failures that are nobody's but ours; the client gets a generic answer. */
  readonly onFailure: (error: unknown, request: { readonly id: string; readonly path: string }) => void
  /** Notes who changed what, and how it went. */
  readonly audit: (entry: {
    readonly keyId: string
    readonly action: string
    readonly resource: string
    readonly outcome: string
  }) => Promise<void>
  readonly patience?: Patience
}

const usualBody = 2 * 2 ** 20
/** Milliseconds without an event after which a stream says that it is still there. */
const quiet = 15_000

/** Answers requests of the APIs of JSON, over HTTP/1.1 and HTTP/2. What is learned of a request is noted in its facts. */
export function createApiHandler(
  options: ApiHandlerOptions,
): (api: JsonApi, incoming: Incoming, outgoing: Outgoing, facts: RequestFacts) => Promise<void> {
  const { now, onFailure, patience = usualPatience } = options
  return async (api, incoming, outgoing, facts) => {
    const startedAt = now()
    const signal = hangUpOf(outgoing)
    const { method = 'GET', url = '/' } = incoming
    const [path = '/'] = url.split('?', 1)
    const answered = (): AnsweredRequest => ({ id: facts.id, method, path, milliseconds: now() - startedAt })
    facts.service = api.name
    /** What the client is told; what is not its business is told to the log. */
    const faultOf = (error: unknown): ApiFault => {
      const fault = toFault(error)
      if (fault === undefined && !signal.aborted && !isHangUp(error)) onFailure(error, { id: facts.id, path })
      const told = fault ?? internalFault
      facts.error = told.code ?? told.kind
      return told
    }
    let reply: ApiReply
    try {
      reply = await answer(api, incoming, { ...options, patience }, { facts, path, startedAt, signal })
    } catch (error) {
      const fault = faultOf(error)
      reply = { status: fault.status, headers: fault.headers, ...api.refusal(fault, answered()) }
    }
    const written = toReply(reply, (error) => api.failedEvent(faultOf(error), answered()))
    try {
      const headers = { ...api.headers(answered()), ...written.headers }
      await sendReply({ ...written, headers }, incoming, outgoing, patience)
    } catch (error) {
      if (!signal.aborted && !isHangUp(error)) onFailure(error, { id: facts.id, path })
      outgoing.destroy()
    }
  }
}

async function answer(
  api: JsonApi,
  incoming: Incoming,
  options: ApiHandlerOptions & { readonly patience: Patience },
  { facts, path, ...known }: Pick<ApiRequest, 'facts' | 'path' | 'startedAt' | 'signal'>,
): Promise<ApiReply> {
  const { method = 'GET', url = '/' } = incoming
  const found = findRoute(api.routes, method === 'HEAD' ? 'GET' : method, path)
  const isOpen = found.route?.action === 'anyone'
  const identity = isOpen ? nobody : await prove(incoming, options)
  facts.keyId = identity.keyId
  if (found.route === undefined) {
    throw unservedFault(api.unserved ?? [], method, path) ?? unknownRoute(found.methods, method, path)
  }
  const { route, labels } = found
  facts.operation = route.name
  const { patience } = options
  const request: ApiRequest = {
    ...known,
    facts,
    id: facts.id,
    method,
    path,
    query: new URLSearchParams(url.slice(path.length)),
    headers: joinedHeaders(incoming),
    identity,
    stream: () => patientBody(incoming, patience.body),
  }
  const search = route.search === undefined ? undefined : readSearch(route.search, request.query)
  const [first = '*'] = Object.values(labels)
  if (route.resource === undefined) requireAllowed(route, identity, first)
  const body =
    route.body === undefined
      ? undefined
      : readJsonBody(route.body, await plainBody(incoming, patience.body, route.largestBody ?? usualBody))
  const call: ApiCall = { ...request, labels, search, body }
  const resource = route.resource?.(call) ?? first
  if (route.resource !== undefined) requireAllowed(route, identity, resource)
  const changes = route.action === 'write' || (route.action === 'admin' && route.method !== 'GET')
  return changes ? audited(route, call, resource, options) : route.answer(call)
}

/** Whoever asks for what anyone may see. */
const nobody: Identity = { keyId: '', user: '', account: '', arn: '', allow: [] }

/**
 * Proves the key that a request sends, as a bearer or in `x-api-key`.
 *
 * @throws ApiFault `unauthenticated`
 */
async function prove(
  { headers }: Incoming,
  { findBearer, now }: Pick<ApiHandlerOptions, 'findBearer' | 'now'>,
): Promise<Identity> {
  const named = headers['x-api-key']
  const bearer = /^bearer\s+(.{1,500})$/i.exec(headers.authorization ?? '')?.[1]?.trim()
  const key = bearer ?? (typeof named === 'string' && named.length <= 500 ? named.trim() : undefined)
  if (key === undefined || key === '') {
    throw new ApiFault('unauthenticated', 'No API key was sent.', {
      code: 'missing_api_key',
      hint: 'send one as "Authorization: Bearer KEY" or in x-api-key; make one with hone keys add --user NAME --bearer',
    })
  }
  const found = await findBearer(key)
  if (found === undefined || (found.expires !== undefined && now() >= found.expires)) {
    throw new ApiFault('unauthenticated', 'The API key that was sent is not known here, or has ended.', {
      code: 'invalid_api_key',
      hint: 'see the keys with hone keys list',
    })
  }
  return found.identity
}

/** @throws ApiFault `invalid` for a body that is compressed; BodyRefused */
function plainBody(incoming: Incoming, wait: number, limit: number): Promise<Uint8Array> {
  const encoding = incoming.headers['content-encoding'] ?? 'identity'
  if (encoding === 'identity') return wholeBody(incoming, wait, limit)
  throw new ApiFault('invalid', `The body is ${encoding.slice(0, 40)}, and bodies are read as they are.`, {
    hint: 'send it without content-encoding',
  })
}

function unknownRoute(methods: readonly string[], method: string, path: string): ApiFault {
  const asked = `${method} ${path.slice(0, 200)}`
  return methods.length === 0
    ? new ApiFault('not-found', `${asked} is no operation that is served here.`, {
        code: 'unknown_url',
        hint: path.startsWith('/v1/v1/') ? 'the path says /v1 twice: take it out of the base URL' : undefined,
      })
    : new ApiFault('wrong-method', `${asked}: this path takes ${methods.join(', ')}.`, {
        code: 'method_not_supported',
        headers: { allow: methods.join(', ') },
      })
}

function requireAllowed({ action }: ApiRoute, identity: Identity, resource: string): void {
  if (action === 'anyone' || isAllowed(identity, action, resource)) return
  throw new ApiFault('forbidden', `This key is not allowed to ${action} ${resource.slice(0, 200)}.`, {
    code: 'insufficient_permissions',
    hint: `make one that is: hone keys add --user NAME --bearer --allow ${action}`,
  })
}

function joinedHeaders({ headers }: Incoming): Record<string, string> {
  const known = Object.entries(headers).filter(([, value]) => value !== undefined)
  return Object.fromEntries(known.map(([name, value]) => [name, String(value)]))
}

/** Carries out what changes something, and notes who did it and how it went. */
async function audited(
  route: ApiRoute,
  call: ApiCall,
  resource: string,
  { audit }: Pick<ApiHandlerOptions, 'audit'>,
): Promise<ApiReply> {
  const note = (outcome: string): Promise<void> =>
    audit({ keyId: call.identity.keyId, action: route.name, resource: resource.slice(0, 500), outcome })
  try {
    const reply = await route.answer(call)
    await note(String(reply.status ?? 200))
    return reply
  } catch (error) {
    const fault = toFault(error)
    await note(fault === undefined ? 'internal' : (fault.code ?? fault.kind))
    throw error
  }
}

function toReply(
  { status = 200, headers = {}, json, events, content }: ApiReply,
  failedEvent: (error: unknown) => Parameters<typeof serverSentEvent>[0],
): Reply {
  if (events !== undefined) {
    const type = {
      'content-type': serverSentEventType,
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no',
    }
    const body = Readable.from(eventTexts(events, failedEvent), { objectMode: false })
    return { status, headers: { ...type, ...headers }, body }
  }
  if (content !== undefined) {
    return { status, headers: { 'content-type': content.type, ...headers }, body: content.body }
  }
  if (json === undefined) return { status, headers }
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(json) }
}

async function* eventTexts(
  events: NonNullable<ApiReply['events']>,
  failedEvent: (error: unknown) => Parameters<typeof serverSentEvent>[0],
): AsyncGenerator<string> {
  let isGiven = false
  try {
    for await (const event of withKeepAlive(events)) {
      const text = event === undefined ? keepAliveComment : serverSentEvent(event)
      isGiven = true
      yield text
      isGiven = false
    }
  } catch (error) {
    // Thrown into the generator by a reader that goes.
    if (isGiven) return
    yield serverSentEvent(failedEvent(error))
  }
}

/** The same items, and `undefined` wherever none comes for long. */
async function* withKeepAlive<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item | undefined> {
  const iterator = items[Symbol.asyncIterator]()
  let next: Promise<IteratorResult<Item>> | undefined
  try {
    for (;;) {
      next ??= iterator.next()
      let timer: NodeJS.Timeout | undefined
      const silence = new Promise<undefined>((resolve) => {
        timer = setTimeout(() => resolve(undefined), quiet)
      })
      const result = await Promise.race([next, silence]).finally(() => clearTimeout(timer))
      if (result === undefined) {
        yield undefined
        continue
      }
      next = undefined
      if (result.done === true) return
      yield result.value
    }
  } finally {
    next?.catch(() => undefined)
    // Whoever makes the items ends by its signal where it waits for the next.
    void Promise.resolve(iterator.return?.()).catch(() => undefined)
  }
}
