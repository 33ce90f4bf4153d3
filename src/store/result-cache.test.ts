import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ResultCache, type ResultKey } from './result-cache.ts'

let home = ''
beforeEach(async () => (home = await mkdtemp(join(tmpdir(), 'hone-test-'))))
afterEach(() => rm(home, { recursive: true, force: true }))

const key = (input: string): ResultKey => ({ of: 'dedupe 1', inputs: [input], settings: { near: 0.85 } })
const files = (): Promise<string[]> => readdir(join(home, 'cache', 'results'))

test('a result is found again by what it follows from, and by nothing else', async () => {
  const cache = new ResultCache(home)
  expect(await cache.read(key('a'))).toBeUndefined()
  await cache.write(key('a'), { kept: 3 })
  expect(await new ResultCache(home).read(key('a'))).toEqual({ kept: 3 })
  expect(await cache.read(key('b'))).toBeUndefined()
  expect(await cache.read({ ...key('a'), settings: { near: 0.9 } })).toBeUndefined()
  expect(await cache.read({ ...key('a'), of: 'dedupe 2' })).toBeUndefined()
})

test('a damaged or foreign entry is none', async () => {
  const cache = new ResultCache(home)
  await cache.write(key('a'), 1)
  const [name = ''] = await files()
  for (const text of ['{', '', '[]', 'null', '{"schema":2}', '{"schema":1,"key":"other","value":1}']) {
    await writeFile(join(home, 'cache', 'results', name), text)
    expect(await cache.read(key('a'))).toBeUndefined()
  }
})

test('the number and the size of results are bounded; those unused for longest go', async () => {
  const cache = new ResultCache(home, { entries: 2, bytes: 10_000 })
  await cache.write(key('a'), 'a')
  const [a = ''] = await files()
  await utimes(join(home, 'cache', 'results', a), 1, 1)
  await cache.write(key('b'), 'b')
  await cache.write(key('c'), 'c')
  expect(await files()).toHaveLength(2)
  expect(await cache.read(key('a'))).toBeUndefined()
  await cache.write(key('d'), 'x'.repeat(3_000))
  expect(await cache.read(key('d'))).toBeUndefined()
})
