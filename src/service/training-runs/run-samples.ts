import type { Example } from '../../core/example.ts'
import type { TrainingJob } from '../../core/training-job.ts'
import { readJobData } from '../../engine/train/job-files.ts'

/** Records of a run to look at: of those that it validates with, or of those that it learns where there are none. */
export interface RunSamples {
  readonly split: 'validation' | 'training'
  readonly examples: readonly Example[]
}

/**
 * So many records of a run at even distances; those of tools are left out.
 *
 * @throws HoneError `E_RESUME` where the run's data are gone or were changed
 */
export async function readRunSamples(folder: string, job: TrainingJob, most: number): Promise<RunSamples> {
  const { training, validation } = job.data
  const split = validation === null ? 'training' : 'validation'
  const all = await readJobData(folder, validation ?? training)
  const asked = all.filter(({ tools, messages }) => tools === undefined && messages.length > 1)
  const count = Math.min(most, asked.length)
  const examples = Array.from({ length: count }, (_, at) => asked[Math.floor((at * asked.length) / count)])
  return { split, examples: examples.filter((example) => example !== undefined) }
}
