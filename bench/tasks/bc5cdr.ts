import type { PublicTask, TaskScore } from './public-task.ts'

type Mentions = Readonly<Record<'Chemical' | 'Disease', readonly string[] | undefined>>

/** A sentence of a paper, and the chemicals and diseases that it names, each as often as it stands there. */
export const bc5cdr: PublicTask = {
  name: 'bc5cdr',
  folder: 'bc5cdr',
  train: ['train.jsonl'],
  test: ['test.jsonl'],
  // Both kinds are always there, in one order.
  rowOf: ({ input, output }) => {
    const { Chemical = [], Disease = [] } = JSON.parse(output) as Mentions
    return { input, output: JSON.stringify({ Chemical, Disease }) }
  },
  trainingRows: 800,
  testRows: 150,
  system: 'List the chemicals and diseases of the sentence as JSON.',
  prompt: () =>
    'List all chemicals and all diseases that the sentence names, each in the words of the sentence, as often and in the order in which they stand there. Answer with JSON and nothing else: {"Chemical":["…"],"Disease":["…"]}, with an empty list where there is none.',
  fewShot: 4,
  task: () => ({
    kind: 'json',
    fields: {
      Chemical: { match: 'list', of: 'exact' },
      Disease: { match: 'list', of: 'exact' },
    },
    metrics: ['field-f1', 'fields-match', 'json-valid'],
  }),
  training: { epochs: 1 },
  maxTokens: 160,
  columns: ['Chemical F1', 'Disease F1', 'fields-match', 'json-valid'],
  more: ({ fields = [] }) =>
    fields.map(({ field, f1 }): TaskScore => ({ metric: `${field} F1`, value: f1 ?? 0, interval: null })),
  published: 'F1 by place 0.935 for chemicals, 0.866 for diseases, models made for it',
}
