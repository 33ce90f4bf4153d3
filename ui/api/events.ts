import { useEffect, useRef, useState } from 'react'
import { ApiError, toApiError } from './api-error.ts'
import { send, type OperationId, type Operations, type Sent } from './client.ts'
import { pause } from './pause.ts'
import { readEvents } from './read-events.ts'

/** Operations that tell events. */
export type StreamId = {
  [Id in OperationId]: Operations[Id] extends { readonly events: unknown } ? Id : never
}[OperationId]

export type EventOf<Id extends StreamId> = Operations[Id] extends { readonly events: infer Event }
  ? Event
  : never

/**
 * The events of an operation that streams or tells how far it is, once; leaving the loop ends the request, and the work with it.
 *
 * @throws ApiError also for an `error` event
 */
export async function* stream<Id extends StreamId>(
  id: Id,
  sent: Sent<Id>,
  /** Called when the server has begun to answer. */
  onOpen: () => void = () => undefined,
): AsyncGenerator<EventOf<Id>> {
  const leaving = new AbortController()
  const { signal } = sent as { readonly signal?: AbortSignal }
  const both = signal === undefined ? leaving.signal : AbortSignal.any([signal, leaving.signal])
  const response = await send(id, { ...sent, signal: both }, 'text/event-stream')
  onOpen()
  try {
    for await (const event of readEvents(textOf(response))) {
      if (event.event === 'error') throw new ApiError(response.status, event.data as ApiError)
      yield event as EventOf<Id>
    }
  } catch (error) {
    throw both.aborted ? error : toApiError(error)
  } finally {
    leaving.abort()
  }
}

/** The server says something every 15 seconds; a connection that is silent for longer has no other end any more. */
const longestSilence = 45_000

async function* textOf({ body }: Response): AsyncGenerator<string> {
  if (body === null) return
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  const silence = (): void => void reader.cancel().catch(() => undefined)
  let timer = setTimeout(silence, longestSilence)
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      clearTimeout(timer)
      timer = setTimeout(silence, longestSilence)
      yield value
    }
  } finally {
    clearTimeout(timer)
    silence()
  }
}

export type Connection = 'connecting' | 'open' | 'lost' | 'ended' | 'refused'

const longestWait = 15_000

interface FollowHandlers<Id extends StreamId> {
  readonly onEvent: (event: EventOf<Id>) => void
  readonly onConnection: (connection: Connection, error?: ApiError) => void
}

/**
 * Follows what has ids and an `end` (`followJob`, `followEvaluation`), also when the connection or the server is gone for a while:
 * it asks again after 0.5, 1, 2 … 15 seconds with `last-event-id` and misses nothing. Ends with `end`, a refusal, or the signal.
 */
async function follow<Id extends 'followJob' | 'followEvaluation'>(
  id: Id,
  path: { readonly id: string },
  { onEvent, onConnection }: FollowHandlers<Id>,
  signal: AbortSignal,
): Promise<void> {
  let last: string | undefined
  let wait = 500
  while (!signal.aborted) {
    try {
      const headers = last === undefined ? {} : { 'last-event-id': last }
      const onOpen = (): void => {
        onConnection('open')
        wait = 500
      }
      for await (const event of stream(id, { path, headers, signal } as unknown as Sent<Id>, onOpen)) {
        const { id: at, event: kind } = event as { readonly id?: string; readonly event: string }
        last = at ?? last
        onEvent(event)
        if (kind === 'end') return onConnection('ended')
      }
    } catch (error) {
      if (signal.aborted) return
      const refused = toApiError(error)
      // What the server refuses now it refuses again; what it cannot do now it may do later.
      if (refused.status >= 400 && refused.status < 500 && refused.status !== 429) {
        return onConnection('refused', refused)
      }
    }
    if (signal.aborted) return
    onConnection('lost')
    await pause(wait, signal)
    wait = Math.min(wait * 2, longestWait)
  }
}

/** Follows while the component is there; `undefined` follows nothing. The handler may change at every render. */
export function useFollow<Id extends 'followJob' | 'followEvaluation'>(
  id: Id,
  subject: string | undefined,
  onEvent: (event: EventOf<Id>) => void,
): { readonly connection: Connection; readonly error: ApiError | undefined } {
  const handler = useRef(onEvent)
  useEffect(() => {
    handler.current = onEvent
  })
  const [state, setState] = useState<{ connection: Connection; error: ApiError | undefined }>({
    connection: 'connecting',
    error: undefined,
  })
  useEffect(() => {
    if (subject === undefined) return undefined
    const leaving = new AbortController()
    setState({ connection: 'connecting', error: undefined })
    void follow(
      id,
      { id: subject },
      {
        onEvent: (event) => handler.current(event),
        onConnection: (connection, error) =>
          setState((was) => (was.connection === connection ? was : { connection, error })),
      },
      leaving.signal,
    )
    return () => leaving.abort()
  }, [id, subject])
  return state
}
