import { expect, test } from 'vitest'
import { begun } from './begun.ts'

let left = 0
async function* numbers(count: number, failAt?: number): AsyncGenerator<number> {
  try {
    for (let at = 0; at < count; at++) {
      if (at === failAt) throw new Error(`at ${at}`)
      yield at
    }
  } finally {
    left++
  }
}

test('gives the same items', async () => {
  for (const count of [0, 1, 3]) {
    const seen: number[] = []
    for await (const item of await begun(numbers(count))) seen.push(item)
    expect(seen).toEqual([0, 1, 2].slice(0, count))
  }
})

test('what fails before the first item fails at once, what fails later does so later', async () => {
  await expect(begun(numbers(2, 0))).rejects.toThrow('at 0')
  const items = await begun(numbers(2, 1))
  expect(await items.next()).toEqual({ value: 0, done: false })
  await expect(items.next()).rejects.toThrow('at 1')
})

test('who leaves after the first item ends what makes them', async () => {
  left = 0
  for await (const _ of await begun(numbers(3))) break
  expect(left).toBe(1)
})
