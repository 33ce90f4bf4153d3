import { places, type Error as Failure, type Operations } from './contract.ts'
import { ApiError, toApiError } from './api-error.ts'
import { currentKey, signOut } from './session.ts'

export type * from './contract.ts'

export type OperationId = keyof Operations

type Part<Id extends OperationId, Name extends string> = Operations[Id] extends {
  readonly [Key in Name]: infer Value
}
  ? { readonly [Key in Name]: Value }
  : unknown

/** What an operation is given: parts of its path, its query, its headers and its body, as far as it has them. */
export type Sent<Id extends OperationId> = Part<Id, 'path'> &
  Partial<Part<Id, 'query'>> &
  Partial<Part<Id, 'headers'>> &
  Part<Id, 'body'> & {
    readonly signal?: AbortSignal
    /** In place of the visitor's own, to try it. */
    readonly key?: string
  }

export type Answer<Id extends OperationId> = Operations[Id]['answer']

/**
 * Asks the API: `await call('getJob', { path: { id }, signal })`.
 *
 * @throws ApiError; where the key is no longer taken the visitor is asked to sign in as well
 */
export async function call<Id extends OperationId>(id: Id, sent: Sent<Id>): Promise<Answer<Id>> {
  const response = await send(id, sent, 'application/json')
  const answer: unknown = places[id].isJson ? await response.json() : response
  return answer as Answer<Id>
}

type Query = Readonly<Record<string, string | number | boolean | undefined>>

/** The answer as it comes in. @throws ApiError */
export async function send<Id extends OperationId>(
  id: Id,
  sent: Sent<Id>,
  accept: string,
): Promise<Response> {
  const { path, query, headers, body, signal } = sent as {
    readonly path?: Readonly<Record<string, string>>
    readonly query?: Query
    readonly headers?: Readonly<Record<string, unknown>>
    readonly body?: unknown
    readonly signal?: AbortSignal
    readonly key?: string
  }
  const key = sent.key ?? currentKey()
  const isBytes = body instanceof Uint8Array || body instanceof Blob
  const response = await fetch(address(id, path, query), {
    method: places[id].method,
    headers: {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      accept,
      ...Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)])),
      ...(body === undefined || isBytes ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: isBytes ? (body as BodyInit) : JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  }).catch((error: unknown) => {
    throw signal?.aborted === true ? error : toApiError(error)
  })
  if (response.ok) return response
  const error = new ApiError(response.status, await failureOf(response))
  // Another key may have been given while this one was on its way.
  if (error.status === 401 && key === currentKey()) signOut(error.message)
  throw error
}

function address(id: OperationId, path: Readonly<Record<string, string>> = {}, query: Query = {}): string {
  const filled = places[id].path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(path[name] ?? ''),
  )
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) params.set(name, String(value))
  }
  return params.size === 0 ? filled : `${filled}?${params.toString()}`
}

/** What a refusal says; of one that is not the API's, such as that of a proxy, only the status is known. */
async function failureOf(response: Response): Promise<Failure> {
  const body: unknown = await response.json().catch(() => undefined)
  if (typeof body === 'object' && body !== null && 'code' in body && 'message' in body) return body as Failure
  return {
    code: 'E_UNREACHABLE',
    message: `the answer was HTTP ${response.status}, and not one of this server`,
    at: {},
    hint: 'see what stands between this page and hone serve',
  }
}
