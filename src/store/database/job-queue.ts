import { sql } from 'kysely'
import { isPostgresDatabase } from './is-postgres-database.ts'
import { listConditions, type ListFilters } from './list-filters.ts'
import { NameTaken } from './resource-store.ts'
import type { Database, JobTable } from './tables.ts'

/** A job as it stands. `Spec` and `Progress` are what its kind makes of them. */
export interface QueuedJob<Spec, Progress> {
  readonly id: string
  readonly kind: string
  readonly name: string
  readonly owner: string
  readonly state: JobTable['state']
  readonly spec: Spec
  readonly progress: Progress
  readonly failure: JobFailure | null
  readonly stopRequested: boolean
  readonly pauseRequested: boolean
  /** How many workers have taken it up so far. */
  readonly attempts: number
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly updatedAt: number
  readonly endedAt: number | null
}

export interface JobFailure {
  readonly code: string
  readonly message: string
  /** `s3://` URI of the data that are to blame. */
  readonly data?: string
}

export interface NewJob<Spec, Progress> {
  readonly id: string
  readonly kind: string
  /** Unique among its kind. */
  readonly name: string
  /** Whose turn it is counted for. */
  readonly owner: string
  readonly spec: Spec
  readonly progress: Progress
}

/** How many jobs of a kind are in a state. */
export interface JobCount {
  readonly kind: string
  readonly state: JobTable['state']
  readonly count: number
}

export interface ListJobs extends ListFilters {
  readonly kind: string
  readonly states?: readonly JobTable['state'][]
}

/** The worker that asks does not hold the job any more: its lease ran out, or the job has ended. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost'
}

export interface JobQueueOptions {
  readonly now?: () => number
  /** Milliseconds for which a worker holds a job without renewing. Default 30,000. */
  readonly lease?: number
}

/**
 * Jobs that outlive processes, on the database. A worker holds a job by a lease that it renews; when it dies, the lease
 * runs out and another worker takes the job up where its files are. Whoever lost a lease can write nothing any more.
 */
export class JobQueue<Spec, Progress> {
  readonly #database: Database
  readonly #now: () => number
  readonly #lease: number

  constructor(database: Database, { now = Date.now, lease = 30_000 }: JobQueueOptions = {}) {
    this.#database = database
    this.#now = now
    this.#lease = lease
  }

  /** @throws NameTaken where the kind has a job of that name */
  async add({ id, kind, name, owner, spec, progress }: NewJob<Spec, Progress>): Promise<void> {
    const now = this.#now()
    const { numInsertedOrUpdatedRows } = await this.#database
      .insertInto('jobs')
      .values({
        id,
        kind,
        name,
        owner,
        state: 'queued',
        spec: JSON.stringify(spec),
        progress: JSON.stringify(progress),
        failure: null,
        stop_requested: 0,
        pause_requested: 0,
        attempts: 0,
        worker: null,
        lease_until: null,
        created_at: now,
        updated_at: now,
        ended_at: null,
      })
      .onConflict((conflict) => conflict.columns(['kind', 'name']).doNothing())
      .executeTakeFirst()
    if (numInsertedOrUpdatedRows === 0n) throw new NameTaken(`${kind} ${name} exists`)
  }

