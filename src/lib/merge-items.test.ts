import { expect, test } from 'vitest'
import { mergeItems } from './merge-items.ts'

let left: string[] = []

async function* words(name: string, count: number, failAt?: number): AsyncGenerator<string> {
  try {
    for (let at = 0; at < count; at++) {
      if (at === failAt) throw new Error(`${name} fails`)
      await Promise.resolve()
      yield `${name}${at}`
    }
  } finally {
    left.push(name)
  }
}

async function read(sources: readonly AsyncGenerator<string>[], most = Infinity): Promise<string[]> {
  const seen: string[] = []
  for await (const { index, item } of mergeItems(sources)) {
    seen.push(`${index} ${item}`)
    if (seen.length >= most) break
  }
  return seen
}

test('each source keeps its order, and none is overtaken', async () => {
  const seen = await read([words('a', 3), words('b', 1), words('c', 3)])
  expect(seen.toSorted()).toEqual(['0 a0', '0 a1', '0 a2', '1 b0', '2 c0', '2 c1', '2 c2'])
  expect(seen.filter((word) => word.startsWith('0'))).toEqual(['0 a0', '0 a1', '0 a2'])
  expect(new Set(seen.slice(0, 3).map((word) => word[0]))).toEqual(new Set(['0', '1', '2']))
  expect(await read([])).toEqual([])
})

test('where one fails all are left, and so they are where the reader leaves', async () => {
  left = []
  await expect(read([words('a', 9), words('b', 9, 1)])).rejects.toThrow('b fails')
  await expect.poll(() => left.toSorted()).toEqual(['a', 'b'])
  left = []
  await read([words('a', 9), words('b', 9)], 3)
  await expect.poll(() => left.toSorted()).toEqual(['a', 'b'])
})
