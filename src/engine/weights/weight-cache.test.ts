import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { WeightSource } from './weight-source.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'
import { cachedWeights } from './weight-cache.ts'

const specs = [
  { name: 'a', shape: [2, 3] },
  { name: 'large', shape: [20_000] },
  { name: 'b', shape: [4] },
]

const shapeOf = (name: string): number[] => specs.find((spec) => spec.name === name)?.shape ?? []

function countingSource(
  numbers: (size: number) => Float32Array = (size) => new Float32Array(size).fill(size),
): {
  readonly opened: () => number
  readonly closed: () => number
  readonly open: () => Promise<WeightSource>
} {
  let opened = 0
  let closed = 0
  const source: WeightSource = {
    names: () => specs.map(({ name }) => name),
    shape: shapeOf,
    read: async (name) => numbers(shapeOf(name).reduce((product, each) => product * each, 1)),
    close: async () => {
      closed++
    },
  }
  const open = async (): Promise<WeightSource> => {
    opened++
    return source
  }
  return { opened: () => opened, closed: () => closed, open }
}

test('every tensor is where the index says, on a boundary of 64 KiB', async () => {
  const cacheFolder = temporaryFolder()
  const { file, tensors } = await cachedWeights(countingSource().open, specs, { cacheFolder, key: 'k1' })
  expect([...tensors]).toEqual([
    ['a', { offset: 0, length: 24, shape: [2, 3] }],
    ['large', { offset: 65_536, length: 80_000, shape: [20_000] }],
    ['b', { offset: 196_608, length: 16, shape: [4] }],
  ])
  const bytes = readFileSync(file)
  for (const { offset, length } of tensors.values()) {
    const numbers = new Float32Array(new Uint8Array(bytes.subarray(offset, offset + length)).buffer)
    expect(numbers.every((number) => number === numbers.length)).toBe(true)
  }
  expect(readdirSync(cacheFolder).toSorted()).toEqual(['k1.v1.fp32', 'k1.v1.json'])
})

describe('a second call', () => {
  test('does not open the weights', async () => {
    const cacheFolder = temporaryFolder()
    const source = countingSource()
    const first = await cachedWeights(source.open, specs, { cacheFolder, key: 'k1' })
    const second = await cachedWeights(source.open, specs, { cacheFolder, key: 'k1' })
    expect(second).toEqual(first)
    expect([source.opened(), source.closed()]).toEqual([1, 1])
  })

  test('two at once write once', async () => {
    const cacheFolder = temporaryFolder()
    const source = countingSource()
    const call = (): Promise<unknown> => cachedWeights(source.open, specs, { cacheFolder, key: 'k1' })
    await Promise.all([call(), call(), call()])
    expect(source.opened()).toBe(1)
  })

  test.each<[string, (file: string, index: string) => void]>([
    ['a cut file', (file) => truncateSync(file, 70_000)],
    ['an index that is not JSON', (_file, index) => writeFileSync(index, '{')],
    [
      'an index of other tensors',
      (_file, index) => writeFileSync(index, '{"schema":1,"bytes":0,"tensors":{}}'),
    ],
  ])('writes %s anew', async (_name, damage) => {
    const cacheFolder = temporaryFolder()
    const source = countingSource()
    const { file } = await cachedWeights(source.open, specs, { cacheFolder, key: 'k1' })
    const whole = readFileSync(file)
    damage(file, join(cacheFolder, 'k1.v1.json'))
    await cachedWeights(source.open, specs, { cacheFolder, key: 'k1' })
    expect(source.opened()).toBe(2)
    expect(readFileSync(file)).toEqual(whole)
  })
})

describe('nothing is left behind', () => {
  test('when the disk is full', async () => {
    const cacheFolder = temporaryFolder()
    const source = countingSource()
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC', syscall: 'write' })
    const call = cachedWeights(source.open, specs, {
      cacheFolder,
      key: 'k1',
      openWriter: async () => ({
        write: () => Promise.reject(full),
        sync: () => Promise.resolve(),
        close: () => Promise.resolve(),
      }),
    })
    await expect(call).rejects.toMatchObject({
      code: 'E_DISK',
      message: expect.stringContaining('the disk is full: 1 MB are needed'),
    })
    expect(readdirSync(cacheFolder)).toEqual([])
    expect(source.closed()).toBe(1)
  })

  test.each([
    ['numbers that are not finite', (size: number) => new Float32Array(size).fill(Number.NaN, size - 1)],
    ['a tensor of another size', (size: number) => new Float32Array(size + 1)],
  ])('for %s', async (_name, numbers) => {
    const cacheFolder = temporaryFolder()
    const call = cachedWeights(countingSource(numbers).open, specs, { cacheFolder, key: 'k1' })
    await expect(call).rejects.toMatchObject({ code: 'E_MODEL_FILE' })
    expect(readdirSync(cacheFolder)).toEqual([])
  })

  test('when it is stopped', async () => {
    const cacheFolder = temporaryFolder()
    const controller = new AbortController()
    const call = cachedWeights(countingSource().open, specs, {
      cacheFolder,
      key: 'k1',
      signal: controller.signal,
      onProgress: () => controller.abort('stopped'),
    })
    await expect(call).rejects.toBe('stopped')
    expect(readdirSync(cacheFolder)).toEqual([])
  })
})
