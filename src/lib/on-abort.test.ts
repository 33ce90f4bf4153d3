import { once } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { onAbort } from './on-abort.ts'

test('calls once when the signal fires', () => {
  const controller = new AbortController()
  let calls = 0
  onAbort(controller.signal, () => calls++)
  expect(calls).toBe(0)
  controller.abort()
  controller.abort()
  expect(calls).toBe(1)
})

test('calls at once where the signal has fired already', () => {
  let calls = 0
  onAbort(AbortSignal.abort(), () => calls++)
  expect(calls).toBe(1)
})

test('what was taken back is not called', () => {
  const controller = new AbortController()
  let calls = 0
  onAbort(controller.signal, () => calls++)()
  controller.abort()
  expect(calls).toBe(0)
})

test('many waits on one signal are no leak', async () => {
  const { signal } = new AbortController()
  const warned = once(process, 'warning')
  for (let wait = 0; wait < 100; wait++) onAbort(signal, () => undefined)
  const first = await Promise.race([warned, nextTurn('quiet')])
  expect(first).toBe('quiet')
})
