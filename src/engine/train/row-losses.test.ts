import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../weights/testing/temporary-folder.ts'
import { readRowLosses, RowLossFile } from './row-losses.ts'

const rows = (first: number) => [
  { id: 'a "quoted", name:1', loss: first },
  { id: 'b', loss: first / 2 },
]

test('losses are kept row by row, and those after the step of a resume are written again', async () => {
  const folder = temporaryFolder()
  const file = new RowLossFile(folder)
  await file.start(0)
  expect(await readRowLosses(folder)).toBeUndefined()
  await file.add({ step: 1, epoch: 1 }, rows(2))
  await file.add({ step: 2, epoch: 2 }, rows(1))
  await file.add({ step: 3, epoch: 3 }, rows(0.5))
  const whole = readFileSync(join(folder, 'row_losses.jsonl'), 'utf8')
  expect(await readRowLosses(folder)).toEqual(
    new Map([
      ['a "quoted", name:1', [2, 1, 0.5]],
      ['b', [1, 0.5, 0.25]],
    ]),
  )
  appendFileSync(join(folder, 'row_losses.jsonl'), '{"step":4,"epoch":4,"id":"a')
  const again = new RowLossFile(folder)
  await again.start(2)
  await again.add({ step: 3, epoch: 3 }, rows(0.5))
  expect(readFileSync(join(folder, 'row_losses.jsonl'), 'utf8')).toBe(whole)
})
