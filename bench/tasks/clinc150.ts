import type { PublicTask } from './public-task.ts'

/** 150 intents of an assistant, and requests that are none of them. */
export const clinc150: PublicTask = {
  name: 'clinc150',
  folder: 'clinc150',
  train: ['train.jsonl'],
  trainWhole: ['oos_train.jsonl'],
  test: ['test.jsonl', 'oos_test.jsonl'],
  trainingRows: 1_500,
  testRows: 300,
  system: 'Name the intent of the request, or oos if it is none of those you know.',
  prompt: (labels) =>
    `Name the intent of the request. Answer with exactly one of these: ${labels.filter((label) => label !== 'oos').join(', ')}. If none of them fits, answer oos.`,
  outOfScope: 'oos',
  fewShot: 8,
  task: (labels) => ({
    kind: 'labels',
    labels,
    abstain: 'oos',
    metrics: ['accuracy', 'macro-f1', 'in-scope-accuracy', 'out-of-scope-recall', 'out-of-scope-f1'],
  }),
  training: { epochs: 1 },
  // So many names are easily made up: once more with the answer kept to those that there are, for both.
  candidates: (prompt) => [
    {
      id: 'few-shot-kept',
      title: 'base + 8 examples, kept to the labels',
      model: 'base',
      system: prompt,
      fewShot: 8,
      constrain: 'task',
    },
    { id: 'tuned-kept', title: 'tuned, kept to the labels', model: 'tuned', constrain: 'task' },
  ],
  maxTokens: 16,
  columns: ['accuracy', 'in-scope-accuracy', 'out-of-scope-recall'],
  linear: { 'in-scope-accuracy': 0.9276 },
  published: 'in-scope accuracy 0.969 and out-of-scope recall 0.403, a tuned BERT',
}
