import type { Hyperparameter, Lifecycle, Price, Profile, RecordShape } from '../profile.ts'
import { openaiChatShape } from './record-shapes.ts'

const auto = ['auto']
const unverified = 'from memory, unverified'

const supervised: readonly Hyperparameter[] = [
  {
    name: 'n_epochs',
    type: 'integer',
    default: 'auto',
    minimum: 1,
    maximum: 50,
    words: auto,
    planned: 3,
    meaning: 'passes over the training data',
  },
  {
    name: 'batch_size',
    type: 'integer',
    default: 'auto',
    minimum: 1,
    maximum: 256,
    words: auto,
    meaning: 'records in one update',
  },
  {
    name: 'learning_rate_multiplier',
    type: 'number',
    default: 'auto',
    minimum: 0,
    words: auto,
    meaning: 'scales a learning rate that is not published',
  },
]

const preference: readonly Hyperparameter[] = [
  ...supervised,
  {
    name: 'beta',
    type: 'number',
    default: 'auto',
    minimum: 0,
    maximum: 2,
    words: auto,
    meaning: 'how strongly the model is held to its start',
  },
]

const reinforcement: readonly Hyperparameter[] = [
  ...supervised,
  {
    name: 'compute_multiplier',
    type: 'number',
    default: 'auto',
    minimum: 0,
    words: auto,
    meaning: 'how much is tried for a prompt',
  },
  {
    name: 'eval_interval',
    type: 'integer',
    default: 'auto',
    minimum: 1,
    words: auto,
    meaning: 'steps between validations',
  },
  {
    name: 'eval_samples',
    type: 'integer',
    default: 'auto',
    minimum: 1,
    words: auto,
    meaning: 'answers to a validation prompt',
  },
  {
    name: 'reasoning_effort',
    type: 'word',
    default: 'default',
    words: ['default', 'low', 'medium', 'high'],
    meaning: 'how much the model thinks',
  },
]

/** The prompt of a preference ends before the answers. */
const { last: _answer, ...promptShape } = openaiChatShape

const preferenceShape: RecordShape = {
  ...promptShape,
  kind: 'openai-preference',
  required: ['input', 'preferred_output', 'non_preferred_output'],
  optional: [],
  minimumMessages: 1,
  source: 'openai-preference',
}

const reinforcementShape: RecordShape = {
  ...openaiChatShape,
  kind: 'openai-reinforcement',
  openKeys: true,
  last: 'user',
  minimumMessages: 1,
  source: 'openai-reinforcement',
}

const price = (
  training: number,
  input: number,
  cached: number | undefined,
  output: number,
): readonly Price[] =>
  (
    [
      ['training', training],
      ['input', input],
      ['cached input', cached],
      ['output', output],
    ] as const
  ).flatMap(([what, usd]) =>
    usd === undefined
      ? []
      : [{ what, usd, per: 'million tokens' as const, date: '2026-10', source: 'openai-prices' as const }],
  )

const closing = {
  noNewJobs: '2027-01-06',
  successors: ['bedrock:nova-2-lite', 'local'],
  source: 'openai-deprecations',
  note: 'new organisations have been refused since 2026-05-07',
} as const satisfies Lifecycle

interface OpenaiModel {
  readonly name: string
  readonly modelId: string
  readonly endOfLife: string
  readonly prices: readonly Price[]
  readonly vision?: true
}

