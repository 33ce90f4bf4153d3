import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { TrainingEvent } from '../../core/training-event.ts'

/** A line of a run's log. */
export type LoggedEvent = TrainingEvent & {
  /** ISO 8601, UTC. */
  readonly time: string
}

export interface LogPage {
  readonly events: readonly {
    readonly event: LoggedEvent
    /** Byte at which the next line begins. */ readonly end: number
  }[]
  /** Byte from which to go on. */
  readonly end: number
}

export const logName = 'events.jsonl'
const chunkBytes = 256 * 2 ** 10

/**
 * Whole lines of a run's log from a byte on; a line that is still being written is left for later. A log that is not there
 * has none.
 *
 * @param from a place that was answered as `end`; one beyond the log begins anew, as the run did
 */
export async function readRunLog(folder: string, from: number, mostEvents: number): Promise<LogPage> {
  const file = join(folder, logName)
  const size = (await stat(file).catch(() => undefined))?.size ?? 0
  let at = from > size ? 0 : from
  const events: { event: LoggedEvent; end: number }[] = []
  if (size === at) return { events, end: at }
  const handle = await open(file)
  try {
    let rest = Buffer.alloc(0)
    while (events.length < mostEvents) {
      const chunk = Buffer.alloc(chunkBytes)
      const { bytesRead } = await handle.read(chunk, 0, chunkBytes, at + rest.length)
      if (bytesRead === 0) break
      rest = Buffer.concat([rest, chunk.subarray(0, bytesRead)])
      for (let end = rest.indexOf(0x0a); end !== -1 && events.length < mostEvents; end = rest.indexOf(0x0a)) {
        at += end + 1
        const event = parsed(rest.toString('utf8', 0, end))
        if (event !== undefined) events.push({ event, end: at })
        rest = rest.subarray(end + 1)
      }
    }
  } finally {
    await handle.close()
  }
  return { events, end: at }
}

/** The last events of a log, without reading what comes before. */
export async function readLogTail(folder: string): Promise<readonly LoggedEvent[]> {
  const file = join(folder, logName)
  const size = (await stat(file).catch(() => undefined))?.size ?? 0
  const from = Math.max(0, size - chunkBytes)
  const { events } = await readRunLog(folder, from, Infinity)
  return events.map(({ event }) => event)
}

/** All events of a log, a page at a time. */
export async function* runLogEvents(folder: string): AsyncGenerator<LoggedEvent> {
  for (let from = 0; ;) {
    const { events, end } = await readRunLog(folder, from, 5000)
    if (events.length === 0) return
    for (const { event } of events) yield event
    from = end
  }
}

/** A line that a crash has cut, or that begins in the middle, says nothing. */
function parsed(line: string): LoggedEvent | undefined {
  try {
    const value = JSON.parse(line) as (Partial<LoggedEvent> & { readonly schema?: unknown }) | null
    if (typeof value !== 'object' || typeof value?.type !== 'string' || typeof value.time !== 'string') {
      return undefined
    }
    const { schema: _, ...event } = value
    return event as LoggedEvent
  } catch {
    return undefined
  }
}
