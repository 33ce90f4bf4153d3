import { z } from 'zod'
import { BodyFault } from '../dialect-request.ts'
import { metadata, type Metadata } from './metadata.ts'

/** A fine-tuning job as it is asked for. */
export interface FineTuningRequest {
  readonly model: string
  readonly trainingFile: string
  readonly validationFile: string | null
  readonly method: 'supervised' | 'dpo'
  /** As texts; `auto` is one. What was not given is not there. */
  readonly hyperparameters: Readonly<Record<string, string>>
  readonly suffix: string | null
  readonly seed: number | null
  readonly metadata: Metadata | null
}

const auto = z.literal('auto')
const supervised = {
  n_epochs: z.union([auto, z.number()]).optional(),
  batch_size: z.union([auto, z.number()]).nullable().optional(),
  learning_rate_multiplier: z.union([auto, z.number()]).optional(),
}
const supervisedParameters = z.strictObject(supervised)
const dpoParameters = z.strictObject({ ...supervised, beta: z.union([auto, z.number()]).optional() })

const body = z.strictObject({
  model: z.string().min(1).max(300),
  training_file: z.string().min(1).max(200),
  validation_file: z.string().min(1).max(200).nullable().optional(),
  hyperparameters: supervisedParameters.nullable().optional(),
  method: z
    .discriminatedUnion('type', [
      z.strictObject({
        type: z.literal('supervised'),
        supervised: z.strictObject({ hyperparameters: supervisedParameters.optional() }).optional(),
      }),
      z.strictObject({
        type: z.literal('dpo'),
        dpo: z.strictObject({ hyperparameters: dpoParameters.optional() }).optional(),
      }),
      z.looseObject({ type: z.literal('reinforcement') }),
    ])
    .optional(),
  suffix: z.string().min(1).max(64).nullable().optional(),
  seed: z.int().min(0).max(2_147_483_647).nullable().optional(),
  metadata: metadata.nullable().optional(),
  integrations: z
    .array(z.looseObject({ type: z.string() }))
    .nullable()
    .optional(),
})

/** @throws BodyFault for what is not done here */
function read(asked: z.infer<typeof body>): FineTuningRequest {
  const { method, hyperparameters: old } = asked
  if ((asked.integrations ?? []).length > 0) {
    throw new BodyFault(
      '/integrations',
      'integrations are not supported by this server: metrics are in the events of the job and in its result file',
    )
  }
  if (method?.type === 'reinforcement') {
    throw new BodyFault('/method/type', 'this server tunes by the methods supervised and dpo')
  }
  const own = method?.type === 'dpo' ? method.dpo?.hyperparameters : method?.supervised?.hyperparameters
  if (own !== undefined && Object.keys(old ?? {}).length > 0) {
    throw new BodyFault('/hyperparameters', 'hyperparameters stand either here or in method, not in both')
  }
  return {
    model: asked.model,
    trainingFile: asked.training_file,
    validationFile: asked.validation_file ?? null,
    method: method?.type ?? 'supervised',
    hyperparameters: textsOf(own ?? old ?? {}),
    suffix: asked.suffix ?? null,
    seed: asked.seed ?? null,
    metadata: asked.metadata ?? null,
  }
}

/** The body of `POST /v1/fine_tuning/jobs`. */
export const fineTuningBody: z.ZodType<FineTuningRequest> = body.transform(read)

const textsOf = (
  given: Readonly<Record<string, string | number | null | undefined>>,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) =>
      value === undefined || value === null ? [] : [[name, String(value)]],
    ),
  )
