import type { PublicTask } from './public-task.ts'
import type { TaskRow } from './task-rows.ts'

/** What a doctor and a patient say, and the part of the note that is made of it. */
const dialogue = {
  folder: 'mts_dialog',
  train: ['train.jsonl'],
  test: ['test1.jsonl', 'test2.jsonl'],
} as const

const note = ({ output }: TaskRow): { section: string; text: string } =>
  JSON.parse(output) as { section: string; text: string }

export const mtsDialogSection: PublicTask = {
  ...dialogue,
  name: 'mts_dialog-section',
  rowOf: (row) => ({ input: row.input, output: note(row).section }),
  trainingRows: 500,
  testRows: 150,
  system: 'Name the section of the note that the dialogue belongs to.',
  prompt: (labels) =>
    `Name the section of the clinical note that the dialogue of doctor and patient belongs to. Answer with exactly one of these: ${labels.join(', ')}.`,
  fewShot: 4,
  task: (labels) => ({ kind: 'labels', labels }),
  training: { epochs: 1 },
  maxTokens: 12,
  columns: ['accuracy', 'macro-f1'],
  linear: { accuracy: 0.72 },
  published: 'accuracy 0.80 on test 2',
}

export const mtsDialogText: PublicTask = {
  ...dialogue,
  name: 'mts_dialog-text',
  rowOf: (row) => ({ input: `${note(row).section}\n${row.input}`, output: note(row).text }),
  trainingRows: 250,
  testRows: 60,
  system: 'Write the named section of the note from the dialogue.',
  prompt: () =>
    'You are given the name of a section of a clinical note, and a dialogue of doctor and patient. Write this section of the note from what is said, in the short style of doctors, without comment.',
  fewShot: 3,
  task: () => ({ kind: 'text', metrics: ['rouge-1', 'rouge-2', 'rouge-l'] }),
  training: { epochs: 1 },
  maxTokens: 160,
  columns: ['rouge-1', 'rouge-2', 'rouge-l'],
}
