import { expect, test } from 'vitest'
import { compareSettings } from './compare-settings.ts'

test('what differs stands first, and a job that has not begun has nothing', () => {
  expect(
    compareSettings([
      { seed: 7, rank: 16 },
      { seed: 7, rank: 8 },
    ]),
  ).toEqual([
    { name: 'rank', values: ['16', '8'], differs: true },
    { name: 'seed', values: ['7', '7'], differs: false },
  ])
  expect(compareSettings([{ seed: 7 }, null])[0]).toEqual({ name: 'seed', values: ['7', '–'], differs: true })
})
