import type { Readable } from 'node:stream'
import type { z } from 'zod'
import { HoneError } from '../../core/errors.ts'
import { begun } from '../../lib/begun.ts'
import { ApiFault } from '../json-api/api-fault.ts'
import type { ApiReply } from '../json-api/api-request.ts'
import { route, type ApiCall, type ApiRoute } from '../json-api/api-route.ts'
import { jsonEvent, type ServerSentEvent } from '../../wire/server-sent-events.ts'
import type { progress } from './contract/common.ts'
import type { Operation } from './contract/operation.ts'

/** What may be answered for a schema: services answer readonly values. */
export type Answered<Value> = Value extends (infer Item)[]
  ? readonly Answered<Item>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: Answered<Value[Key]> }
    : Value

export type Progress = z.infer<typeof progress>

type Output<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined

type Call<Each extends Operation> = ApiCall<
  Each['body'] extends z.ZodType ? Output<Each['body']> : undefined,
  Output<Each['query']>
>

type EventOf<Events> = {
  [Name in keyof Events]: {
    readonly event: Name
    readonly data: Events[Name] extends z.ZodType ? Answered<z.input<Events[Name]>> : never
    /** What a client that comes back says it has seen last. */
    readonly id?: string
  }
}[keyof Events]

/** What is streamed as a file, and what it is called on the client's disk. */
interface AnsweredFile {
  readonly name: string
  readonly body: Readable
  readonly bytes?: number
  readonly mediaType?: string
}

type Handler<Each extends Operation> = Each['answer'] extends {
  readonly kind: 'json'
  readonly schema: infer Schema extends z.ZodType
}
  ? (call: Call<Each>) => Promise<Answered<z.input<Schema>>>
  : Each['answer'] extends { readonly kind: 'steps'; readonly schema: infer Schema extends z.ZodType }
    ? (call: Call<Each>, onProgress: (progress: Progress) => void) => Promise<Answered<z.input<Schema>>>
    : Each['answer'] extends { readonly kind: 'events'; readonly events: infer Events }
      ? (call: Call<Each>) => AsyncIterable<EventOf<Events>>
      : (call: Call<Each>) => Promise<AnsweredFile>

type AnyHandler = (call: ApiCall, onProgress: (progress: Progress) => void) => unknown

/** The route of an operation of the contract. What a handler may take and must answer follows from its schemas. */
export function nativeRoute<const Each extends Operation>(operation: Each, handler: Handler<Each>): ApiRoute {
  const { id, method, path, action, query, body, answer } = operation
  const handle = handler as AnyHandler
  return route({
    name: id,
    method,
    path,
    action,
    ...(query === undefined ? {} : { search: query }),
    ...(body === undefined || body === 'bytes' ? {} : { body, largestBody: 32 * 2 ** 20 }),
    resource: ({ body: sent, labels }) => Object.values(labels)[0] ?? modelOf(sent) ?? '*',
    async answer(call): Promise<ApiReply> {
      try {
        if (answer.kind === 'events') {
          const events = handle(call, ignore) as AsyncIterable<EventOf<Record<string, z.ZodType>>>
          // What fails before the first event has a status of its own.
          return { events: await begun(named(events)) }
        }
        if (answer.kind === 'file')
          return fileReply((await handle(call, ignore)) as AnsweredFile, answer.mediaType)
        if (answer.kind === 'steps' && acceptsEvents(call)) {
          return {
            events: await begun(steps((onProgress) => handle(call, onProgress) as Promise<unknown>)),
          }
        }
        const json = await handle(call, ignore)
        return {
          json,
          ...(answer.kind === 'json' && answer.status !== undefined ? { status: answer.status } : {}),
        }
      } catch (error) {
        throw told(error)
      }
    },
  })
}

const ignore = (): void => undefined

/** The model that a body names, for keys that may use some only. */
function modelOf(body: unknown): string | undefined {
  const model = typeof body === 'object' && body !== null && 'model' in body ? body.model : undefined
  return typeof model === 'string' ? model : undefined
}

const acceptsEvents = ({ headers }: ApiCall): boolean =>
  headers['accept']?.includes('text/event-stream') === true

async function* named(
  events: AsyncIterable<{ readonly event: string; readonly data: unknown; readonly id?: string }>,
): AsyncGenerator<ServerSentEvent> {
  try {
    for await (const { event, data, id } of events) {
      yield { ...jsonEvent(data, event), ...(id === undefined ? {} : { id }) }
    }
  } catch (error) {
    throw told(error)
  }
}

/** Tells how far work is, at most some times a second, and then what came of it. */
async function* steps(
  run: (onProgress: (progress: Progress) => void) => Promise<unknown>,
): AsyncGenerator<ServerSentEvent> {
  let latest: Progress | undefined
  let wake: (() => void) | undefined
  const working = run((progress) => {
    latest = progress
    wake?.()
  })
  const ended = working.then(
    () => 'ended' as const,
    () => 'ended' as const,
  )
  for (;;) {
    const news = new Promise<'news'>((resolve) => {
      wake = () => resolve('news')
      if (latest !== undefined) wake()
    })
    if ((await Promise.race([ended, news])) === 'ended') break
    if (latest !== undefined) yield jsonEvent(latest, 'progress')
    latest = undefined
    await Promise.race([ended, pause(200)])
  }
  try {
    yield jsonEvent(await working, 'result')
  } catch (error) {
    throw told(error)
  }
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds).unref())

function fileReply({ name, body, bytes, mediaType }: AnsweredFile, usual: string): ApiReply {
  return {
    headers: {
      'content-disposition': `attachment; filename="${name.replaceAll(/[^\w.@-]/g, '_')}"`,
      'x-content-type-options': 'nosniff',
      ...(bytes === undefined ? {} : { 'content-length': String(bytes) }),
    },
    content: { type: mediaType ?? usual, body },
  }
}

/** Failures of this machine that whoever works with it can do something about. */
const passing = new Set(['E_DISK', 'E_DOWNLOAD', 'E_LOCKED', 'E_CHECKSUM', 'E_DEVICE', 'E_NAN'])

function told(error: unknown): unknown {
  if (!HoneError.isInstance(error) || !passing.has(error.code)) return error
  const { code, message, hint } = error
  return new ApiFault('unavailable', message, { code, hint, cause: error })
}
