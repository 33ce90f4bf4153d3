import { HoneError } from '../../core/errors.ts'
import { delay } from '../../lib/delay.ts'
import type { Atomically } from '../../store/database/atomically.ts'
import type { JobEvents } from '../../store/database/job-events.ts'
import type { JobQueue } from '../../store/database/job-queue.ts'
import type { ResourceStore } from '../../store/database/resource-store.ts'
import { runJobWorker, type FollowJob } from '../jobs/job-worker.ts'
import { keepLog } from '../training-runs/kept-log.ts'
import { runTuningJob, type RunTuningJob } from './run-tuning-job.ts'
import { TuningEventLog } from './tuning-events.ts'
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

export interface TuningWorkerOptions extends Omit<RunTuningJob, 'onProgress' | 'signal' | 'log'> {
  /** Names this worker among all that share the database. */
  readonly name: string
  readonly queue: JobQueue<TuningSpec, TuningProgress>
  readonly models: ResourceStore<ServedModel>
  readonly events: JobEvents
  readonly atomically: Atomically
  /** Milliseconds between two questions for a job, and between two renewals of a lease. */
  readonly pollEvery: number
  readonly renewEvery: number
  /** Removes what a job that ended without a model leaves in the home. */
  readonly removeModel: (homeId: string) => Promise<void>
  readonly onFailure: (error: unknown, job: TuningJob) => void
  readonly onTrouble?: ((error: unknown) => void) | undefined
}

/** Deaths of the training process without a step in between after which a job fails. */
const mostDeaths = 3

/** Takes tuning jobs; one that is given back is gone on with from its checkpoint. */
export async function runTuningWorker(options: TuningWorkerOptions, signal: AbortSignal): Promise<void> {
  const { models, removeModel, now, events, checkpoints } = options
  return runJobWorker<TuningSpec, TuningProgress>(
    {
      ...options,
      kinds: [tuningKind],
      run: (job, follow) => runThroughDeaths(job, options, follow),
      // The files go first: a crash then leaves a job that is begun anew, and never files that belong to nothing.
      async abandon(job, { state, progress }) {
        // The epochs that it has come to stay, for those who are shown them.
        await checkpoints.publish(job).catch((error: unknown) => options.onTrouble?.(error))
        if (job.spec.isAdopted !== true) {
          await keepLog(options.home, job).catch((error: unknown) => options.onTrouble?.(error))
          await removeModel(homeModelId(job.spec))
        }
        return ended(progress, state, now())
      },
      async settle(job, { state, progress, failure }) {
        const { modelId } = job.spec
        const data: { message?: string } = failure === undefined ? {} : { message: failure.message }
        await events.add([{ job: job.id, what: 'end', type: state, data }])
        if (state !== 'succeeded') await models.remove(modelId)
        else await models.change(modelId, { state: 'active', document: servedModel(job, progress) })
      },
    },
    signal,
  )
}

/**
 * A training process that was killed is started again and goes on from its checkpoint, as long as it comes further each
 * time: one that runs out of memory at the same step does not.
 */
async function runThroughDeaths(
  job: TuningJob,
  options: TuningWorkerOptions,
  { signal, onProgress }: FollowJob<TuningProgress>,
): Promise<TuningProgress> {
  let progress = job.progress
  let deaths = 0
  await using log = new TuningEventLog(options.events, job.id, options.onTrouble)
  for (;;) {
    const { step } = progress
    try {
      return await runTuningJob(
        { ...job, progress },
        {
          ...options,
          signal,
          log,
          onProgress: (next) => {
            progress = next
            onProgress(next)
          },
        },
      )
    } catch (error) {
      if (HoneError.isInstance(error) && error.code === 'E_LOCKED') {
        // Somebody trains there by hand, or is about to end.
        await delay(1000, signal)
        continue
      }
      const died = HoneError.isInstance(error) && error.code === 'E_WORKER' && !signal.aborted
      deaths = progress.step > step ? 1 : deaths + 1
      if (!died || deaths >= mostDeaths) throw error
    }
  }
}

/** The phase that was running ends as told. */
function ended(progress: TuningProgress, state: Phase['state'], now: number): TuningProgress {
  const running = phaseNames.find((name) => progress.phases[name].state === 'running')
  return running === undefined ? progress : withPhase(progress, running, state, now)
}
