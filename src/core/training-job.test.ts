import { expect, test } from 'vitest'
import { trainingJob } from './training-job.ts'

test('a job that an earlier version wrote is read as it was trained', () => {
  const file = { file: 'data/train.jsonl', examples: 1, sha256: 'ab' }
  const settings = {
    rank: 16,
    alpha: 32,
    targets: ['q_proj'],
    epochs: 2,
    maxSteps: null,
    batchSize: 8,
    accumulate: 1,
    learningRate: 1e-3,
    schedule: 'cosine',
    warmup: 3,
    weightDecay: 0,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    clip: 1,
    seed: 7,
    validationEvery: 5,
    checkpointEvery: 10,
    earlyStopping: null,
  }
  const job = {
    schema: 1,
    kind: 'training-job',
    id: 'x',
    base: { id: 'b', folder: 'f', weights: 'w' },
    settings,
    steps: 60,
    data: { training: file, validation: null },
    template: { sha256: 'cd', defaultSystemPrompt: null },
    environment: { hone: '0', node: 'v20', runtime: '1', platform: 'p', cpu: 'c', threads: 2 },
    createdAt: '2026-11-21T00:00:00Z',
  }
  expect(trainingJob.parse(job)).toEqual({
    ...job,
    systemPrompt: null,
    start: null,
    settings: {
      ...settings,
      method: 'sft',
      preference: null,
      answers: 'all',
      scaling: 'standard',
      dropout: 0,
      gradientCheckpointing: 'none',
      layers: 'all',
      activationCache: false,
    },
  })
})
