import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { jobFile } from '../../engine/train/job-files.ts'
import { modelFolder } from '../../lib/home-layout.ts'
import { homeModelId, type TuningJob } from '../tuning/tuning-job.ts'
import { logName } from './run-log.ts'

/** Where the log of a job stays whose model is gone. */
export const keptLogFolder = (home: string, jobId: string): string => join(home, 'job-logs', jobId)

/** Keeps the log and the settings of a job that ends without a model, before its folder goes. */
export async function keepLog(home: string, job: Pick<TuningJob, 'id' | 'spec'>): Promise<void> {
  const from = modelFolder(home, homeModelId(job.spec))
  const to = keptLogFolder(home, job.id)
  for (const name of [jobFile, logName]) {
    await mkdir(to, { recursive: true })
    // A job that has not begun to train has none.
    await copyFile(join(from, name), join(to, name)).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    })
  }
}
