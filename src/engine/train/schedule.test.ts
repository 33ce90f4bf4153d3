import { readFile } from 'node:fs/promises'
import { assert, constantFrom, integer, property } from 'fast-check'
import { expect, test } from 'vitest'
import { scheduleKinds } from '../../core/training-settings.ts'
import { learningRateAt } from './schedule.ts'

const goldens = JSON.parse(await readFile('test/fixtures/llama-tiny/goldens.json', 'utf8')) as {
  schedules: Record<string, number[]>
}

test.each([
  ['cosine', 'cosine', 3],
  ['linear', 'linear', 3],
  ['constantWithWarmup', 'constant', 3],
  ['constant', 'constant', 0],
] as const)('%s equals that of transformers', (name, kind, warmup) => {
  const golden = goldens.schedules[name] ?? []
  expect(golden).toHaveLength(30)
  for (const [step, rate] of golden.entries())
    expect(learningRateAt(step, { kind, peak: 0.01, warmup, steps: 30 })).toBeCloseTo(rate, 12)
})

test('rises to the peak, never leaves 0 to peak, and never rises again', () => {
  assert(
    property(
      constantFrom(...scheduleKinds),
      integer({ min: 1, max: 200 }),
      integer({ min: 0, max: 250 }),
      (kind, steps, warmup) => {
        const rates = Array.from({ length: steps }, (_, step) =>
          learningRateAt(step, { kind, peak: 2, warmup, steps }),
        )
        expect(Math.min(...rates)).toBeGreaterThanOrEqual(0)
        expect(Math.max(...rates)).toBeLessThanOrEqual(2)
        const top = Math.min(warmup, steps - 1)
        const sorted = rates.toSorted((left, right) => left - right)
        expect(rates.slice(0, top + 1)).toEqual(
          rates.slice(0, top + 1).toSorted((left, right) => left - right),
        )
        expect(rates.slice(top)).toEqual(rates.slice(top).toSorted((left, right) => right - left))
        expect(sorted.at(-1)).toBe(warmup < steps ? 2 : (2 * top) / warmup)
      },
    ),
  )
})

test('a warm-up as long as the run ends below the peak', () => {
  expect(learningRateAt(9, { kind: 'cosine', peak: 1, warmup: 10, steps: 10 })).toBeCloseTo(0.9, 12)
})
