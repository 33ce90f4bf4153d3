import type { JobQueue } from '../../store/database/job-queue.ts'
import type { ResourceStore } from '../../store/database/resource-store.ts'
import { runJobWorker } from '../jobs/job-worker.ts'
import { runTuningJob, type RunTuningJob } from './run-tuning-job.ts'
import {
  homeModelId,
  tuningKind,
  withPhase,
  phaseNames,
  servedModel,
  type Phase,
  type ServedModel,
  type TuningJob,
  type TuningProgress,
  type TuningSpec,
} from './tuning-job.ts'

export interface TuningWorkerOptions extends Omit<RunTuningJob, 'onProgress' | 'signal'> {
  /** Names this worker among all that share the database. */
  readonly name: string
  readonly queue: JobQueue<TuningSpec, TuningProgress>
  readonly models: ResourceStore<ServedModel>
  /** Milliseconds between two questions for a job, and between two renewals of a lease. */
  readonly pollEvery: number
  readonly renewEvery: number
  /** Removes what a job that ended without a model leaves in the home. */
  readonly removeModel: (homeId: string) => Promise<void>
  readonly onFailure: (error: unknown, job: TuningJob) => void
}

/** Takes tuning jobs; one that is given back is gone on with from its checkpoint. */
export async function runTuningWorker(options: TuningWorkerOptions, signal: AbortSignal): Promise<void> {
  const { models, removeModel, now } = options
  return runJobWorker<TuningSpec, TuningProgress>(
    {
      ...options,
      kinds: [tuningKind],
      async run(job, follow) {
        const done = await runTuningJob(job, { ...options, ...follow })
        await models.change(job.spec.modelId, { state: 'active', document: servedModel(job, done) })
        return done
      },
      async abandon({ spec }, { state, progress }) {
        await models.remove(spec.modelId)
        await removeModel(homeModelId(spec))
        return ended(progress, state, now())
      },
    },
    signal,
  )
}

/** The phase that was running ends as told. */
function ended(progress: TuningProgress, state: Phase['state'], now: number): TuningProgress {
  const running = phaseNames.find((name) => progress.phases[name].state === 'running')
  return running === undefined ? progress : withPhase(progress, running, state, now)
}
