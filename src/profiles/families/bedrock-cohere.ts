import type { Profile } from '../profile.ts'
import { promptCompletionShape } from './record-shapes.ts'

const gone =
  'The base is gone from the table of those that can be fine-tuned; the day is not in the sources that were read.'

function command(
  id: string,
  title: string,
  modelId: string,
  largestBatch: number,
  trainingUsd: number,
): Profile {
  return {
    id,
    service: 'bedrock',
    title,
    modelIds: [modelId],
    method: 'supervised',
    asOf: '2025-06',
    regions: [],
    record: promptCompletionShape,
    records: {
      training: { value: 10_000, source: 'bedrock-data' },
      validation: { value: 1_000, source: 'bedrock-data' },
    },
    tokens: {
      record: { value: 4_096, source: 'bedrock-data', note: 'input' },
      output: { value: 2_048, source: 'bedrock-data' },
      charactersPerToken: 6,
      estimate: 'bedrock-data',
    },
    files: { blankLines: 'refused' },
    hyperparameters: [
      {
        name: 'epochCount',
        type: 'integer',
        default: 1,
        minimum: 1,
        maximum: 100,
        meaning: 'passes over the training data',
      },
      {
        name: 'batchSize',
        type: 'integer',
        default: 8,
        minimum: 8,
        maximum: largestBatch,
        meaning: 'records in one update',
      },
      {
        name: 'learningRate',
        type: 'number',
        default: 1e-5,
        minimum: 5e-6,
        maximum: 0.1,
        meaning: 'learning rate',
      },
      {
        name: 'earlyStoppingThreshold',
        type: 'number',
        default: 0.01,
        minimum: 0,
        maximum: 0.1,
        meaning: 'smallest fall of the loss that counts',
      },
      {
        name: 'earlyStoppingPatience',
        type: 'integer',
        default: 6,
        minimum: 1,
        maximum: 10,
        meaning: 'validations without such a fall that are tolerated',
      },
      {
        name: 'evalPercentage',
        type: 'number',
        default: 20,
        minimum: 5,
        maximum: 50,
        meaning: 'share of the training data to validate with, where no file is given',
      },
    ],
    hyperparameterSource: 'bedrock-hyperparameters',
    lifecycle: {
      unlisted: '2026-10',
      successors: ['bedrock:nova-lite', 'bedrock:llama-3.3-70b'],
      source: 'bedrock-models',
    },
    prices: [
      {
        what: 'training',
        usd: trainingUsd,
        per: 'million tokens',
        date: '2024-03',
        source: 'bedrock-prices',
      },
      { what: 'storage', usd: 1.95, per: 'model and month', date: '2024-03', source: 'bedrock-prices' },
    ],
    notes: [gone],
  }
}

/** Cohere Command, retired. */
export const bedrockCohere: readonly Profile[] = [
  command('bedrock:cohere-command', 'Cohere Command on Bedrock', 'cohere.command-text-v14', 8, 4),
  command(
    'bedrock:cohere-command-light',
    'Cohere Command Light on Bedrock',
    'cohere.command-light-text-v14',
    32,
    1,
  ),
]
