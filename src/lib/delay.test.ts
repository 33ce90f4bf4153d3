import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { delay } from './delay.ts'

test('it leaves no listener behind', async () => {
  const { signal } = new AbortController()
  await delay(1, signal)
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
})

test('it rejects with the reason, before or during the wait', async () => {
  await expect(delay(60_000, AbortSignal.abort('early'))).rejects.toBe('early')
  const controller = new AbortController()
  const waiting = delay(60_000, controller.signal)
  controller.abort('late')
  await expect(waiting).rejects.toBe('late')
})
