import { expect, test } from 'vitest'
import { Throughput, ThroughputExceeded, unitSlots, unitTokensPerMinute } from './throughput.ts'

test('an endpoint has as many places as its units buy, and each is given back once', () => {
  const throughput = new Throughput(() => 0)
  const places = Array.from({ length: 2 * unitSlots }, () => throughput.enter('a', 2))
  expect(() => throughput.enter('a', 2)).toThrow(ThroughputExceeded)
  throughput.enter('b', 1)
  places[0]?.[Symbol.dispose]()
  places[0]?.[Symbol.dispose]()
  throughput.enter('a', 2)
  expect(() => throughput.enter('a', 2)).toThrow('places')
})

test('tokens come back with the time', () => {
  let now = 0
  const throughput = new Throughput(() => now)
  using place = throughput.enter('a', 1)
  place.spend(unitTokensPerMinute + 600)
  expect(() => throughput.enter('a', 1)).toThrow('tokens')
  now = 500
  expect(() => throughput.enter('a', 1)).toThrow('tokens')
  now = 1200
  throughput.enter('a', 1)
  now = 10 * 60_000
  throughput.enter('a', 1).spend(unitTokensPerMinute)
  expect(() => throughput.enter('a', 1)).toThrow('tokens')
})
