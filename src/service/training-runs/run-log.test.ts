import { appendFile, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { logName, readLogTail, readRunLog } from './run-log.ts'
import { readRunMetrics } from './run-metrics.ts'

const time = '2026-11-22T03:00:00.000Z'
const line = (event: object): string => `${JSON.stringify({ schema: 1, time, ...event })}\n`
const step = (number: number, loss: number): string =>
  line({
    type: 'step',
    step: number,
    epoch: 1,
    steps: 9,
    loss,
    learningRate: 0.001,
    gradientNorm: 1,
    examplesPerSecond: 2,
    tokensPerSecond: 3,
    secondsLeft: 4,
    memoryBytes: 5,
  })

async function logOf(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hone-log-'))
  await writeFile(join(folder, logName), text)
  return folder
}

test('a line that is being written is left for later, and what is cut says nothing', async () => {
  const folder = await logOf(`${step(1, 2)}{"broken\n${step(2, 1).slice(0, 20)}`)
  const first = await readRunLog(folder, 0, 100)
  expect(first.events.map(({ event }) => event.type)).toEqual(['step'])
  expect((await readRunLog(folder, first.end, 100)).events).toEqual([])
  await appendFile(join(folder, logName), step(2, 1).slice(20))
  const next = await readRunLog(folder, first.end, 100)
  expect(next.events.map(({ event }) => event)).toEqual([{ ...JSON.parse(step(2, 1)), schema: undefined }])
})

test('pages join to the whole, wherever they are cut', async () => {
  const folder = await logOf(Array.from({ length: 50 }, (_, at) => step(at + 1, 1)).join(''))
  const steps: unknown[] = []
  for (let from = 0; ;) {
    const { events, end } = await readRunLog(folder, from, 7)
    if (events.length === 0) break
    for (const { event } of events) steps.push('step' in event ? event.step : undefined)
    expect(events.at(-1)?.end).toBe(end)
    from = end
  }
  expect(steps).toEqual(Array.from({ length: 50 }, (_, at) => at + 1))
  expect(await readLogTail(folder)).toHaveLength(50)
  // A log that is shorter than where somebody has been was begun anew.
  expect((await readRunLog(folder, 10_000_000, 3)).events).toHaveLength(3)
  expect(await readRunLog(join(folder, 'nothing'), 5, 3)).toMatchObject({ events: [] })
})

// (1 − β) Σ βⁿ⁻ⁱ lossᵢ / (1 − βⁿ) with β = 0.9.
const smoothed = (losses: readonly number[]): number =>
  losses.reduce((sum, loss, at) => sum + 0.1 * 0.9 ** (losses.length - 1 - at) * loss, 0) /
  (1 - 0.9 ** losses.length)

test('steps that a run went over twice count as they were the last time', async () => {
  const validation = line({ type: 'validation', step: 3, epoch: 1, loss: 0.5, best: true })
  const resumed = line({ type: 'resumed', step: 2 })
  const folder = await logOf(
    [step(1, 4), step(2, 3), step(3, 9), validation, step(4, 9), resumed, step(3, 2), step(4, 1)].join(''),
  )
  const { steps, validations, best, resumes, totalSteps } = await readRunMetrics(folder, 100)
  expect(steps.step).toEqual([1, 2, 3, 4])
  expect(steps.loss).toEqual([4, 3, 2, 1])
  expect(steps.smoothedLoss[3]).toBeCloseTo(smoothed([4, 3, 2, 1]), 12)
  expect({ validations: validations.step, best, resumes, totalSteps }).toEqual({
    validations: [],
    best: null,
    resumes: [2],
    totalSteps: 4,
  })
  const few = await readRunMetrics(folder, 2)
  expect(few.steps.step).toEqual([1, 4])
  expect(few.totalSteps).toBe(4)
})
