import type { PlannedTraining } from '../../service/train/draft-training.ts'

/** A plan of plausible size. */
export function plannedTraining(): PlannedTraining {
  const settings = {
    method: 'sft',
    preference: null,
    answers: 'all',
    rank: 16,
    alpha: 32,
    scaling: 'standard',
    targets: ['q_proj', 'v_proj'],
    layers: 'all',
    dropout: 0,
    epochs: 2,
    maxSteps: null,
    batchSize: 8,
    accumulate: 2,
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
    earlyStopping: { threshold: 0, patience: 3 },
    gradientCheckpointing: 'none',
    activationCache: false,
  } as const
  const reasons = Object.fromEntries(Object.keys(settings).map((key) => [key, `why ${key}`]))
  return {
    plan: {
      settings,
      reasons: reasons as PlannedTraining['plan']['reasons'],
      steps: 60,
      trainableParameters: 4_884_480,
      baseParameters: 134_515_008,
      peakBytes: 2_412_000_000,
      operations: 3e14,
    },
    base: { id: 'small' },
    tokens: { mean: 93.4, p95: 131, longest: 140, context: 8192, trained: 24.2 },
    examples: { training: 480, validation: 48, dropped: 2 },
    template: { sha256: 'ab'.repeat(32), defaultSystemPrompt: 'You are kind.' },
    folder: '/home/models/x-1',
    start: null,
    seconds: 754,
  }
}
