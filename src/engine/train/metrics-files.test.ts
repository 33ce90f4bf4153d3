import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../weights/testing/temporary-folder.ts'
import { MetricsFiles } from './metrics-files.ts'

const first = { step: 1, epoch: 1, loss: 2, learningRate: 1e-3, gradientNorm: 3 }
const second = { ...first, step: 2, loss: 0.5 }
const rates = { steps: 9, examplesPerSecond: 4, tokensPerSecond: 99, secondsLeft: 3, memoryBytes: 5 }
const validation = { step: 2, epoch: 1, loss: 0 }

const linesOf = (folder: string, name: string): string[] =>
  readFileSync(join(folder, name), 'utf8').trimEnd().split('\n')

test('metrics are tables that grow with the run', async () => {
  const folder = temporaryFolder()
  const files = new MetricsFiles(folder)
  await files.start([], [])
  await files.add({ type: 'step', ...first, ...rates })
  await files.add({ type: 'step', ...second, ...rates })
  await files.add({ type: 'validation', ...validation, best: true })
  await files.add({ type: 'checkpoint', step: 2 })
  expect(linesOf(folder, 'step_wise_training_metrics.csv')).toEqual([
    'step_number,epoch_number,training_loss,perplexity',
    `1,1,2,${Math.exp(2)}`,
    `2,1,0.5,${Math.exp(0.5)}`,
  ])
  expect(linesOf(folder, 'validation_metrics.csv')).toEqual([
    'step_number,epoch_number,validation_loss,perplexity',
    '2,1,0,1',
  ])
  const events = linesOf(folder, 'events.jsonl').map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(events.map(({ type }) => type)).toEqual(['step', 'step', 'validation', 'checkpoint'])
  expect(events[1]).toEqual({
    schema: 1,
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    type: 'step',
    ...second,
    ...rates,
  })
})

test('a resumed run forgets the rows after its checkpoint, and keeps the log of what happened', async () => {
  const folder = temporaryFolder()
  const before = new MetricsFiles(folder)
  await before.start([], [])
  for (const metrics of [first, second]) await before.add({ type: 'step', ...metrics, ...rates })
  const after = new MetricsFiles(folder)
  await after.start([first], [])
  await after.add({ type: 'resumed', step: 1 })
  await after.add({ type: 'step', ...second, loss: 0.25, ...rates })
  const rows = linesOf(folder, 'step_wise_training_metrics.csv').slice(1)
  expect(rows).toEqual([`1,1,2,${Math.exp(2)}`, `2,1,0.25,${Math.exp(0.25)}`])
  expect(linesOf(folder, 'events.jsonl')).toHaveLength(4)
})

test('a folder that is gone is E_DISK with the file', async () => {
  const folder = temporaryFolder()
  const files = new MetricsFiles(folder)
  await files.start([], [])
  rmSync(folder, { recursive: true })
  await expect(files.add({ type: 'checkpoint', step: 1 })).rejects.toMatchObject({
    code: 'E_DISK',
    at: { file: join(folder, 'events.jsonl') },
  })
  await expect(files.start([], [])).rejects.toMatchObject({ code: 'E_DISK' })
})
