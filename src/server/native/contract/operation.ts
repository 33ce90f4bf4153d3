import type { z } from 'zod'

/** What a key must be allowed for an operation. */
export type ApiAction = 'read' | 'write' | 'admin' | 'invoke' | 'anyone'

/**
 * What an operation answers with. `json` is one object. `steps` is the same object after work that takes a while: a client
 * that accepts `text/event-stream` is told how far it is in `progress` events, then gets it in a `result` event. `events` is a
 * stream of named events. `file` is bytes.
 */
export type Answer =
  | { readonly kind: 'json'; readonly schema: z.ZodType; readonly status?: number }
  | { readonly kind: 'steps'; readonly schema: z.ZodType }
  | { readonly kind: 'events'; readonly events: Readonly<Record<string, z.ZodType>> }
  | { readonly kind: 'file'; readonly mediaType: string }

/** One operation of the API: what is sent, what is answered, and who may do it. */
export interface Operation {
  /** Name in the OpenAPI document and of the client's function. */
  readonly id: string
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Names in braces are parameters, one segment each. */
  readonly path: `/api/${string}`
  readonly summary: string
  readonly action: ApiAction
  /** Of what comes after the question mark; an object whose members are read from text. */
  readonly query?: z.ZodObject
  /** A JSON object, or bytes that are taken as they come. */
  readonly body?: z.ZodType | 'bytes'
  /** Headers that the operation reads, by lower-case name. */
  readonly headers?: Readonly<Record<string, z.ZodType>>
  readonly answer: Answer
}

/** Operations by id, each with the types of its own schemas. */
export const operations = <const Table extends Readonly<Record<string, Omit<Operation, 'id'>>>>(
  table: Table,
): { readonly [Id in keyof Table]: Table[Id] & { readonly id: Id } } =>
  Object.fromEntries(Object.entries(table).map(([id, operation]) => [id, { id, ...operation }])) as {
    readonly [Id in keyof Table]: Table[Id] & { readonly id: Id }
  }
