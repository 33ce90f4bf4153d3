import { fileIdOf } from '../../service/files/file-service.ts'
import { jobStage, jobStages } from '../../service/tuning/job-stages.ts'
import { usualLearningRate } from '../../service/tuning/to-overrides.ts'
import type { TuningJob } from '../../service/tuning/tuning-job.ts'
import type { FineTuningError, FineTuningHyperparameters } from '../../wire/openai/fine-tuning-job.ts'
import { writeFineTuningJob } from '../../wire/openai/fine-tuning-job.ts'
import type { Metadata } from '../../wire/openai/metadata.ts'
import { toObjectId, type ListedObject } from '../../wire/openai/object-id.ts'
import { organization, tunedNameOf } from './tuned-models.ts'

/** What a job answers again of what it was asked for here. */
export interface KeptTuning {
  readonly api: 'openai'
  readonly suffix: string | null
  readonly seed: number
  readonly metadata: Metadata | null
}

/** A job of whatever API as OpenAI's clients see it. */
export function fineTuningJob(job: TuningJob): ListedObject {
  const { spec, progress, endedAt } = job
  const kept = spec.dialect as Partial<KeptTuning>
  const succeeded = job.state === 'succeeded'
  const method = spec.overrides.method === 'dpo' ? 'dpo' : 'supervised'
  const { secondsLeft } = progress
  return writeFineTuningJob({
    id: toObjectId('ftjob-', job.id),
    model: spec.baseIdentifier,
    organization: `org-${organization}`,
    status: jobStages[jobStage(job)].openai.status,
    createdAt: job.createdAt,
    finishedAt: endedAt,
    estimatedFinish:
      job.state === 'running' && secondsLeft !== null ? job.updatedAt + secondsLeft * 1000 : null,
    fineTunedModel: succeeded ? tunedNameOf(job) : null,
    trainingFile: fileName(spec.training),
    validationFile: spec.validation[0] === undefined ? null : fileName(spec.validation[0]),
    resultFiles: succeeded ? [toObjectId('file-', job.id)] : [],
    method,
    hyperparameters: hyperparameters(job, method),
    trainedTokens: succeeded ? (progress.planned?.trainedTokens ?? null) : null,
    error: errorOf(job),
    suffix: kept.suffix ?? null,
    seed: kept.seed ?? progress.planned?.seed ?? 0,
    metadata: kept.metadata ?? null,
  })
}

/** Jobs of other APIs read from wherever they were told. */
function fileName(uri: string): string {
  const id = fileIdOf(uri)
  return id === undefined ? uri : toObjectId('file-', id)
}

/** The same text with the ids of files in place of the objects that hold them. */
export const withFileIds = (text: string): string =>
  text.replaceAll(/s3:\/\/[a-z-]+\/[a-z0-9]+(?:\.[a-z0-9]+)?/g, fileName)

const or = (value: number | 'auto', known: number | undefined): number | 'auto' =>
  value === 'auto' ? (known ?? 'auto') : value

/** What was left open is known once the job was planned. */
function hyperparameters(
  { spec, progress }: TuningJob,
  method: 'supervised' | 'dpo',
): FineTuningHyperparameters {
  const { planned } = progress
  const given = (...names: readonly string[]): number | 'auto' => {
    const text = names.map((name) => spec.hyperparameters[name]).find((each) => each !== undefined)
    return text === undefined || text === 'auto' || Number.isNaN(Number(text)) ? 'auto' : Number(text)
  }
  const multiplier = planned === undefined ? undefined : planned.learningRate / usualLearningRate
  return {
    epochs: or(given('n_epochs', 'epochCount'), planned?.epochs),
    batchSize: or(given('batch_size', 'batchSize'), planned?.batchSize),
    learningRateMultiplier: or(
      given('learning_rate_multiplier', 'learningRateMultiplier'),
      multiplier === undefined ? undefined : Number(multiplier.toPrecision(6)),
    ),
    ...(method === 'dpo' ? { beta: given('beta') } : {}),
  }
}

function errorOf({ failure, spec }: TuningJob): FineTuningError | null {
  if (failure === null) return null
  const { code, data } = failure
  const message = withFileIds(failure.message)
  const isValidation = data !== undefined && spec.validation.includes(data)
  const param = isValidation ? 'validation_file' : code.startsWith('E_DATA') ? 'training_file' : null
  if (code === 'E_DATA_TOO_FEW') return { code: 'invalid_n_examples', message, param }
  return { code: param === null ? 'server_error' : `invalid_${param}`, message, param }
}
