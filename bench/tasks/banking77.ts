import type { PublicTask } from './public-task.ts'

export const banking77: PublicTask = {
  name: 'banking77',
  folder: 'banking77',
  train: ['train.jsonl'],
  test: ['test.jsonl'],
  system: 'Name the intent of the message to the bank.',
  prompt: (labels) =>
    `Name the intent of the message to the bank. Answer with exactly one of these: ${labels.join(', ')}.`,
  fewShot: 8,
  task: (labels) => ({ kind: 'labels', labels }),
  training: { epochs: 2 },
  maxTokens: 24,
  columns: ['accuracy', 'macro-f1'],
  linear: { accuracy: 0.9117, 'macro-f1': 0.9117 },
  published: 'accuracy 0.937, a tuned BERT',
}
