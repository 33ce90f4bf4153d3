import { expect, test } from 'vitest'
import { BriefCache } from './brief-cache.ts'

/** A cache of 100 ms over a source that counts how often it is asked. */
function counted(): {
  readonly cache: BriefCache<string | undefined>
  readonly ask: (key: string) => Promise<string | undefined>
  readonly at: (time: number) => void
  readonly values: Map<string, string>
  readonly loads: string[]
} {
  let now = 0
  const loads: string[] = []
  const values = new Map([
    ['a', 'one'],
    ['b', 'two'],
  ])
  const cache = new BriefCache<string | undefined>({ milliseconds: 100, most: 2, now: () => now })
  const ask = (key: string): Promise<string | undefined> =>
    cache.get(key, async () => {
      loads.push(key)
      return Promise.resolve(values.get(key))
    })
  return { cache, ask, at: (time) => (now = time), values, loads }
}

test('a value is loaded once while it is young, and anew when it is old or something changed', async () => {
  const { cache, ask, at, values, loads } = counted()
  expect(await Promise.all([ask('a'), ask('a')])).toEqual(['one', 'one'])
  values.set('a', 'new')
  at(99)
  expect(await ask('a')).toBe('one')
  at(100)
  expect(await ask('a')).toBe('new')
  values.set('a', 'newer')
  cache.clear()
  expect(await ask('a')).toBe('newer')
  expect(loads).toEqual(['a', 'a', 'a'])
})

test('what is not there and what fails is asked for each time', async () => {
  const { cache, ask, loads } = counted()
  expect([await ask('c'), await ask('c')]).toEqual([undefined, undefined])
  expect(loads).toEqual(['c', 'c'])
  await expect(cache.get('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await ask('a')).toBe('one')
})

test('a load that began before a change is not kept after it', async () => {
  const { cache, ask, values } = counted()
  const early = ask('a')
  values.set('a', 'new')
  cache.clear()
  expect(await ask('a')).toBe('new')
  await early
  expect(await ask('a')).toBe('new')
})

test('more values than are to be kept are not kept', async () => {
  const { ask, loads } = counted()
  for (const key of ['a', 'b', 'c', 'a']) await ask(key)
  expect(loads).toEqual(['a', 'b', 'c', 'a'])
})
