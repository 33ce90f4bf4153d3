import { checkFile } from '../../data/check/check-file.ts'
import { counted } from '../../data/counted.ts'
import { refuseErrors, type DataProblems } from '../../data/finding.ts'
import { findProfile } from '../../profiles/profiles.ts'
import type { JobFiles } from './run-tuning-job.ts'
import type { TuningJob } from './tuning-job.ts'

/**
 * Refuses data that the rules of a job's base do not allow.
 *
 * @throws HoneError `E_DATA` with the places, named as the client knows the files
 */
export async function checkTuningData(job: TuningJob, files: JobFiles, signal: AbortSignal): Promise<void> {
  const { profile } = findProfile(job.spec.profile)
  const { training, validation } = job.spec
  const checked = await checkFile(files.training, { profile, signal, against: files.validation })
  refuseErrors(renamed(checked.problems, training), `${training} (${counted(checked.records, 'record')})`)
  if (files.validation === undefined) return
  const other = await checkFile(files.validation, { profile, part: 'validation', signal })
  const name = validation.join(', ')
  refuseErrors(renamed(other.problems, name), `${name} (${counted(other.records, 'record')})`)
}

const renamed = (problems: DataProblems, file: string): DataProblems => ({
  ...problems,
  findings: problems.findings.map((finding) => ({ ...finding, at: { ...finding.at, file } })),
})
