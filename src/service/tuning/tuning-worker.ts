import { HoneError } from '../../core/errors.ts'
import { delay } from '../../lib/delay.ts'
import { JobQueue, LeaseLost, type JobFailure } from '../../store/database/job-queue.ts'
import type { ResourceStore } from '../../store/database/resource-store.ts'
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

/** Why a job's training is aborted. */
class Stopped extends Error {}

/**
 * Takes tuning jobs one after another until it is aborted. A job that is under way then is given back, to be gone on with
 * from its checkpoint.
 */
export async function runTuningWorker(options: TuningWorkerOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const job = await options.queue.claim(options.name, [tuningKind])
    if (job === undefined) await delay(options.pollEvery, signal).catch(() => undefined)
    else await work(job, options, signal)
  }
}

async function work(job: TuningJob, options: TuningWorkerOptions, going: AbortSignal): Promise<void> {
  const { queue, name, models, now } = options
  const abort = new AbortController()
  const leave = (): void => abort.abort(going.reason)
  going.addEventListener('abort', leave, { once: true })
  let progress = job.progress
  const renewing = renew(job, options, () => progress, abort)
  try {
    const done = await runTuningJob(job, {
      ...options,
      signal: abort.signal,
      onProgress: (next) => (progress = next),
    })
    await models.change(job.spec.modelId, { state: 'active', document: servedModel(job, done) })
    await queue.end(job.id, name, { state: 'succeeded', progress: done })
  } catch (error) {
    if (error instanceof LeaseLost || abort.signal.reason instanceof LeaseLost) return
    if (abort.signal.reason instanceof Stopped) {
      await forget(job, options)
      await queue.end(job.id, name, { state: 'stopped', progress: ended(progress, 'stopped', now()) })
    } else if (going.aborted) await queue.release(job.id, name)
    else {
      options.onFailure(error, job)
      await forget(job, options)
      const failed = ended(progress, 'failed', now())
      await queue.end(job.id, name, { state: 'failed', progress: failed, failure: failureOf(error) })
    }
  } finally {
    going.removeEventListener('abort', leave)
    renewing.stop()
    await renewing.done
  }
}

async function forget({ spec }: TuningJob, { models, removeModel }: TuningWorkerOptions): Promise<void> {
  await models.remove(spec.modelId)
  await removeModel(homeModelId(spec))
}

function renew(
  job: TuningJob,
  { queue, name, renewEvery }: TuningWorkerOptions,
  progress: () => TuningProgress,
  abort: AbortController,
): { stop: () => void; done: Promise<void> } {
  const stopping = new AbortController()
  const loop = async (): Promise<void> => {
    for (;;) {
      await delay(renewEvery, stopping.signal)
      const { stop } = await queue.renew(job.id, name, progress())
      if (stop) abort.abort(new Stopped('somebody asked for a stop'))
    }
  }
  const done = loop().catch((error: unknown) => {
    if (!stopping.signal.aborted) abort.abort(error)
  })
  return { stop: () => stopping.abort(), done }
}

/** The phase that was running ends as told. */
function ended(progress: TuningProgress, state: Phase['state'], now: number): TuningProgress {
  const running = phaseNames.find((name) => progress.phases[name].state === 'running')
  return running === undefined ? progress : withPhase(progress, running, state, now)
}

/** What strangers may know: the codes and words of input errors; of anything else only that it happened. */
function failureOf(error: unknown): JobFailure {
  if (!HoneError.isInstance(error)) {
    return {
      code: 'E_INTERNAL',
      message: 'Encountered an unexpected error when processing the request, please try again',
    }
  }
  const place = error.at.line === undefined ? '' : `line ${error.at.line}: `
  const hint = error.hint === undefined ? '' : ` (${error.hint})`
  return {
    code: error.code,
    message: `${place}${error.message}${hint}`.replaceAll(/\s*\n\s*/g, '; ').slice(0, 2048),
  }
}
