import { createHash } from 'node:crypto'
import { HoneError } from '../../core/errors.ts'
import type { Example } from '../../core/example.ts'
import type { TrainingSettings } from '../../core/training-settings.ts'
import { jobDataText, readJob } from '../../engine/train/job-files.ts'
import type { DraftJob } from '../train/draft-training.ts'

/** Whether a folder holds the job that this draft would become: the same base, template, settings and data. */
export async function sameJob(
  folder: string,
  { base, text, prepared }: Pick<DraftJob, 'base' | 'text' | 'prepared'>,
): Promise<boolean> {
  try {
    const job = await readJob(folder)
    return (
      job.base.weights === base.weightsKey &&
      job.template.sha256 === text.template.hash &&
      job.steps === prepared.plan.steps &&
      job.start === null &&
      JSON.stringify(decisive(job.settings)) ===
        JSON.stringify(decisive(sorted(job.settings, prepared.plan.settings))) &&
      job.data.training.sha256 === digest(prepared.training) &&
      (job.data.validation?.sha256 ?? digest([])) === digest(prepared.validation)
    )
  } catch (error) {
    if (HoneError.isInstance(error)) return false
    throw error
  }
}

const digest = (examples: readonly Example[]): string =>
  createHash('sha256').update(jobDataText(examples)).digest('hex')

/** What depends on the memory or disk that was free, and changes nothing of the result but its last bits. */
const decisive = (settings: TrainingSettings): TrainingSettings => ({
  ...settings,
  gradientCheckpointing: 'none',
  activationCache: false,
})

/** The fields of `settings` in the order in which `like` has them. */
function sorted<T extends object>(like: T, settings: T): T {
  return Object.fromEntries(Object.keys(like).map((key) => [key, settings[key as keyof T]])) as T
}
