import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { raceSignal } from './race-signal.ts'

function createDeferred<Value>(): { promise: Promise<Value>; resolve: (value: Value) => void } {
  const resolvers: ((value: Value) => void)[] = []
  const promise = new Promise<Value>((resolve) => resolvers.push(resolve))
  return { promise, resolve: (value) => resolvers[0]?.(value) }
}

test('it gives what the work gives and leaves no listener', async () => {
  const { signal } = new AbortController()
  expect(await raceSignal(Promise.resolve(1), signal)).toBe(1)
  await expect(raceSignal(Promise.reject(new Error('failed')), signal)).rejects.toThrow('failed')
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
})

test('it does not wait for work that does not listen, and discards what comes late', async () => {
  const controller = new AbortController()
  const { promise: work, resolve: finish } = createDeferred<string>()
  const discarded: string[] = []
  const race = raceSignal(work, controller.signal, (late) => discarded.push(late))
  controller.abort('stopped')
  await expect(race).rejects.toBe('stopped')
  finish('late')
  await work
  expect(discarded).toEqual(['late'])
  await expect(raceSignal(work, controller.signal)).rejects.toBe('stopped')
})
