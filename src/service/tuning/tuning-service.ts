import { randomBytes } from 'node:crypto'
import type { Atomically } from '../../store/database/atomically.ts'
import { JobQueue, type ListJobs } from '../../store/database/job-queue.ts'
import { NameTaken, type ResourceStore } from '../../store/database/resource-store.ts'
import {
  freshProgress,
  servedModel,
  tuningKind,
  type ServedModel,
  type TuningJob,
  type TuningProgress,
  type TuningSpec,
} from './tuning-job.ts'

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
  readonly #atomically: Atomically

  constructor(
    queue: JobQueue<TuningSpec, TuningProgress>,
    models: ResourceStore<ServedModel>,
    atomically: Atomically,
  ) {
    this.#queue = queue
    this.#models = models
    this.#atomically = atomically
  }

  /**
   * Saves a job; a worker takes it up. Its model's name is taken from now on.
   *
   * @throws TuningNameTaken
   */
  async create({ name, owner, ...rest }: NewTuningJob): Promise<TuningJob> {
    const [id, modelId] = [resourceId(), resourceId()]
    const spec: TuningSpec = { ...rest, modelId }
    await this.#atomically(async () => {
      const model = { id: modelId, name: spec.modelName, state: 'creating', parent: spec.profile }
      await named('job', name, () =>
        this.#queue.add({ id, kind: tuningKind, name, owner, spec, progress: freshProgress }),
      )
      await named('model', spec.modelName, () =>
        this.#models.add({ ...model, document: servedModel({ id, spec }, freshProgress) }),
      )
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
    return this.#atomically(async () => {
      const job = await this.#queue.requestStop(id)
      if (job?.state === 'stopped') await this.#models.remove(job.spec.modelId)
      return job
    })
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
