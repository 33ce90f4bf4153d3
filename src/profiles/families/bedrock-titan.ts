import type { Hyperparameter, Limit, Profile } from '../profile.ts'
import { promptCompletionShape } from './record-shapes.ts'

const gone =
  'The base is gone from the table of those that can be fine-tuned; the day is not in the sources that were read.'

const steps: Hyperparameter = {
  name: 'epochCount',
  type: 'integer',
  default: 5,
  minimum: 1,
  maximum: 10,
  meaning: 'passes over the training data',
}

const expressAndLite: readonly Hyperparameter[] = [
  steps,
  {
    name: 'batchSize',
    type: 'integer',
    default: 1,
    minimum: 1,
    maximum: 64,
    meaning: 'records in one update',
  },
  {
    name: 'learningRate',
    type: 'number',
    default: 1e-5,
    minimum: 0,
    maximum: 1,
    meaning: 'learning rate',
  },
  {
    name: 'learningRateWarmupSteps',
    type: 'integer',
    default: 5,
    minimum: 0,
    maximum: 250,
    meaning: 'steps of rising learning rate',
  },
]

const premier: readonly Hyperparameter[] = [
  { ...steps, default: 2, maximum: 5 },
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
    default: 1e-6,
    minimum: 1e-7,
    maximum: 1e-5,
    meaning: 'learning rate',
  },
  {
    name: 'learningRateWarmupSteps',
    type: 'integer',
    default: 5,
    minimum: 0,
    maximum: 20,
    meaning: 'steps of rising learning rate',
  },
]

function titan(
  size: string,
  hyperparameters: readonly Hyperparameter[],
  tokens: Limit,
  prices: Profile['prices'] = [],
): Profile {
  return {
    id: `bedrock:titan-text-${size}`,
    service: 'bedrock',
    title: `Amazon Titan Text ${size[0]?.toUpperCase()}${size.slice(1)} on Bedrock`,
    modelIds: [`amazon.titan-text-${size}-v1`],
    method: 'supervised',
    asOf: '2025-06',
    regions: [],
    record: promptCompletionShape,
    records: {},
    tokens: { record: tokens, charactersPerToken: 6, estimate: 'bedrock-data' },
    files: {
      blankLines: 'refused',
      training: { value: 2 ** 30, source: 'bedrock-data' },
      validation: { value: 100 * 2 ** 20, source: 'bedrock-data' },
    },
    hyperparameters,
    hyperparameterSource: 'bedrock-hyperparameters',
    lifecycle: {
      unlisted: '2026-10',
      successors: ['bedrock:nova-micro', 'bedrock:nova-2-lite'],
      source: 'bedrock-models',
    },
    prices,
    notes: [gone],
  }
}

const context = (note: string): Limit => ({ value: 4_096, source: 'bedrock-data', note })

/** Amazon Titan Text, retired. */
export const bedrockTitan: readonly Profile[] = [
  titan('express', expressAndLite, context('with batchSize 1; 2,048 with 2 to 4')),
  titan('lite', expressAndLite, context('with batchSize 1 and 2; 2,048 with 3 to 6'), [
    {
      what: 'training',
      usd: 0.4,
      per: 'million tokens',
      date: '2024-03',
      source: 'bedrock-prices',
    },
    { what: 'storage', usd: 1.95, per: 'model and month', date: '2024-03', source: 'bedrock-prices' },
  ]),
  titan('premier', premier, context('batchSize must be 1')),
]
