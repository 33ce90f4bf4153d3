import { existsSync, readFileSync } from 'node:fs'
import { HoneError } from '../../src/core/errors.ts'

/** A record of a data file. */
export interface TaskRow {
  readonly input: string
  readonly output: string
}

/** @throws HoneError `E_USAGE` where the file is not there */
export function readTaskRows(file: string): TaskRow[] {
  if (!existsSync(file)) {
    throw new HoneError('E_USAGE', 'the data of the task is not part of this project', {
      at: { file },
      hint: 'name the folder that holds TASK/train.jsonl and its other files, records {"input", "output"}, with --data DIR',
    })
  }
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as TaskRow)
}
