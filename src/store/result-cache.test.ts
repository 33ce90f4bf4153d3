import { mkdtemp, readdir, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createResultCache } from './result-cache.ts'

const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'hone-cache-'))

test('gives back what was put, and nothing for another key or a damaged file', async () => {
  const folder = join(await newFolder(), 'not', 'there', 'yet')
  const cache = createResultCache(folder)
  expect(await cache.get('ab')).toBeUndefined()
  await cache.put('ab', { tokens: 7 })
  expect(await cache.get('ab')).toEqual({ tokens: 7 })
  expect(await cache.get('cd')).toBeUndefined()
  await writeFile(join(folder, 'ab.json'), '{"tokens":')
  expect(await cache.get('ab')).toBeUndefined()
})

test('keeps what was used last', async () => {
  const folder = await newFolder()
  const cache = createResultCache(folder, { entries: 2, bytes: 1_000 })
  await cache.put('aa', { a: 1 })
  await cache.put('bb', { b: 1 })
  await utimes(join(folder, 'aa.json'), 1000, 1000)
  await utimes(join(folder, 'bb.json'), 2000, 2000)
  await cache.get('aa')
  await cache.put('cc', { c: 1 })
  expect((await readdir(folder)).toSorted()).toEqual(['aa.json', 'cc.json'])
})

test('the size of all results is bounded, and one that is too large is not kept', async () => {
  const folder = await newFolder()
  const cache = createResultCache(folder, { entries: 100, bytes: 1_000 })
  await cache.put('aa', { text: 'x'.repeat(300) })
  expect(await cache.get('aa')).toBeUndefined()
  for (const [at, key] of ['b1', 'b2', 'b3', 'b4', 'b5', 'b6'].entries()) {
    await cache.put(key, { text: 'x'.repeat(200) })
    await utimes(join(folder, `${key}.json`), 1000 + at, 1000 + at)
  }
  expect((await readdir(folder)).toSorted()).toEqual(['b3.json', 'b4.json', 'b5.json', 'b6.json'])
})

test('a folder that cannot be written is no failure', async () => {
  const file = join(await newFolder(), 'file')
  await writeFile(file, '')
  const cache = createResultCache(join(file, 'cache'))
  await cache.put('aa', { a: 1 })
  expect(await cache.get('aa')).toBeUndefined()
})
