import { HoneError } from '../../core/errors.ts'
import { delay } from '../../lib/delay.ts'
import type { Atomically } from '../../store/database/atomically.ts'
import { LeaseLost, type JobFailure, type JobQueue, type QueuedJob } from '../../store/database/job-queue.ts'

export interface JobWorkerOptions<Spec, Progress> {
  /** Names this worker among all that share the database. */
  readonly name: string
  readonly queue: JobQueue<Spec, Progress>
  readonly kinds: readonly string[]
  /** Milliseconds between two questions for a job, and between two renewals of a lease. */
  readonly pollEvery: number
  readonly renewEvery: number
  /**
   * Does a job from wherever it is; what it makes is there when it resolves. May be called again for a job that it has done,
   * when the process died before that was noted.
   */
  readonly run: (job: QueuedJob<Spec, Progress>, follow: FollowJob<Progress>) => Promise<Progress>
  /** Removes what a job that ends without a result has left, and says how far it was then. */
  readonly abandon: (job: QueuedJob<Spec, Progress>, ended: AbandonedJob<Progress>) => Promise<Progress>
  /** What must be true as soon as the job has ended, and not before: written together with its end. */
  readonly settle?: (
    job: QueuedJob<Spec, Progress>,
    end: { readonly state: EndState; readonly progress: Progress; readonly failure?: JobFailure },
  ) => Promise<void>
  readonly atomically?: Atomically
  readonly onFailure: (error: unknown, job: QueuedJob<Spec, Progress>) => void
  /** Told of what goes wrong with the queue itself. */
  readonly onTrouble?: ((error: unknown) => void) | undefined
}

type EndState = 'succeeded' | 'failed' | 'stopped'

export interface FollowJob<Progress> {
  /** Reports how far the job is. */
  readonly onProgress: (progress: Progress) => void
  readonly signal: AbortSignal
}

type AbandonedJob<Progress> =
  | { readonly state: 'stopped'; readonly progress: Progress }
  | { readonly state: 'failed'; readonly progress: Progress; readonly failure: JobFailure }

/** Why a job is aborted. */
class Stopped extends Error {}
class Paused extends Error {}

/**
 * Takes jobs one after another until it is aborted. A job that is under way then is given back, to be gone on with by
 * whoever takes it up next.
 */
export async function runJobWorker<Spec, Progress>(
  options: JobWorkerOptions<Spec, Progress>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const job = await options.queue.claim(options.name, options.kinds)
      if (job !== undefined) {
        await work(job, options, signal)
        continue
      }
    } catch (error) {
      // The database is away, or somebody took the job: whoever asks next goes on with it.
      if (!(error instanceof LeaseLost)) options.onTrouble?.(error)
    }
    await delay(options.pollEvery, signal).catch(() => undefined)
  }
}

async function work<Spec, Progress>(
  job: QueuedJob<Spec, Progress>,
  options: JobWorkerOptions<Spec, Progress>,
  going: AbortSignal,
): Promise<void> {
  const { queue, name, run, abandon } = options
  const abort = new AbortController()
  const leave = (): void => abort.abort(going.reason)
  going.addEventListener('abort', leave, { once: true })
  let progress = job.progress
  const renewing = renew(job, options, () => progress, abort)
  let done: { readonly progress: Progress }
  try {
    // Asked for while its worker was dead: there is no need to begin.
    if (job.stopRequested) abort.abort(new Stopped('somebody asked for a stop'))
    else if (job.pauseRequested) abort.abort(new Paused('somebody asked for a pause'))
    abort.signal.throwIfAborted()
    done = { progress: await run(job, { signal: abort.signal, onProgress: (next) => (progress = next) }) }
  } catch (error) {
    if (error instanceof LeaseLost || abort.signal.reason instanceof LeaseLost) return
    if (abort.signal.reason instanceof Stopped) {
      await end(job, options, {
        state: 'stopped',
        progress: await abandon(job, { state: 'stopped', progress }),
      })
    } else if (going.aborted || abort.signal.reason instanceof Paused) {
      await queue.release(job.id, name, progress)
    } else {
      options.onFailure(error, job)
      const failure = failureOf(error)
      await end(job, options, {
        state: 'failed',
        progress: await abandon(job, { state: 'failed', progress, failure }),
        failure,
      })
    }
    return
  } finally {
    going.removeEventListener('abort', leave)
    renewing.stop()
    await renewing.done
  }
  // Where this cannot be written, the job has not failed: whoever takes it up finds it done.
  await end(job, options, { state: 'succeeded', progress: done.progress })
}

async function end<Spec, Progress>(
  job: QueuedJob<Spec, Progress>,
  { queue, name, settle, atomically = (action) => action() }: JobWorkerOptions<Spec, Progress>,
  outcome: { readonly state: EndState; readonly progress: Progress; readonly failure?: JobFailure },
): Promise<void> {
  await atomically(async () => {
    await queue.end(job.id, name, outcome)
    await settle?.(job, outcome)
  })
}

function renew<Spec, Progress>(
  job: QueuedJob<Spec, Progress>,
  { queue, name, renewEvery, onTrouble }: JobWorkerOptions<Spec, Progress>,
  progress: () => Progress,
  abort: AbortController,
): { stop: () => void; done: Promise<void> } {
  const stopping = new AbortController()
  const loop = async (): Promise<void> => {
    for (;;) {
      await delay(renewEvery, stopping.signal)
      const { stop, pause } = await queue.renew(job.id, name, progress()).catch((error: unknown) => {
        if (error instanceof LeaseLost) throw error
        // Until somebody else takes the job, it is still held.
        onTrouble?.(error)
        return { stop: false, pause: false }
      })
      if (stop) abort.abort(new Stopped('somebody asked for a stop'))
      else if (pause) abort.abort(new Paused('somebody asked for a pause'))
    }
  }
  const done = loop().catch((error: unknown) => {
    if (!stopping.signal.aborted) abort.abort(error)
  })
  return { stop: () => stopping.abort(), done }
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
    // Other places are paths of this machine.
    ...(error.at.file?.startsWith('s3://') === true ? { data: error.at.file } : {}),
  }
}
