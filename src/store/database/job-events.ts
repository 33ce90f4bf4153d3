import { randomBytes } from 'node:crypto'
import type { JsonObject } from '../../core/example.ts'
import type { Database } from './tables.ts'

/** Something that happened to a job. */
export interface JobEvent {
  /** Events of a job that come later have greater ids. */
  readonly id: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly type: string
  readonly data: JsonObject
}

export interface NewJobEvent {
  readonly job: string
  /** Names it among the job's events: what a job that was taken up again tells once more is kept once. */
  readonly what: string
  readonly type: string
  readonly data: JsonObject
  /** Of an event that is kept later than it happened. */
  readonly stamp?: EventStamp
}

/** The time of an event, and its place among all others. */
export type EventStamp = Pick<JobEvent, 'id' | 'at'>

export interface ListJobEvents {
  /** Id of the last event of the page before. */
  readonly after?: string
  readonly limit: number
  /** Default false: newest first. */
  readonly ascending?: boolean
}

/** What happened to jobs, in order, on the database. */
export class JobEvents {
  readonly #database: Database
  readonly #now: () => number

  constructor(database: Database, now: () => number = Date.now) {
    this.#database = database
    this.#now = now
  }

  /** What an event that happens now is ordered by. */
  stamp(): EventStamp {
    const at = this.#now()
    return { id: orderedId(at), at }
  }

  /** Keeps events in their order. */
  async add(events: readonly NewJobEvent[]): Promise<void> {
    // Statements have room for so many values only.
    for (let from = 0; from < events.length; from += 50) {
      const rows = events.slice(from, from + 50).map(({ job, what, type, data, stamp = this.stamp() }) => ({
        ...stamp,
        job,
        what,
        type,
        data: JSON.stringify(data),
      }))
      await this.#database
        .insertInto('job_events')
        .values(rows)
        .onConflict((conflict) => conflict.columns(['job', 'what']).doNothing())
        .execute()
    }
  }

  async list(job: string, { after, limit, ascending = false }: ListJobEvents): Promise<JobEvent[]> {
    let query = this.#database.selectFrom('job_events').selectAll().where('job', '=', job)
    if (after !== undefined) query = query.where('id', ascending ? '>' : '<', after)
    const rows = await query
      .orderBy('id', ascending ? 'asc' : 'desc')
      .limit(limit)
      .execute()
    return rows.map(({ id, at, type, data }) => ({ id, at, type, data: JSON.parse(data) as JsonObject }))
  }
}

let last = 0

/** Twenty-one digits and small letters: the time, a number that grows within it, and chance. */
function orderedId(at: number): string {
  // A clock that was set back does not put what comes later in front.
  last = Math.max(last + 1, at * 4096)
  return `${last.toString(36).padStart(11, '0')}${randomBytes(5).toString('hex')}`
}
