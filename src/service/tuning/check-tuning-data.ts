import { HoneError } from '../../core/errors.ts'
import { findProfile } from '../../profiles/profiles.ts'
import { counted } from '../../data/counted.ts'
import { refuseErrors } from '../../data/finding.ts'
import { scanExamples } from '../../data/read-examples.ts'
import type { JobFiles } from './run-tuning-job.ts'
import type { TuningJob } from './tuning-job.ts'

/**
 * Refuses data that the rules of a job's base do not allow.
 *
 * @throws HoneError `E_DATA`
 */
export async function checkTuningData(job: TuningJob, files: JobFiles, signal: AbortSignal): Promise<void> {
  const { profile } = findProfile(job.spec.profile)
  const training = await scanExamples(files.training, { signal, name: job.spec.training })
  refuseErrors(training.problems, `${job.spec.training} (${counted(training.records, 'record')})`)
  const least = profile.records.minimum?.value ?? 1
  if (training.records < least) {
    throw new HoneError(
      'E_DATA_TOO_FEW',
      `${job.spec.training} has ${counted(training.records, 'record')}; ${profile.title} takes at least ${least}`,
    )
  }
  const most = profile.records.training?.value ?? Infinity
  if (training.records > most) {
    throw new HoneError(
      'E_DATA',
      `${job.spec.training} has ${counted(training.records, 'record')}; ${profile.title} takes at most ${most}`,
    )
  }
  if (files.validation === undefined) return
  const validation = await scanExamples(files.validation, { signal })
  refuseErrors(validation.problems, job.spec.validation.join(', '))
}
