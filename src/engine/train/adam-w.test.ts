import { array, assert, double, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRandom } from '../../lib/random.ts'
import { AdamW, clipNorm, norm } from './adam-w.ts'

const settings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 }

describe('AdamW', () => {
  test('follows Loshchilov and Hutter in double precision', () => {
    const count = 40
    const steps = 60
    const random = createRandom(1)
    const own = { beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.1 }
    const optimizer = new AdamW(count, own)
    const parameters = Float32Array.from({ length: count }, () => random.next() * 2 - 1)
    const reference = Array.from(parameters)
    const first = reference.map(() => 0)
    const second = reference.map(() => 0)
    for (let step = 1; step <= steps; step++) {
      const rate = 0.01 * (1 - step / steps)
      const gradients = Float32Array.from({ length: count }, (_, index) =>
        Math.fround(reference[index]! + random.next() - 0.5),
      )
      optimizer.step(parameters, gradients, rate)
      for (const [index, gradient] of gradients.entries()) {
        first[index] = own.beta1 * first[index]! + (1 - own.beta1) * gradient
        second[index] = own.beta2 * second[index]! + (1 - own.beta2) * gradient ** 2
        const mean = first[index] / (1 - own.beta1 ** step)
        const square = second[index] / (1 - own.beta2 ** step)
        const decayed = reference[index]! * (1 - rate * own.weightDecay)
        reference[index] = decayed - (rate * mean) / (Math.sqrt(square) + own.epsilon)
      }
    }
    expect(optimizer.steps).toBe(steps)
    for (const [index, value] of reference.entries()) expect(parameters[index]).toBeCloseTo(value, 5)
  })

  test('the first step goes by the learning rate against the sign of the gradient', () => {
    const parameters = Float32Array.of(1, 1, 1)
    new AdamW(3, { ...settings, weightDecay: 0 }).step(parameters, Float32Array.of(5, -0.001, 0), 0.1)
    expect(Array.from(parameters, (value) => Number(value.toFixed(3)))).toEqual([0.9, 1.1, 1])
  })

  test('at a rate of 0 only the moments move', () => {
    const optimizer = new AdamW(1, settings)
    const parameters = Float32Array.of(0.5)
    optimizer.step(parameters, Float32Array.of(2), 0)
    expect(parameters[0]).toBe(0.5)
    expect(optimizer.firstMoments[0]).toBeCloseTo(0.2, 6)
    expect(optimizer.secondMoments[0]).toBeCloseTo(0.004, 6)
  })

  test('taken up from its moments and steps it goes on with the same bits', () => {
    const random = createRandom(2)
    const draw = (): Float32Array => Float32Array.from({ length: 9 }, () => random.next() - 0.5)
    const gradients = [draw(), draw(), draw(), draw()]
    const whole = new AdamW(9, settings)
    const parameters = new Float32Array(9).fill(0.3)
    const before = new AdamW(9, settings)
    const resumed = parameters.slice()
    for (const gradient of gradients) whole.step(parameters, gradient, 0.01)
    for (const gradient of gradients.slice(0, 2)) before.step(resumed, gradient, 0.01)
    const after = new AdamW(9, settings)
    after.firstMoments.set(before.firstMoments)
    after.secondMoments.set(before.secondMoments)
    after.steps = before.steps
    for (const gradient of gradients.slice(2)) after.step(resumed, gradient, 0.01)
    expect(resumed).toEqual(parameters)
  })
})

describe('clipping', () => {
  const numbers = array(double({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 20 })

  test('shortens to the limit, keeps the direction, and tells the length before', () => {
    assert(
      property(numbers, double({ min: 0.01, max: 50, noNaN: true }), (values, limit) => {
        const gradients = Float32Array.from(values)
        const before = gradients.slice()
        const length = norm(before)
        expect(length).toBeCloseTo(Math.hypot(...before), 6)
        expect(clipNorm(gradients, limit)).toBe(length)
        // torch divides by the length and 1e-6, so a gradient just below the limit is shortened a little.
        expect(norm(gradients)).toBeGreaterThanOrEqual(
          Math.min(length, limit * (length / (length + 1e-6))) * (1 - 1e-4),
        )
        expect(norm(gradients)).toBeLessThanOrEqual(limit * (1 + 1e-6))
        const factor = norm(gradients) / Math.max(length, 1e-30)
        for (const [index, value] of gradients.entries())
          expect(Math.abs(value - factor * before[index]!)).toBeLessThanOrEqual(
            1e-5 * Math.abs(before[index]!) + 1e-9,
          )
      }),
    )
  })

  test('is torch.nn.utils.clip_grad_norm_, its 1e-6 included', () => {
    const gradients = Float32Array.of(3e-6, 4e-6)
    expect(clipNorm(gradients, 1e-6)).toBeCloseTo(5e-6, 12)
    // 1e-6 / (5e-6 + 1e-6)
    expect(gradients[0]! / 3e-6).toBeCloseTo(1 / 6, 6)
  })

  test('without a limit nothing changes', () => {
    const gradients = Float32Array.of(1e20, -3)
    clipNorm(gradients, Infinity)
    expect(gradients).toEqual(Float32Array.of(1e20, -3))
  })

  test('a gradient that is not a number is told', () => {
    expect(clipNorm(Float32Array.of(1, Number.NaN), 1)).toBeNaN()
    expect(clipNorm(Float32Array.of(1, Infinity), 1)).toBe(Infinity)
  })
})