const models: readonly OpenaiModel[] = [
  {
    name: 'gpt-4o-mini',
    modelId: 'gpt-4o-mini-2024-07-18',
    endOfLife: '2027-01-14',
    prices: price(3, 0.3, 0.15, 1.2),
  },
  {
    name: 'gpt-4o',
    modelId: 'gpt-4o-2024-08-06',
    endOfLife: '2027-01-14',
    prices: price(25, 3.75, 1.875, 15),
    vision: true,
  },
  {
    name: 'gpt-4.1',
    modelId: 'gpt-4.1-2025-04-14',
    endOfLife: '2027-01-14',
    prices: price(25, 3, 0.75, 12),
  },
  {
    name: 'gpt-4.1-mini',
    modelId: 'gpt-4.1-mini-2025-04-14',
    endOfLife: '2027-01-14',
    prices: price(5, 0.8, 0.2, 3.2),
  },
  {
    name: 'gpt-4.1-nano',
    modelId: 'gpt-4.1-nano-2025-04-14',
    endOfLife: '2026-10-23',
    prices: price(1.5, 0.2, 0.05, 0.8),
  },
  {
    name: 'gpt-3.5-turbo',
    modelId: 'gpt-3.5-turbo-0125',
    endOfLife: '2026-10-23',
    prices: price(8, 3, undefined, 6),
  },
]

interface OpenaiMethod {
  readonly method: Profile['method']
  readonly record: RecordShape
  readonly hyperparameters: readonly Hyperparameter[]
}

function profile(id: string, model: OpenaiModel, method: OpenaiMethod, words: string): Profile {
  return {
    id,
    service: 'openai',
    title: `${model.modelId} at OpenAI, ${words}`,
    modelIds: [model.modelId, model.name],
    method: method.method,
    asOf: '2026-10',
    regions: [],
    record: method.record,
    records: { minimum: { value: 10, source: 'openai-supervised' } },
    tokens: { charactersPerToken: 4, perMessage: 3, perRecord: 3, estimate: 'openai-help-tokens' },
    files: {
      training: { value: 512 * 10 ** 6, source: 'openai-files' },
      validation: { value: 512 * 10 ** 6, source: 'openai-files' },
      nameEnd: { value: '.jsonl', source: 'openai-files' },
    },
    ...(model.vision
      ? {
          media: {
            imageFormats: ['jpeg', 'png', 'webp'],
            images: { value: 10, source: 'openai-vision', note: unverified },
            imageBytes: { value: 10 * 2 ** 20, source: 'openai-vision', note: unverified },
            source: 'openai-vision',
          } as const,
        }
      : {}),
    hyperparameters: method.hyperparameters,
    hyperparameterSource: 'openai-api',
    lifecycle: {
      ...closing,
      noNewJobs: model.endOfLife < closing.noNewJobs ? model.endOfLife : closing.noNewJobs,
      endOfLife: model.endOfLife,
    },
    prices: model.prices,
    notes: [
      "The names of the hyperparameters are those of OpenAI's client; their ranges are from memory, and unverified.",
      '3 epochs are reckoned with where the service chooses: an assumption of plans, from memory.',
      ...(method.method === 'supervised' ? [] : ['The form of the records is from memory, and unverified.']),
    ],
  }
}

const reasoning: OpenaiModel = {
  name: 'o4-mini',
  modelId: 'o4-mini-2025-04-16',
  endOfLife: '2026-10-23',
  prices: [
    { what: 'training', usd: 100, per: 'hour', date: '2026-10', source: 'openai-prices' },
    ...price(0, 4, 1, 16).slice(1),
  ],
}

/** OpenAI's supervised fine-tuning, preference tuning and reinforcement fine-tuning. */
export const openai: readonly Profile[] = [
  ...models.map((model) =>
    profile(
      `openai:${model.name}`,
      model,
      { method: 'supervised', record: openaiChatShape, hyperparameters: supervised },
      'supervised',
    ),
  ),
  ...models
    .filter(({ name }) => !name.startsWith('gpt-3.5'))
    .map((model) =>
      profile(
        `openai:${model.name}:dpo`,
        model,
        { method: 'preference', record: preferenceShape, hyperparameters: preference },
        'preferences (DPO)',
      ),
    ),
  profile(
    'openai:o4-mini:rft',
    reasoning,
    { method: 'reinforcement', record: reinforcementShape, hyperparameters: reinforcement },
    'reinforcement',
  ),
]
