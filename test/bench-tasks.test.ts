import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { writeTaskFolder } from '../bench/tasks/task-folder.ts'
import { tasks } from '../bench/tasks/tasks.ts'
import { readConfig } from '../src/config/read-config.ts'

/** What the answers of each data folder look like. */
const answers: Readonly<Record<string, readonly string[]>> = {
  banking77: ['card_arrival', 'top_up_failed'],
  clinc150: ['translate', 'oos'],
  davidson_hate: ['neither', 'offensive_language'],
  mts_dialog: ['{"section":"ROS","text":"No fever."}', '{"section":"PLAN","text":"Rest."}'],
  bc5cdr: ['{"Disease":["flu"]}', '{}'],
}

const linesOf = (file: string): string[] => readFileSync(file, 'utf8').trimEnd().split('\n')

describe('the public tasks', () => {
  test.each(tasks)('$name is a folder that hone run takes', async (task) => {
    const data = mkdtempSync(join(tmpdir(), 'hone-tasks-'))
    mkdirSync(join(data, task.folder))
    for (const file of [...task.train, ...(task.trainWhole ?? []), ...task.test]) {
      const rows = Array.from({ length: 90 }, (_, at) => ({
        input: `${file} ${at}`,
        output: answers[task.folder]?.[at % 2],
      }))
      writeFileSync(join(data, task.folder, file), rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
    }
    const folder = join(data, 'work')
    const sizes = writeTaskFolder(task, folder, { data, seed: 7, trainingRows: 20, testRows: 10 })
    const config = await readConfig(folder)

    const whole = 90 * (task.trainWhole?.length ?? 0)
    expect(sizes).toMatchObject({ trainingRows: 20 + whole, testRows: 10 })
    expect(config.evaluation.candidates).toEqual(expect.arrayContaining(['base', 'few-shot', 'tuned']))
    const drawn = ['training', 'validation', 'test'].map((name) => linesOf(join(folder, `${name}.jsonl`)))
    expect(drawn.map(({ length }) => length)).toEqual([20 + whole, sizes.validationRows, 10])
    expect(new Set(drawn.flat()).size).toBe(drawn.flat().length)
  })
})
