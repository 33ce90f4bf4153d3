import { randomBytes } from 'node:crypto'
import type { Atomically } from '../../store/database/atomically.ts'
import type { JobEvent, JobEvents, ListJobEvents } from '../../store/database/job-events.ts'
import { JobQueue, type ListJobs } from '../../store/database/job-queue.ts'
import { NameTaken, type ResourceStore } from '../../store/database/resource-store.ts'
import {
  freshProgress,
  servedModel,
  tuningKind,
  type ServedModel,
  type TuningJob,
  type TuningProgress,
  homeModelId,
  type TuningSpec,
} from './tuning-job.ts'
import type { TuningEventType } from './tuning-events.ts'

/** There is a job or a model of that name. */
export class TuningNameTaken extends Error {
  override readonly name = 'TuningNameTaken'
  readonly what: 'job' | 'model'

  constructor(what: 'job' | 'model', taken: string) {
    super(`there is a ${what} called ${taken}`)
    this.what = what
  }
}

export interface NewTuningJob extends Omit<TuningSpec, 'modelId'> {
  readonly name: string
  readonly owner: string
}

/** Tuning jobs and the models that come of them, whatever API they were asked for in. */
export class TuningService {
  readonly #queue: JobQueue<TuningSpec, TuningProgress>
  readonly #models: ResourceStore<ServedModel>
  readonly #events: JobEvents
  readonly #atomically: Atomically
  readonly #removeModel: (homeId: string) => Promise<void>

  /** @param removeModel removes what a job that is stopped while no worker holds it has in the home */
  constructor(
    queue: JobQueue<TuningSpec, TuningProgress>,
    models: ResourceStore<ServedModel>,
    events: JobEvents,
    atomically: Atomically,
    removeModel: (homeId: string) => Promise<void>,
  ) {
    this.#queue = queue
    this.#models = models
    this.#events = events
    this.#atomically = atomically
    this.#removeModel = removeModel
  }

  /**
   * Saves a job; a worker takes it up. Its model's name is taken from now on.
   *
   * @param id of the job, where its name or its data are made of it
   * @throws TuningNameTaken
   */
  async create({ name, owner, ...rest }: NewTuningJob, id: string = resourceId()): Promise<TuningJob> {
    const modelId = resourceId()
    const spec: TuningSpec = { ...rest, modelId }
    await this.#atomically(async () => {
      const model = { id: modelId, name: spec.modelName, state: 'creating', parent: spec.profile }
      await named('job', name, () =>
        this.#queue.add({ id, kind: tuningKind, name, owner, spec, progress: freshProgress }),
      )
      await named('model', spec.modelName, () =>
        this.#models.add({ ...model, document: servedModel({ id, spec }, freshProgress) }),
      )
      await this.#tell(id, 'created')
    })
    const job = await this.find(id)
    if (job === undefined) throw new Error(`job ${id} is gone`)
    return job
  }

  async find(id: string): Promise<TuningJob | undefined> {
    const job = await this.#queue.find(id)
    return job?.kind === tuningKind ? job : undefined
  }

  findByName(name: string): Promise<TuningJob | undefined> {
    return this.#queue.findByName(tuningKind, name)
  }

  list(options: Omit<ListJobs, 'kind'>): Promise<TuningJob[]> {
    return this.#queue.list({ ...options, kind: tuningKind })
  }

  /** Asks for a stop; the model's name is free again when the job has stopped. */
  async stop(id: string): Promise<TuningJob | undefined> {
    const { job, atOnce } = await this.#atomically(async () => {
      const before = await this.find(id)
      const after = before === undefined ? undefined : await this.#queue.requestStop(id)
      const stopped = after?.state === 'stopped' && before?.state !== 'stopped'
      if (after?.state === 'running') await this.#tell(id, 'stopping')
      if (after !== undefined && stopped) {
        await this.#models.remove(after.spec.modelId)
        await this.#tell(id, 'stopped', 'end')
      }
      return { job: after, atOnce: stopped }
    })
    if (job !== undefined && atOnce && job.spec.isAdopted !== true) {
      await this.#removeModel(homeModelId(job.spec))
    }
    return job
  }

  /** Asks for a pause: it stops at the next step with all that it has. A job that nobody has taken up waits at once. */
  async pause(id: string): Promise<TuningJob | undefined> {
    return this.#atomically(async () => {
      const before = await this.find(id)
      const job = before === undefined ? undefined : await this.#queue.requestPause(id)
      if (job?.pauseRequested === true && before?.pauseRequested !== true) await this.#tellOnce(id, 'paused')
      return job
    })
  }

  /** Lets a paused job go on where it was. */
  async resume(id: string): Promise<TuningJob | undefined> {
    return this.#atomically(async () => {
      const before = await this.find(id)
      const job = before === undefined ? undefined : await this.#queue.resume(id)
      if (job?.pauseRequested === false && before?.pauseRequested === true) {
        await this.#tellOnce(id, 'resumed')
      }
      return job
    })
  }

  /** What happened to a job, newest first. */
  events(id: string, options: ListJobEvents): Promise<JobEvent[]> {
    return this.#events.list(id, options)
  }

  #tell(job: string, type: TuningEventType, what: string = type): Promise<void> {
    return this.#events.add([{ job, what, type, data: {} }])
  }

  /** Of what can happen several times. */
  #tellOnce(job: string, type: TuningEventType): Promise<void> {
    return this.#tell(job, type, `${type} ${resourceId()}`)
  }
}

async function named(what: TuningNameTaken['what'], name: string, add: () => Promise<void>): Promise<void> {
  try {
    await add()
  } catch (error) {
    throw error instanceof NameTaken ? new TuningNameTaken(what, name) : error
  }
}

/** Twelve lower-case letters and digits. */
export function resourceId(): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'
  return [...randomBytes(12)].map((byte) => alphabet[byte % alphabet.length]).join('')
}
