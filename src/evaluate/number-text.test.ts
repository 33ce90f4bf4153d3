import { describe, expect, test } from 'vitest'
import {
  differenceIntervalText,
  differenceText,
  durationText,
  intervalText,
  plural,
  pValueText,
  scoreText,
  testedText,
} from './number-text.ts'

const between = (lower: number, upper: number) => ({ lower, upper, confidence: 0.95, method: 'bca' as const })

describe('numbers as text', () => {
  test.each([
    [0.9375, '93.8 %'],
    [1, '100.0 %'],
    [0, '0.0 %'],
    [0.9999, '99.99 %'],
    [0.00004, '0.004 %'],
  ])('%d is %s', (value, text) => expect(scoreText(value, 'percent')).toBe(text))

  test('a fraction is never rounded to 0 or 1 either', () => {
    expect(scoreText(0.916, 'fraction')).toBe('0.92')
    expect(scoreText(0.9999, 'fraction')).toBe('0.9999')
    expect(scoreText(1, 'fraction')).toBe('1.00')
  })

  test('a narrow interval has a digit more', () => {
    expect(intervalText(between(0.0518, 0.1702), 'percent')).toBe('5–17')
    expect(intervalText(between(0.929, 0.941), 'percent')).toBe('92.9–94.1')
    expect(intervalText(between(0.85, 0.96), 'fraction')).toBe('0.85–0.96')
    expect(intervalText(between(0.85, 0.86), 'fraction')).toBe('0.850–0.860')
  })

  test('an end beside zero is not rounded to it: that would hide whether zero lies inside', () => {
    expect(differenceIntervalText(between(0.003, 0.083), 'percent')).toBe('0.3 to 8.3')
    expect(differenceIntervalText(between(-0.003, 0.083), 'percent')).toBe('−0.3 to 8.3')
    expect(differenceIntervalText(between(-0.002, 0.11), 'fraction')).toBe('−0.002 to 0.110')
    expect(intervalText(between(0, 0.14), 'percent')).toBe('0–14')
    expect(intervalText(between(1e-17, 0.14), 'percent')).toBe('0–14')
  })

  test('differences have a real minus sign, and none before zero', () => {
    expect(differenceIntervalText(between(-0.041, 0.083), 'percent')).toBe('−4 to 8')
    expect(differenceIntervalText(between(-0.0001, 0.083), 'percent')).toBe('0.0 to 8.3')
    expect(differenceText(-0.625, { format: 'percent', title: 'accuracy' })).toBe('62.5 points')
    expect(differenceText(0.1249, { format: 'fraction', title: 'token F1' })).toBe('0.12 token F1')
  })

  test('a p-value that was adjusted is not shown as that of the test', () => {
    expect(testedText(0.021, 0.062)).toBe('p = 0.021, adjusted p = 0.062')
    expect(testedText(0.0001, 0.0004)).toBe('p < 0.001')
    expect(testedText(1, 1)).toBe('p = 1.00')
  })

  test('p-values, durations and counts', () => {
    expect([0.0001, 0.0496, 0.58, 1].map(pValueText)).toEqual([
      'p < 0.001',
      'p = 0.050',
      'p = 0.58',
      'p = 1.00',
    ])
    expect([3.2, 99.4, 99.6, 420, 12_340].map(durationText)).toEqual([
      '3 ms',
      '99 ms',
      '0.10 s',
      '0.42 s',
      '12.3 s',
    ])
    expect([plural(1, 'row'), plural(12_345, 'row'), plural(0, 'entry', 'entries')]).toEqual([
      '1 row',
      '12,345 rows',
      '0 entries',
    ])
  })
})
