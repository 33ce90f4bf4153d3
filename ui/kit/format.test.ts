import { expect, test } from 'vitest'
import { formatBytes, formatDuration, formatNumber, formatPercent, formatRelative } from './format.ts'

// The tests run in the language of the machine; digits are compared where it is English.
const plain = (text: string): string => text.replaceAll(/[\u00A0\u202F]/g, ' ').replaceAll(',', '.')

test('bytes go over to the next unit before they have four digits', () => {
  expect([0, 999, 1000, 93_400_000, 999_600, 2_600_000_000].map(formatBytes).map(plain)).toEqual([
    '0 B',
    '999 B',
    '1 KB',
    '93 MB',
    '1 MB',
    '2.6 GB',
  ])
})

test('durations have two units, and none that is nothing', () => {
  const times = [0, 420, 1500, 18_000, 59_600, 136_000, 3_600_000, 11_100_000, 187_200_000]
  expect(times.map(formatDuration).map(plain)).toEqual([
    '0 ms',
    '420 ms',
    '1.5 s',
    '18 s',
    '1 min',
    '2 min 16 s',
    '1 h',
    '3 h 5 min',
    '2 d 4 h',
  ])
})

test('what is no number is said so', () => {
  expect([formatNumber(NaN), formatPercent(NaN), formatDuration(Infinity)]).toEqual(['–', '–', '–'])
})

test('times are told from now', () => {
  const now = Date.UTC(2026, 0, 2)
  const before = (seconds: number): string => formatRelative(now - seconds * 1000, now)
  expect([2, 40, 200, 7300, 86_400].map(before)).toEqual([
    'now',
    '40 seconds ago',
    '3 minutes ago',
    '2 hours ago',
    'yesterday',
  ])
  expect(before(40 * 86_400)).toContain('2025')
})
