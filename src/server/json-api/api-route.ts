import type { z } from 'zod'
import type { ApiReply, ApiRequest } from './api-request.ts'

/** What a key must be allowed for a route; `anyone` needs no key. */
type RouteAction = 'invoke' | 'read' | 'write' | 'admin' | 'anyone'

/** A request that fits a route, read. */
export interface ApiCall<Body = unknown, Query = unknown> extends ApiRequest {
  /** Parts of the path by the names of the pattern, decoded. */
  readonly labels: Readonly<Record<string, string>>
  readonly body: Body
  readonly search: Query
}

export interface ApiRoute<Body = unknown, Query = unknown> {
  /** For the log, metrics and the audit log: unique in its dialect. */
  readonly name: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Segments of a path; one in braces is a label: `/v1/models/{model}`. */
  readonly path: string
  readonly action: RouteAction
  /** What the action is done to, where it is not the first label. */
  resource?(call: Pick<ApiCall<Body, Query>, 'body' | 'labels' | 'search'>): string
  /** Of a JSON body, which is held whole. Without it the route reads `stream()`, or no body. */
  readonly body?: z.ZodType<Body>
  /** Most bytes of a JSON body. Default 2 MiB. */
  readonly largestBody?: number
  /** Of the query: a name that occurs several times is a list. Without it the query is not looked at. */
  readonly search?: z.ZodType<Query>
  answer(call: ApiCall<Body, Query>): Promise<ApiReply>
}

/** A route, with the types of its schemas checked and then forgotten. */
export const route = <Body = undefined, Query = undefined>(options: ApiRoute<Body, Query>): ApiRoute =>
  options

export type FoundRoute =
  | { readonly route: ApiRoute; readonly labels: Readonly<Record<string, string>> }
  /** The methods that the path has instead. */
  | { readonly route: undefined; readonly methods: readonly string[] }

/** The first route that fits. A label is decoded once and may hold an encoded slash; an empty one fits nothing. */
export function findRoute(routes: readonly ApiRoute[], method: string, path: string): FoundRoute {
  const segments = path.split('/')
  const methods: string[] = []
  for (const each of routes) {
    const labels = labelsOf(each.path.split('/'), segments)
    if (labels === undefined) continue
    if (each.method === method) return { route: each, labels }
    methods.push(each.method)
  }
  return { route: undefined, methods: [...new Set(methods)] }
}

function labelsOf(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined
  const labels: [string, string][] = []
  for (const [at, part] of pattern.entries()) {
    const segment = segments[at] ?? ''
    if (!part.startsWith('{')) {
      if (part !== segment) return undefined
      continue
    }
    if (segment === '') return undefined
    labels.push([part.slice(1, -1), decoded(segment)])
  }
  return Object.fromEntries(labels)
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
