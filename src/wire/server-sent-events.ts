/** One event of a stream. */
export interface ServerSentEvent {
  /** Its type; without one it is a `message`. */
  readonly event?: string
  /** What a client that comes back says it has seen last. */
  readonly id?: string
  readonly data: string
}

export const serverSentEventType = 'text/event-stream; charset=utf-8'

/** Says nothing; keeps a connection open on which nothing happens. */
export const keepAliveComment = ':\n\n'

/**
 * The bytes of an event, as text. A type or id is one line: breaks in it are left out, and so is the null of an id.
 * Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export function serverSentEvent({ event, id, data }: ServerSentEvent): string {
  const type = event === undefined ? '' : `event: ${oneLine(event)}\n`
  const name = id === undefined ? '' : `id: ${oneLine(id).replaceAll('\0', '')}\n`
  const lines = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`)
  return `${type}${name}${lines.join('')}\n`
}

const oneLine = (text: string): string => text.replaceAll(/[\r\n]/g, '')

/** An event whose data is JSON. */
export const jsonEvent = (data: unknown, event?: string): ServerSentEvent => ({
  ...(event === undefined ? {} : { event }),
  data: JSON.stringify(data),
})
