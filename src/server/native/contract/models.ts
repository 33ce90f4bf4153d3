import { z } from 'zod'
import { count, flag, removed, time } from './common.ts'
import { operations } from './operation.ts'

const common = { id: z.string(), bytes: count, createdAt: time }

/** The last verdict of the gate on a model. */
export const gateState = z
  .object({
    verdict: z.enum(['promoted', 'not promoted', 'not enough data']),
    at: time,
    candidate: z.string(),
    baseline: z.string(),
    rules: z.array(z.looseObject({ rule: z.string(), outcome: z.enum(['pass', 'fail', 'not enough data']) })),
    evidence: z.array(z.object({ set: z.string(), file: z.string(), sha256: z.string(), rows: z.int() })),
  })
  .meta({ id: 'GateState' })

export const baseModel = z
  .object({
    ...common,
    kind: z.literal('base'),
    architecture: z.string(),
    parameters: count,
    contextLength: count.meta({ description: 'tokens' }),
    licence: z.string().nullable(),
    source: z.string(),
  })
  .meta({ id: 'BaseModel' })

export const tunedModel = z
  .object({
    ...common,
    kind: z.literal('tuned'),
    base: z.string(),
    steps: count,
    bestStep: count,
    bestValidationLoss: z.number().nullable(),
    systemPrompt: z.string().nullable().meta({
      description:
        'what every training record had for a system prompt; null where they had none, or differed',
    }),
    imported: z.object({ from: z.string(), sha256: z.string(), trainedOn: z.string().nullable() }).nullable(),
    gate: gateState.shape.verdict.nullable().meta({ description: 'null where the gate has not judged it' }),
  })
  .meta({ id: 'TunedModel' })

export const unfinishedModel = z
  .object({
    ...common,
    kind: z.literal('unfinished').meta({ description: 'a training run that has not come to its end' }),
    base: z.string(),
    steps: count,
  })
  .meta({ id: 'UnfinishedModel' })

export const brokenModel = z
  .object({ id: z.string(), bytes: count, kind: z.literal('broken'), problem: z.string() })
  .meta({ id: 'BrokenModel' })

export const model = z
  .discriminatedUnion('kind', [baseModel, tunedModel, unfinishedModel, brokenModel])
  .meta({ id: 'Model' })

export const modelList = z
  .object({
    models: z.array(model),
    available: z
      .array(z.object({ id: z.string(), title: z.string(), licence: z.string(), bytes: count }))
      .meta({ description: 'bases that can be pulled by name' }),
    defaultBase: z.string(),
  })
  .meta({ id: 'ModelList' })

/** Where a model comes from, from file to gate. */
export const lineage = z
  .object({
    dataset: z
      .object({
        id: z.string().nullable().meta({ description: 'dataset version and part; null for a file' }),
        training: z.object({ examples: count, sha256: z.string() }),
        validation: z.object({ examples: count, sha256: z.string() }).nullable(),
      })
      .nullable(),
    job: z.string().nullable().meta({ description: 'id of the job that made it' }),
    base: z.object({ id: z.string(), weights: z.string().nullable() }).nullable(),
    start: z
      .object({ model: z.string(), weights: z.string() })
      .nullable()
      .meta({ description: 'the tuned model whose training was continued' }),
    settings: z.record(z.string(), z.unknown()).nullable(),
    environment: z.record(z.string(), z.unknown()).nullable(),
    evaluations: z.array(z.object({ set: z.string(), file: z.string(), rows: count })),
    gate: gateState.nullable(),
  })
  .meta({ id: 'Lineage' })

export const modelDetails = z
  .object({
    model,
    files: z.array(z.object({ name: z.string(), bytes: count })),
    template: z
      .object({ sha256: z.string(), defaultSystemPrompt: z.string().nullable() })
      .nullable()
      .meta({ description: 'null where the chat template cannot be read' }),
    lineage,
    uses: z
      .array(
        z.object({
          api: z.enum(['hone', 'bedrock', 'openai', 'anthropic']),
          id: z.string().nullable().meta({ description: 'null where it cannot be called there yet' }),
          note: z.string().optional(),
        }),
      )
      .meta({ description: 'what it is called in each API' }),
    dependents: z
      .object({ models: z.array(z.string()), endpoints: z.array(z.string()) })
      .meta({ description: 'what would be lost with it' }),
  })
  .meta({ id: 'ModelDetails' })

export const exportForms = ['adapter', 'merged', 'gguf-adapter', 'gguf-merged'] as const

export const modelOperations = operations({
  listModels: {
    method: 'GET',
    path: '/api/models',
    summary: 'Bases, tuned models and unfinished runs of the home, and bases that can be pulled',
    action: 'read',
    answer: { kind: 'json', schema: modelList },
  },
  getModel: {
    method: 'GET',
    path: '/api/models/{id}',
    summary: 'One model: its files, where it comes from, what it is called in each API, what depends on it',
    action: 'read',
    answer: { kind: 'json', schema: modelDetails },
  },
  pullModel: {
    method: 'POST',
    path: '/api/models/pull',
    summary: 'Fetches a base by its name in the catalogue, or `hf:owner/name`',
    action: 'write',
    body: z.object({ name: z.string().min(1).max(300) }).meta({ id: 'PullModel' }),
    answer: { kind: 'steps', schema: z.object({ id: z.string() }).meta({ id: 'PulledModel' }) },
  },
  exportModel: {
    method: 'GET',
    path: '/api/models/{id}/export',
    summary: 'The model as a tar archive of the files that other programs read',
    action: 'read',
    query: z.object({
      form: z.enum(exportForms).default('adapter'),
      type: z.enum(['F32', 'F16', 'BF16', 'Q8_0']).optional(),
    }),
    answer: { kind: 'file', mediaType: 'application/x-tar' },
  },
  deleteModel: {
    method: 'DELETE',
    path: '/api/models/{id}',
    summary: 'Removes a model; one that others need only with `force=true`',
    action: 'write',
    query: z.object({ force: flag.default(false) }),
    answer: { kind: 'json', schema: removed },
  },
})
