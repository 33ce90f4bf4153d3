import { runJobWorker, type JobWorkerOptions } from '../jobs/job-worker.ts'
import { batchKind, type BatchJob, type BatchProgress, type BatchSpec } from './batch-job.ts'
import { abandonBatchJob, removeBatchFiles, runBatchJob, type RunBatchJob } from './run-batch-job.ts'

export interface BatchWorkerOptions
  extends
    RunBatchJob,
    Pick<
      JobWorkerOptions<BatchSpec, BatchProgress>,
      'name' | 'queue' | 'pollEvery' | 'renewEvery' | 'onTrouble'
    > {
  readonly onFailure: (error: unknown, job: BatchJob) => void
}

/** Takes batch jobs; one that is given back is gone on with after the last record that was answered. */
export function runBatchWorker(options: BatchWorkerOptions, signal: AbortSignal): Promise<void> {
  const { home } = options
  return runJobWorker<BatchSpec, BatchProgress>(
    {
      ...options,
      kinds: [batchKind],
      async run(job, follow) {
        const done = await runBatchJob(job, options, follow)
        await removeBatchFiles(home, job)
        return done
      },
      abandon: (job, ended) => finishBatchJob(job, options, ended),
    },
    signal,
  )
}

/** Ends a job without a result, and without a failure of its own: that is only told. */
export async function finishBatchJob(
  job: BatchJob,
  options: Pick<BatchWorkerOptions, 'home' | 'objects' | 'onFailure'>,
  ended: { readonly state: 'stopped' | 'failed'; readonly progress: BatchProgress },
): Promise<BatchProgress> {
  try {
    return await abandonBatchJob(job, options, ended)
  } catch (error) {
    options.onFailure(error, job)
    return { ...ended.progress, note: 'What was answered before the stop could not be written.' }
  } finally {
    await removeBatchFiles(options.home, job)
  }
}
