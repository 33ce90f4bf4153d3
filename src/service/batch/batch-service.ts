import type { JobQueue, ListJobs } from '../../store/database/job-queue.ts'
import { resourceId } from '../tuning/tuning-service.ts'
import {
  batchKind,
  freshBatchProgress,
  type BatchJob,
  type BatchProgress,
  type BatchSpec,
} from './batch-job.ts'

/** There is a batch job of that name. */
export class BatchNameTaken extends Error {
  override readonly name = 'BatchNameTaken'
}

export interface NewBatchJob extends BatchSpec {
  readonly name: string
  readonly owner: string
}

/** Batch jobs, whatever API they were asked for in. */
export class BatchService {
  readonly #queue: JobQueue<BatchSpec, BatchProgress>
  readonly #finish: (job: BatchJob) => Promise<void>

  /** @param finish writes what a job was answered that is stopped while no worker holds it, and removes its files */
  constructor(queue: JobQueue<BatchSpec, BatchProgress>, finish: (job: BatchJob) => Promise<void>) {
    this.#queue = queue
    this.#finish = finish
  }

  /**
   * Saves a job; a worker takes it up.
   *
   * @param id of the job, where its name or its data are made of it
   * @throws BatchNameTaken
   */
  async create({ name, owner, ...spec }: NewBatchJob, id: string = resourceId()): Promise<string> {
    const isTaken = async (): Promise<boolean> => (await this.findByName(name)) !== undefined
    if (await isTaken()) throw new BatchNameTaken(name)
    try {
      await this.#queue.add({ id, kind: batchKind, name, owner, spec, progress: freshBatchProgress })
    } catch (error) {
      // Somebody took the name since it was looked up.
      throw (await isTaken()) ? new BatchNameTaken(name) : error
    }
    return id
  }

  findByName(name: string): Promise<BatchJob | undefined> {
    return this.#queue.findByName(batchKind, name)
  }

  async find(id: string): Promise<BatchJob | undefined> {
    const job = await this.#queue.find(id)
    return job?.kind === batchKind ? job : undefined
  }

  list(options: Omit<ListJobs, 'kind'>): Promise<BatchJob[]> {
    return this.#queue.list({ ...options, kind: batchKind })
  }

  /** Forgets a job that has ended; its objects stay. @returns false when it has not, or is gone */
  remove(id: string): Promise<boolean> {
    return this.#queue.remove(id)
  }

  /** Asks for a stop of a job that `find` has found. What was answered by then is written. */
  async stop(id: string): Promise<void> {
    const job = await this.#queue.requestStop(id)
    if (job?.state === 'stopped' && job.attempts > 0) await this.#finish(job)
  }
}
