import { HoneError } from '../../core/errors.ts'
import { checkFile, type CheckFileOptions } from '../../data/check/check-file.ts'
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
  await check(files.training, training, { profile, signal, against: files.validation })
  if (files.validation === undefined) return
  await check(files.validation, validation.join(', '), { profile, part: 'validation', signal })
}

async function check(file: string, known: string, options: CheckFileOptions): Promise<void> {
  const checked = await checkFile(file, options).catch((error: unknown) => {
    throw HoneError.isInstance(error) ? renamedError(error, file, known) : error
  })
  refuseErrors(renamed(checked.problems, known), `${known} (${counted(checked.records, 'record')})`)
}

const renamed = (problems: DataProblems, file: string): DataProblems => ({
  ...problems,
  findings: problems.findings.map((finding) => ({ ...finding, at: { ...finding.at, file } })),
})

/** What is wrong with a copy, said of what it is a copy of: where copies lie is nobody's business. */
const renamedError = (error: HoneError, file: string, known: string): HoneError =>
  new HoneError(error.code, error.message.replaceAll(file, known), {
    at: { ...error.at, file: known },
    ...(error.hint === undefined ? {} : { hint: error.hint.replaceAll(file, known) }),
    cause: error,
  })
