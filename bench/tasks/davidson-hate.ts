import type { PublicTask } from './public-task.ts'

/** Three classes, the rare one being what matters: also decided by label probabilities, corrected for how rare they are. */
export const davidsonHate: PublicTask = {
  name: 'davidson_hate',
  folder: 'davidson_hate',
  train: ['train.jsonl'],
  test: ['test.jsonl'],
  system: 'Rate the tweet: hate_speech, offensive_language or neither.',
  prompt: () =>
    'Rate the tweet. Answer with exactly one of these: hate_speech (hatred against a group, or meant to humiliate its members), offensive_language (rude words, but no hate speech), neither.',
  fewShot: 6,
  task: (labels) => ({ kind: 'labels', labels }),
  training: { epochs: 1 },
  maxTokens: 8,
  columns: ['accuracy', 'macro-f1'],
  candidates: () => [{ id: 'balanced', title: 'tuned, balanced', model: 'tuned', decide: 'corrected' }],
  linear: { accuracy: 0.8931, 'macro-f1': 0.6914 },
}
