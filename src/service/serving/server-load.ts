import type { JobCount } from '../../store/database/job-queue.ts'

/** What a server has to do at the moment. */
export interface ServerLoad {
  /** Undefined where the database did not answer. */
  readonly jobs: readonly JobCount[] | undefined
  readonly modelsInMemory: number
}
