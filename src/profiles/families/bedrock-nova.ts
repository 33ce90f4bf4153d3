import type { Hyperparameter, Profile } from '../profile.ts'
import { converseShape } from './record-shapes.ts'

const hyperparameters: readonly Hyperparameter[] = [
  {
    name: 'epochCount',
    type: 'integer',
    default: 2,
    minimum: 1,
    maximum: 5,
    meaning: 'passes over the training data',
  },
  {
    name: 'learningRate',
    type: 'number',
    default: 1e-5,
    minimum: 1e-6,
    maximum: 1e-4,
    meaning: 'learning rate',
  },
  {
    name: 'learningRateWarmupSteps',
    type: 'integer',
    default: 10,
    minimum: 0,
    maximum: 100,
    meaning: 'steps of rising learning rate',
  },
]

function nova(name: string, title: string, modelIds: readonly string[], known: boolean): Profile {
  return {
    id: `bedrock:${name}`,
    service: 'bedrock',
    title,
    modelIds,
    method: 'supervised',
    asOf: '2026-10',
    regions: ['us-east-1'],
    record: { ...converseShape, schemaVersions: 'any', source: 'nova-data' },
    records: {
      minimum: { value: 8, source: 'nova-data' },
      training: { value: 20_000, source: 'nova-data' },
      total: { value: 20_000, source: 'bedrock-quotas' },
    },
    tokens: {
      record: { value: 32_000, source: 'nova-data' },
      charactersPerToken: 6,
      estimate: 'bedrock-data',
    },
    files: {
      blankLines: 'refused',
      nameCharacters: {
        class: 'A-Za-z0-9_\\-/.',
        words: 'letters, digits, _ - / and .',
        source: 'nova-data',
      },
    },
    reserved: {
      texts: ['User:', 'Bot:', 'Assistant:', 'System:', '<image>', '<video>', '[EOS]'],
      roles: ['system', 'user'],
      source: 'nova-data',
    },
    ...(name === 'nova-micro'
      ? {}
      : {
          media: {
            imageFormats: ['png', 'jpeg', 'gif', 'webp'],
            images: { value: 10, source: 'nova-data' },
            videos: { value: 1, source: 'nova-data' },
            imageBytes: { value: 10 * 2 ** 20, source: 'nova-data' },
            oneKind: true,
            source: 'nova-data',
          } as const,
        }),
    hyperparameters: known ? hyperparameters : [],
    ...(known ? { hyperparameterSource: 'bedrock-hyperparameters' as const } : {}),
    lifecycle: { successors: [], source: 'bedrock-models' },
    prices: [],
    notes: known
      ? []
      : ['The hyperparameters of this base were not in any source read, so none are checked.'],
  }
}

/** Amazon Nova, the text and understanding models that take jobs. */
export const bedrockNova: readonly Profile[] = [
  nova(
    'nova-micro',
    'Amazon Nova Micro on Bedrock',
    ['amazon.nova-micro-v1:0:128k', 'amazon.nova-micro-v1:0'],
    true,
  ),
  nova(
    'nova-lite',
    'Amazon Nova Lite on Bedrock',
    ['amazon.nova-lite-v1:0:300k', 'amazon.nova-lite-v1:0'],
    true,
  ),
  nova('nova-pro', 'Amazon Nova Pro on Bedrock', ['amazon.nova-pro-v1:0:300k', 'amazon.nova-pro-v1:0'], true),
  nova(
    'nova-2-lite',
    'Amazon Nova 2 Lite on Bedrock',
    ['amazon.nova-2-lite-v1:0:256k', 'amazon.nova-2-lite-v1:0'],
    false,
  ),
]
