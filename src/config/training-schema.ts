import { z } from 'zod'

import {
  adapterScalings,
  answerChoices,
  scheduleKinds,
  trainingMethods,
  type AdaptedLayers,
  type AdapterScaling,
  type AnswerChoice,
  type ScheduleKind,
  type TrainingMethod,
  gradientCheckpointings,
  type GradientCheckpointing,
} from '../core/training-settings.ts'

/** Hyperparameters that the user set. What is absent is chosen by the planner from the number and length of examples. */
export interface TrainingConfig {
  readonly method?: TrainingMethod
  readonly preference?: { readonly beta?: number; readonly labelSmoothing?: number }
  readonly answers?: AnswerChoice
  readonly epochs?: number
  readonly maxSteps?: number
  readonly batchSize?: number
  readonly accumulate?: number
  readonly learningRate?: number
  readonly schedule?: ScheduleKind
  readonly warmup?: number
  readonly rank?: number
  readonly alpha?: number
  readonly scaling?: AdapterScaling
  readonly targets?: readonly string[]
  readonly layers?: AdaptedLayers
  readonly dropout?: number
  readonly weightDecay?: number
  readonly beta1?: number
  readonly beta2?: number
  readonly epsilon?: number
  readonly clip?: number
  readonly seed?: number
  readonly validationEvery?: number
  readonly checkpointEvery?: number
  readonly earlyStopping?: { readonly threshold?: number; readonly patience?: number }
  readonly gradientCheckpointing?: GradientCheckpointing
  readonly activationCache?: boolean
  readonly maxTokens?: number
}

const steps = z.int().min(1)
const decay = z.number().min(0).lt(1)

export const trainingSchema: z.ZodType<TrainingConfig, TrainingConfig> = z.strictObject({
  method: z
    .enum(trainingMethods)
    .exactOptional()
    .describe(
      'sft learns the answers; dpo learns from pairs which of two answers is preferred. Default: dpo where all records are pairs',
    ),
  preference: z
    .strictObject({
      beta: z
        .number()
        .gt(0)
        .max(100)
        .exactOptional()
        .describe('How strongly the model is held to its starting point. Default: 0.1'),
      labelSmoothing: z
        .number()
        .min(0)
        .lt(0.5)
        .exactOptional()
        .describe('Share of pairs that are taken to be labelled the wrong way round. Default: 0'),
    })
    .exactOptional()
    .describe('Direct preference optimisation'),
  answers: z
    .enum(answerChoices)
    .exactOptional()
    .describe('Which assistant turns of a conversation are learned. Default: all'),
  epochs: z
    .number()
    .gt(0)
    .max(1_000)
    .exactOptional()
    .describe('Passes over the training data; 1.5 is one and a half'),
  maxSteps: steps.exactOptional().describe('Stops after this many optimizer steps, whatever epochs says'),
  batchSize: z.int().min(1).max(4_096).exactOptional().describe('Examples in one forward and backward pass'),
  accumulate: z
    .int()
    .min(1)
    .max(4_096)
    .exactOptional()
    .describe('Passes whose gradients make one optimizer step'),
  learningRate: z.number().gt(0).max(1).exactOptional().describe('Highest learning rate of AdamW'),
  schedule: z.enum(scheduleKinds).exactOptional().describe('How the learning rate falls after the warm-up'),
  warmup: z
    .number()
    .min(0)
    .exactOptional()
    .describe('Steps in which the learning rate rises: a share of all steps below 1, or their number'),
  rank: z.int().min(1).max(1_024).exactOptional().describe('Rank of the LoRA matrices'),
  alpha: z
    .number()
    .gt(0)
    .max(65_536)
    .exactOptional()
    .describe('LoRA scale: the update counts alpha / rank times'),
  scaling: z
    .enum(adapterScalings)
    .exactOptional()
    .describe('standard is alpha / rank; rslora is alpha / √rank, which suits high ranks. Default: standard'),
  targets: z
    .array(z.string().min(1))
    .min(1)
    .exactOptional()
    .describe('Linear layers that get an adapter, such as q_proj and v_proj. Default: all'),
  layers: z
    .union([z.literal('all'), z.int().min(1)])
    .exactOptional()
    .describe(
      'How many layers get adapters, counted from the output. With fewer, training is faster and takes less memory, and learns less. Default: all',
    ),
  dropout: z
    .number()
    .min(0)
    .lt(1)
    .exactOptional()
    .describe(
      "Share of the adapters' input that is dropped in training. What a batch's records have in common at their start is computed once, and dropped alike for all of them. Default: 0",
    ),
  weightDecay: z.number().min(0).max(1).exactOptional().describe('Decoupled weight decay of AdamW'),
  beta1: decay.exactOptional().describe("AdamW's decay of the mean of gradients"),
  beta2: decay.exactOptional().describe("AdamW's decay of the mean of squared gradients"),
  epsilon: z.number().gt(0).max(1).exactOptional().describe("AdamW's term against division by zero"),
  clip: z.number().min(0).exactOptional().describe('Largest norm of the whole gradient; 0 for no limit'),
  seed: z.int().min(0).exactOptional().describe('Seed of the adapter and of the order of examples'),
  validationEvery: steps.exactOptional().describe('Optimizer steps between two validations'),
  checkpointEvery: steps.exactOptional().describe('Optimizer steps between two checkpoints'),
  earlyStopping: z
    .strictObject({
      threshold: z
        .number()
        .min(0)
        .exactOptional()
        .describe('Smallest fall of the validation loss that counts'),
      patience: steps.exactOptional().describe('Validations without such a fall after which training stops'),
    })
    .exactOptional()
    .describe('Stops when the validation loss no longer falls'),
  gradientCheckpointing: z
    .enum(gradientCheckpointings)
    .exactOptional()
    .describe(
      'What is computed again in the backward pass to save memory, with the same result. activations: all but products with weights, a few percent more time; layers: whole layers, a third more. Default: what a step needs to fit into the free memory, or what saves more than a gigabyte',
    ),
  activationCache: z
    .boolean()
    .exactOptional()
    .describe(
      'Where layers have no adapters: whether what comes out of the lowest ones is computed once for each record and kept in the job while it runs, as numbers of 32 bits. Default: where it is used more than once and fits the disk',
    ),
  maxTokens: z
    .int()
    .min(1)
    .exactOptional()
    .describe('Longest record in tokens; longer ones are counted and said, never cut in silence'),
})
