import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRandom } from '../../src/lib/random.ts'
import type { PublicTask } from './public-task.ts'
import { readTaskRows, type TaskRow } from './task-rows.ts'

/** Rows to validate with, which are not trained on. */
const validationRows = 64

export interface TaskSizes {
  readonly trainingRows: number
  readonly trainingRowsOfAll: number
  readonly validationRows: number
  readonly testRows: number
  readonly testRowsOfAll: number
}

export interface TaskFolderOptions {
  /** The folder of all tasks' data. */
  readonly data: string
  readonly seed: number
  readonly trainingRows?: number
  readonly testRows?: number
  readonly training?: object
}

/**
 * Writes the sampled rows of a task and its `hone.json` into a folder: what `hone run` takes.
 *
 * @throws HoneError `E_USAGE` where the data is not there
 */
export function writeTaskFolder(task: PublicTask, folder: string, options: TaskFolderOptions): TaskSizes {
  const { data, seed } = options
  const read = (files: readonly string[]): TaskRow[] =>
    files
      .flatMap((file) => readTaskRows(join(data, task.folder, file)))
      .map((row) => task.rowOf?.(row) ?? row)
  const [sampled, whole, allTest] = [read(task.train), read(task.trainWhole ?? []), read(task.test)]
  const allTraining = [...sampled, ...whole]
  const drawn = createRandom(seed).shuffle(sampled)
  const wanted = options.trainingRows ?? task.trainingRows ?? sampled.length
  const validation = drawn.slice(0, validationRows)
  const training = [...drawn.slice(validationRows, validationRows + wanted), ...whole]
  const test = createRandom(seed)
    .shuffle(allTest)
    .slice(0, options.testRows ?? task.testRows)
  const labels = [...new Set([...allTraining, ...allTest].map(({ output }) => output))].toSorted()

  mkdirSync(folder, { recursive: true })
  for (const [name, rows] of Object.entries({ training, validation, test })) {
    writeFileSync(join(folder, `${name}.jsonl`), rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  }
  const prompt = task.prompt(labels)
  const config = {
    schema: 1,
    name: `task-${task.name.replaceAll('_', '-')}`,
    data: { train: 'training.jsonl', validation: 'validation.jsonl', test: 'test.jsonl' },
    system: task.system,
    task: task.task(labels),
    split: { seed },
    base: 'smollm2-135m-instruct',
    prompt: { base: prompt, fewShot: task.fewShot },
    training: { ...task.training, ...options.training, seed },
    evaluation: {
      maxTokens: task.maxTokens,
      candidates: ['base', 'few-shot', ...(task.candidates?.(prompt) ?? []), 'tuned'],
    },
    output: join(folder, 'out'),
  }
  writeFileSync(join(folder, 'hone.json'), JSON.stringify(config, null, 2))
  return {
    trainingRows: training.length,
    trainingRowsOfAll: allTraining.length,
    validationRows: validation.length,
    testRows: test.length,
    testRowsOfAll: allTest.length,
  }
}
