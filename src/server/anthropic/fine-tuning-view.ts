import { fileIdOf } from '../../service/files/file-service.ts'
import { jobStage, jobStages } from '../../service/tuning/job-stages.ts'
import { usualLearningRate } from '../../service/tuning/to-overrides.ts'
import type { TuningJob } from '../../service/tuning/tuning-job.ts'
import { writeTuningJob } from '../../wire/anthropic/fine-tuning.ts'
import { shownFileId } from './file-routes.ts'
import { jobIdPrefix } from './target.ts'

/** What a job answers again of what it was asked for here. */
export interface KeptTuning {
  readonly api: 'anthropic'
  readonly metadata: Readonly<Record<string, string>>
  readonly seed: number | null
}

/** A job of whatever API as clients of this one see it. */
export function shownJob(job: TuningJob): { readonly id: string } {
  const { spec, progress, failure } = job
  const { metadata = {}, seed = null } = spec.dialect as Partial<KeptTuning>
  const { planned } = progress
  const [validation] = spec.validation
  return writeTuningJob({
    id: `${jobIdPrefix}${job.id}`,
    status: jobStages[jobStage(job)].anthropic.status,
    model: spec.baseIdentifier,
    localBase: spec.localBase,
    name: spec.modelName,
    isDone: job.state === 'succeeded',
    trainingFile: fileName(spec.training),
    validationFile: validation === undefined ? null : fileName(validation),
    hyperparameters: {
      epochs: planned?.epochs ?? null,
      batchSize: planned?.batchSize ?? null,
      learningRateMultiplier:
        planned === undefined ? null : Number((planned.learningRate / usualLearningRate).toPrecision(6)),
      seed: planned?.seed ?? seed,
    },
    metadata,
    progress,
    failure:
      failure === null
        ? null
        : {
            type: failure.code.startsWith('E_DATA') ? 'invalid_request_error' : 'api_error',
            message: withFileNames(failure.message),
          },
    createdAt: job.createdAt,
    startedAt: progress.phases.training.from,
    endedAt: job.endedAt,
  })
}

/** Jobs of other APIs read from wherever they were told. */
function fileName(uri: string): string {
  const id = fileIdOf(uri)
  return id === undefined ? uri : shownFileId(id)
}

/** The same text with the ids of files in place of the objects that hold them. */
const withFileNames = (text: string): string =>
  text.replaceAll(/s3:\/\/[a-z-]+\/[a-z0-9]+(?:\.[a-z0-9]+)?/g, fileName)
