import type { Hyperparameter, MediaLimits, Profile } from '../profile.ts'
import { converseShape, promptCompletionShape } from './record-shapes.ts'

const hyperparameters: readonly Hyperparameter[] = [
  {
    name: 'epochCount',
    type: 'integer',
    default: 5,
    minimum: 1,
    maximum: 10,
    meaning: 'passes over the training data',
  },
  {
    name: 'batchSize',
    type: 'integer',
    default: 1,
    minimum: 1,
    maximum: 1,
    meaning: 'records in one update',
  },
  {
    name: 'learningRate',
    type: 'number',
    default: 1e-4,
    minimum: 5e-6,
    maximum: 0.1,
    meaning: 'learning rate',
  },
]

const media: MediaLimits = {
  imageFormats: ['gif', 'jpeg', 'png', 'webp'],
  imageBytes: { value: 10 * 2 ** 20, source: 'bedrock-data' },
  source: 'bedrock-data',
}

interface LlamaOptions {
  readonly tokens?: number
  readonly vision?: true
}

function llama(version: string, size: string, options: LlamaOptions = {}): Profile {
  const isOld = version === '3.1'
  const name = `llama${version.replace('.', '-')}-${size}-instruct-v1:0`
  return {
    id: `bedrock:llama-${version}-${size}`,
    service: 'bedrock',
    title: `Llama ${version} ${size.toUpperCase()} Instruct on Bedrock`,
    modelIds: [`meta.${name}:128k`, `meta.${name}`],
    method: 'supervised',
    asOf: '2026-10',
    regions: ['us-west-2'],
    record: isOld ? promptCompletionShape : converseShape,
    records: {
      minimum: { value: 100, source: 'bedrock-data', note: 'training and validation together' },
      total: { value: 10_000, source: 'bedrock-data', note: 'can be raised' },
    },
    tokens: {
      record: { value: options.tokens ?? 16_000, source: 'bedrock-data' },
      charactersPerToken: 6,
      estimate: 'bedrock-data',
    },
    files: { blankLines: 'refused' },
    ...(options.vision ? { media } : {}),
    hyperparameters,
    hyperparameterSource: 'bedrock-hyperparameters',
    lifecycle: { successors: [], source: 'bedrock-models' },
    prices: [],
    notes:
      version === '3.3'
        ? ['The page of hyperparameters names Llama 3.1 and 3.2 only; their ranges are used for 3.3.']
        : [],
  }
}

/** Meta Llama 3.1 to 3.3. */
export const bedrockLlama: readonly Profile[] = [
  llama('3.1', '8b'),
  llama('3.1', '70b'),
  llama('3.2', '1b'),
  llama('3.2', '3b'),
  llama('3.2', '11b', { vision: true }),
  llama('3.2', '90b', { vision: true, tokens: 10_000 }),
  llama('3.3', '70b'),
]
