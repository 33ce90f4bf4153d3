import { expect, test } from 'vitest'
import { nextPart, Rate } from './rate.ts'

test('the rate is that of the last parts', () => {
  const rate = new Rate()
  expect(rate.perSecond()).toBeUndefined()
  rate.add(1, 10_000)
  for (let part = 0; part < 8; part++) rate.add(1000, 500)
  expect(rate.perSecond()).toBe(2000)
})

test('parts grow to what a second carries, by steps, within bounds', () => {
  expect(nextPart(2 ** 20, 10)).toBe(2 ** 22)
  expect(nextPart(2 ** 25, 10)).toBe(2 ** 25)
  expect(nextPart(2 ** 22, 2000)).toBe(2 ** 21)
  expect(nextPart(2 ** 20, 60_000)).toBe(2 ** 20)
})