  /**
   * Takes the next job: of the owner with the fewest running ones, the oldest. A job whose worker is gone comes first.
   */
  async claim(worker: string, kinds: readonly string[]): Promise<QueuedJob<Spec, Progress> | undefined> {
    const now = this.#now()
    const row = await this.#database.transaction().execute(async (transaction) => {
      const next = transaction
        .selectFrom('jobs as job')
        .select('job.id')
        .where('job.kind', 'in', kinds)
        .where((is) =>
          is.or([
            is('job.state', '=', 'queued'),
            is.and([is('job.state', '=', 'running'), is('job.lease_until', '<', now)]),
          ]),
        )
        .orderBy(sql`case when job.state = 'running' then 0 else 1 end`)
        .orderBy(
          sql`(select count(*) from jobs as other where other.state = 'running' and other.owner = job.owner)`,
        )
        .orderBy('job.created_at')
        .orderBy('job.id')
        .limit(1)
      // Where several workers ask at once, each passes over what another is about to take.
      const locked = isPostgresDatabase(this.#database) ? next.forUpdate().skipLocked() : next
      const found = await locked.executeTakeFirst()
      if (found === undefined) return undefined
      return transaction
        .updateTable('jobs')
        .set((set) => ({
          state: 'running',
          worker,
          lease_until: now + this.#lease,
          attempts: set('attempts', '+', 1),
          updated_at: now,
        }))
        .where('id', '=', found.id)
        .where((is) => is.or([is('state', '=', 'queued'), is('lease_until', '<', now)]))
        .returningAll()
        .executeTakeFirst()
    })
    return row === undefined ? undefined : toJob(row)
  }

  /**
   * Keeps the lease and notes how far the job is.
   *
   * @returns whether somebody wants it stopped, or paused
   * @throws LeaseLost
   */
  async renew(
    id: string,
    worker: string,
    progress?: Progress,
  ): Promise<{ readonly stop: boolean; readonly pause: boolean }> {
    const now = this.#now()
    const row = await this.#database
      .updateTable('jobs')
      .set({
        lease_until: now + this.#lease,
        ...(progress === undefined ? {} : { progress: JSON.stringify(progress), updated_at: now }),
      })
      .where('id', '=', id)
      .where('worker', '=', worker)
      .where('state', '=', 'running')
      .returning(['stop_requested', 'pause_requested'])
      .executeTakeFirst()
    if (row === undefined) throw new LeaseLost(`job ${id} is not held by ${worker}`)
    return { stop: row.stop_requested === 1, pause: row.pause_requested === 1 }
  }

  /** @throws LeaseLost */
  async end(
    id: string,
    worker: string,
    outcome: {
      readonly state: 'succeeded' | 'failed' | 'stopped'
      readonly progress: Progress
      readonly failure?: JobFailure
    },
  ): Promise<void> {
    const now = this.#now()
    const { numUpdatedRows } = await this.#database
      .updateTable('jobs')
      .set({
        state: outcome.state,
        progress: JSON.stringify(outcome.progress),
        failure: outcome.failure === undefined ? null : JSON.stringify(outcome.failure),
        worker: null,
        lease_until: null,
        updated_at: now,
        ended_at: now,
      })
      .where('id', '=', id)
      .where('worker', '=', worker)
      .where('state', '=', 'running')
      .executeTakeFirst()
    if (numUpdatedRows === 0n) throw new LeaseLost(`job ${id} is not held by ${worker}`)
  }

  /**
   * Gives a job back that is not done, to be taken up by whoever asks next, or to wait where somebody wants it paused.
   */
  async release(id: string, worker: string, progress?: Progress): Promise<void> {
    await this.#database
      .updateTable('jobs')
      .set({
        state: sql<JobTable['state']>`case when pause_requested = 1 then 'paused' else 'queued' end`,
        worker: null,
        lease_until: null,
        updated_at: this.#now(),
        ...(progress === undefined ? {} : { progress: JSON.stringify(progress) }),
      })
      .where('id', '=', id)
      .where('worker', '=', worker)
      .where('state', '=', 'running')
      .execute()
  }

  /**
   * Lets the leases of workers that are known to be gone run out at once.
   *
   * @returns the ids of their jobs
   */
  async expire(isGone: (worker: string) => boolean): Promise<string[]> {
    const held = await this.#database
      .selectFrom('jobs')
      .select(['id', 'worker'])
      .where('state', '=', 'running')
      .execute()
    const expired: string[] = []
    for (const { id, worker } of held) {
      if (worker === null || !isGone(worker)) continue
      await this.#database
        .updateTable('jobs')
        .set({ lease_until: 0 })
        .where('id', '=', id)
        .where('worker', '=', worker)
        .execute()
      expired.push(id)
    }
    return expired
  }

  /**
   * Asks for a stop. A job that nobody holds is stopped at once.
   *
   * @returns the job as it stands then; undefined when there is none
   */
  async requestStop(id: string): Promise<QueuedJob<Spec, Progress> | undefined> {
    const now = this.#now()
    await this.#database
      .updateTable('jobs')
      .set({ state: 'stopped', stop_requested: 1, updated_at: now, ended_at: now })
      .where('id', '=', id)
      .where('state', 'in', ['queued', 'paused'])
      .execute()
    await this.#database
      .updateTable('jobs')
      .set({ stop_requested: 1, updated_at: now })
      .where('id', '=', id)
      .where('state', '=', 'running')
      .execute()
    return this.find(id)
  }

  /**
   * Asks for a pause. A job that nobody has taken up is paused at once.
   *
   * @returns the job as it stands then; undefined when there is none
   */
  async requestPause(id: string): Promise<QueuedJob<Spec, Progress> | undefined> {
    await this.#database
      .updateTable('jobs')
      .set({
        state: sql<JobTable['state']>`case when state = 'queued' then 'paused' else state end`,
        pause_requested: 1,
        updated_at: this.#now(),
      })
      .where('id', '=', id)
      .where('state', 'in', ['queued', 'running'])
      .where('stop_requested', '=', 0)
      .execute()
    return this.find(id)
  }

  /**
   * Lets a paused job go on; one that is about to pause goes on at once.
   *
   * @returns the job as it stands then; undefined when there is none
   */
  async resume(id: string): Promise<QueuedJob<Spec, Progress> | undefined> {
    await this.#database
      .updateTable('jobs')
      .set({
        state: sql<JobTable['state']>`case when state = 'paused' then 'queued' else state end`,
        pause_requested: 0,
        updated_at: this.#now(),
      })
      .where('id', '=', id)
      .where('pause_requested', '=', 1)
      .where('state', 'in', ['paused', 'running'])
      .execute()
    return this.find(id)
  }

  /** Of every kind. */
  async counts(): Promise<JobCount[]> {
    const rows = await this.#database
      .selectFrom('jobs')
      .select(['kind', 'state', (jobs) => jobs.fn.countAll<number>().as('count')])
      .groupBy(['kind', 'state'])
      .execute()
    return rows
  }

  async find(id: string): Promise<QueuedJob<Spec, Progress> | undefined> {
    const row = await this.#database.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst()
    return row === undefined ? undefined : toJob(row)
  }

  async findByName(kind: string, name: string): Promise<QueuedJob<Spec, Progress> | undefined> {
    const row = await this.#database
      .selectFrom('jobs')
      .selectAll()
      .where('kind', '=', kind)
      .where('name', '=', name)
      .executeTakeFirst()
    return row === undefined ? undefined : toJob(row)
  }

  async list(options: ListJobs): Promise<QueuedJob<Spec, Progress>[]> {
    const order = options.ascending === true ? 'asc' : 'desc'
    let query = this.#database.selectFrom('jobs').selectAll().where('kind', '=', options.kind)
    if (options.states !== undefined) query = query.where('state', 'in', options.states)
    for (const condition of listConditions(this.#database, options)) query = query.where(condition)
    const rows = await query.orderBy('created_at', order).orderBy('id', order).limit(options.limit).execute()
    return rows.map((row) => toJob<Spec, Progress>(row))
  }
}

const toJob = <Spec, Progress>(row: JobTable): QueuedJob<Spec, Progress> => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  owner: row.owner,
  state: row.state,
  spec: JSON.parse(row.spec) as Spec,
  progress: JSON.parse(row.progress) as Progress,
  failure: row.failure === null ? null : (JSON.parse(row.failure) as JobFailure),
  stopRequested: row.stop_requested === 1,
  pauseRequested: row.pause_requested === 1,
  attempts: row.attempts,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  endedAt: row.ended_at,
})
