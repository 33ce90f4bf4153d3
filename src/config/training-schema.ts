import { z } from 'zod'

const schedules = ['cosine', 'linear', 'constant'] as const

/** Hyperparameters that the user set. What is absent is chosen by the planner from the number and length of examples. */
export interface TrainingConfig {
  readonly epochs?: number
  readonly maxSteps?: number
  readonly batchSize?: number
  readonly accumulate?: number
  readonly learningRate?: number
  readonly schedule?: (typeof schedules)[number]
  readonly warmup?: number
  readonly rank?: number
  readonly alpha?: number
  readonly targets?: readonly string[]
  readonly weightDecay?: number
  readonly beta1?: number
  readonly beta2?: number
  readonly epsilon?: number
  readonly clip?: number
  readonly seed?: number
  readonly validationEvery?: number
  readonly checkpointEvery?: number
  readonly earlyStopping?: { readonly threshold?: number; readonly patience?: number }
  readonly maxTokens?: number
}

const steps = z.int().min(1)
const decay = z.number().min(0).lt(1)

export const trainingSchema: z.ZodType<TrainingConfig, TrainingConfig> = z.strictObject({
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
  schedule: z.enum(schedules).exactOptional().describe('How the learning rate falls after the warm-up'),
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
  targets: z
    .array(z.string().min(1))
    .min(1)
    .exactOptional()
    .describe('Linear layers that get an adapter, such as q_proj and v_proj. Default: all'),
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
  maxTokens: z
    .int()
    .min(1)
    .exactOptional()
    .describe('Longest record in tokens; longer ones are counted and said, never cut in silence'),
})
