import { z } from 'zod'
import { trainingSchema } from '../../../config/training-schema.ts'
import { count } from './common.ts'
import { job } from './jobs.ts'
import { operations } from './operation.ts'

export const trainBody = z
  .strictObject({
    dataset: z.string().min(1).max(200).meta({
      description:
        'a dataset version, `name@hash`, or a name for its newest; with a split its validation part is used',
    }),
    validation: z.string().max(200).exactOptional().meta({ description: 'a part of a dataset version' }),
    base: z.string().max(300).exactOptional().meta({ description: "default: the server's default base" }),
    from: z
      .string()
      .max(300)
      .exactOptional()
      .meta({ description: 'a tuned model whose training is continued' }),
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9._-]{0,80}$/)
      .exactOptional()
      .meta({ description: 'of the model; default: that of the dataset' }),
    system: z.string().exactOptional().meta({ description: 'system prompt of records that have none' }),
    dropLong: z.boolean().exactOptional(),
    settings: trainingSchema
      .default({})
      .meta({ description: 'what is left out is chosen by the data, and said in the plan' }),
  })
  .meta({ id: 'Train' })

export const trainingPlan = z
  .object({
    base: z.object({ id: z.string() }),
    start: z.object({ model: z.string() }).nullable(),
    settings: z.record(z.string(), z.unknown()).meta({ description: 'every setting, resolved' }),
    reasons: z.record(z.string(), z.string()).meta({ description: 'why each setting has its value' }),
    steps: count,
    seconds: z.number().meta({ description: 'expected time of training and validation' }),
    peakBytes: z.number(),
    machineBytes: z.number().meta({ description: 'memory of this machine' }),
    trainableParameters: count,
    baseParameters: count,
    examples: z.object({ training: count, validation: count, dropped: count }),
    tokens: z.object({
      mean: z.number(),
      p95: z.number(),
      longest: z.number(),
      context: z.number(),
      trained: z.number(),
    }),
    template: z.object({ sha256: z.string(), defaultSystemPrompt: z.string().nullable() }),
    warnings: z.array(z.string()),
    usd: z.literal(0).meta({ description: 'training on this machine costs nothing' }),
    command: z.string().meta({ description: 'the same as a command line' }),
    request: z
      .object({ method: z.literal('POST'), path: z.string(), body: z.record(z.string(), z.unknown()) })
      .meta({ description: 'the same as a request of this API' }),
  })
  .meta({ id: 'TrainingPlan' })

export const trainableBases = z
  .object({
    bases: z.array(
      z.object({
        id: z.string(),
        isHere: z.boolean(),
        parameters: count.nullable(),
        contextLength: count.nullable(),
        bytes: count.meta({ description: 'on the disk, or to download' }),
        licence: z.string().nullable(),
      }),
    ),
    defaultBase: z.string(),
    machineBytes: z.number(),
    settings: z
      .array(
        z.object({
          name: z.string(),
          flag: z.string().meta({ description: 'of the command line' }),
          sentence: z.string(),
          schema: z
            .record(z.string(), z.unknown())
            .meta({ description: 'JSON Schema: type, range and choices' }),
          isBasic: z.boolean(),
        }),
      )
      .meta({ description: 'what can be set, in the order in which it is shown' }),
  })
  .meta({ id: 'TrainableBases' })

export const trainOperations = operations({
  getTrainable: {
    method: 'GET',
    path: '/api/train',
    summary: 'What can be trained: bases, and settings with their ranges',
    action: 'read',
    answer: { kind: 'json', schema: trainableBases },
  },
  planTraining: {
    method: 'POST',
    path: '/api/train/plan',
    summary: 'What a training run would be: settings with reasons, time and memory; starts nothing',
    action: 'read',
    body: trainBody,
    answer: { kind: 'steps', schema: trainingPlan },
  },
  startTraining: {
    method: 'POST',
    path: '/api/train',
    summary: 'Starts a training run; it is a job from then on, whatever becomes of this server',
    action: 'write',
    body: trainBody,
    answer: { kind: 'json', schema: job, status: 201 },
  },
})
