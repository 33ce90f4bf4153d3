import { readFileSync } from 'node:fs'

/** A public task as `DIR/<name>/train.jsonl` and `test.jsonl`, records `{input, output}`, and what a linear model reaches. */
export interface PublicTask {
  readonly name: string
  readonly system: string
  readonly epochs: number
  /** Records to train on; the whole file by default. */
  readonly trainingRows?: number
  readonly maxTokens: number
  /** Whether rare labels count as much as common ones, so that the label is also chosen by its corrected probability. */
  readonly rareLabels?: true
  /** TF-IDF of words and characters with a linear SVM, trained on the whole training file. */
  readonly linear: { readonly accuracy: number; readonly macroF1: number }
}

export const tasks: readonly PublicTask[] = [
  {
    name: 'banking77',
    system: 'Name the intent of the message to the bank.',
    epochs: 2,
    maxTokens: 24,
    linear: { accuracy: 0.9117, macroF1: 0.9117 },
  },
  {
    name: 'davidson_hate',
    system: 'Rate the tweet: hate_speech, offensive_language or neither.',
    epochs: 1,
    maxTokens: 8,
    rareLabels: true,
    linear: { accuracy: 0.8931, macroF1: 0.6914 },
  },
]

export interface TaskRow {
  readonly input: string
  readonly output: string
}

export function readTaskRows(file: string): TaskRow[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as TaskRow)
}
