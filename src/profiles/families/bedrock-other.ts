import type { Profile } from '../profile.ts'
import { converseShape, openaiChatShape } from './record-shapes.ts'

/** A prompt needs no answer: the teacher writes it. */
const { last: _answer, ...promptShape } = converseShape

/** What Amazon Bedrock tunes by rewards or by a teacher's answers. */
export const bedrockOther: readonly Profile[] = [
  {
    id: 'bedrock:rft',
    service: 'bedrock',
    title: 'reinforcement fine-tuning on Bedrock',
    modelIds: ['amazon.nova-2-lite-v1:0:256k', 'openai.gpt-oss-20b', 'qwen.qwen3-32b'],
    method: 'reinforcement',
    asOf: '2026-10',
    regions: ['us-west-2', 'us-east-1'],
    record: {
      kind: 'openai-reinforcement',
      required: ['messages'],
      optional: [...openaiChatShape.optional],
      openKeys: true,
      messageKeys: openaiChatShape.messageKeys,
      roles: openaiChatShape.roles,
      alternating: false,
      minimumMessages: 1,
      content: 'either',
      source: 'bedrock-rft-data',
    },
    records: { training: { value: 20_000, source: 'bedrock-rft-data' } },
    files: { blankLines: 'refused' },
    hyperparameters: [
      { name: 'epochCount', type: 'integer', minimum: 1, maximum: 50, meaning: 'passes over the prompts' },
      { name: 'batchSize', type: 'integer', minimum: 16, maximum: 512, meaning: 'prompts in one update' },
      { name: 'learningRate', type: 'number', minimum: 1e-7, maximum: 1e-3, meaning: 'learning rate' },
      { name: 'maxPromptLength', type: 'integer', minimum: 1, meaning: 'longest prompt in tokens' },
      {
        name: 'trainingSamplePerPrompt',
        type: 'integer',
        default: 4,
        minimum: 2,
        maximum: 16,
        meaning: 'answers that are drawn for a prompt',
      },
      { name: 'inferenceMaxTokens', type: 'integer', minimum: 1, meaning: 'longest answer in tokens' },
      {
        name: 'reasoningEffort',
        type: 'word',
        words: ['low', 'medium', 'high'],
        meaning: 'how much the model thinks',
      },
      {
        name: 'evalInterval',
        type: 'integer',
        minimum: 1,
        maximum: 100,
        meaning: 'steps between validations',
      },
    ],
    hyperparameterSource: 'bedrock-rft-api',
    lifecycle: { successors: [], source: 'bedrock-rft' },
    prices: [],
    notes: ['These hyperparameters are numbers in the request, not strings.'],
  },
  {
    id: 'bedrock:distillation',
    service: 'bedrock',
    title: 'model distillation on Bedrock',
    modelIds: [],
    method: 'distillation',
    asOf: '2026-10',
    regions: [],
    record: {
      ...promptShape,
      schemaVersions: ['bedrock-conversation-2024', 'bedrock-conversion-2024'],
      minimumMessages: 1,
      source: 'bedrock-distillation',
    },
    records: {
      minimum: { value: 100, source: 'bedrock-quotas' },
      training: { value: 15_000, source: 'bedrock-quotas' },
    },
    files: {
      blankLines: 'refused',
      training: { value: 2 * 2 ** 30, source: 'bedrock-quotas' },
      line: { value: 16 * 2 ** 10, source: 'bedrock-quotas' },
    },
    hyperparameters: [],
    lifecycle: { successors: [], source: 'bedrock-distillation' },
    prices: [],
    notes: [
      'Anthropic and Llama students take conversations of one turn only.',
      'The page demands the schemaVersion "bedrock-conversion-2024", its example says "bedrock-conversation-2024": both are accepted.',
    ],
  },
]
