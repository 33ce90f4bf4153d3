import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { loadTinyModel, openInferenceModel, relativeDifference, tinyAdapter } from '../testing/tiny-model.ts'
import type { InferenceModel } from './inference-model.ts'
import { KeyValueCache, type SharedPrefix } from './key-value-cache.ts'
import { PrefixStore } from './prefix-store.ts'

let model: InferenceModel
let store: PrefixStore
/** How many tokens each run of a prefix read. */
let read: number[] = []

beforeAll(async () => {
  const tiny = await loadTinyModel('llama-tiny')
  model = await openInferenceModel(tiny, await tinyAdapter(tiny, 'adapter'))
  const extend = model.extendPrefix.bind(model)
  vi.spyOn(model, 'extendPrefix').mockImplementation((tokens, prefix) => {
    if (tokens.length > 0) read.push(tokens.length)
    return extend(tokens, prefix)
  })
})
afterAll(() => model[Symbol.asyncDispose]())
beforeEach(() => {
  store = new PrefixStore(model)
  read = []
})

const tokensFrom = (start: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => (start + index * 7) % 97)

/** Logits after each prompt, when what it starts with has been read as this prefix. */
function logitsWith(prompts: readonly (readonly number[])[], prefix: SharedPrefix): Promise<Float32Array> {
  const rests = prompts.map((prompt) => prompt.slice(prefix.length))
  return model.advance(rests, prefix, new KeyValueCache(model.config, prompts.length))
}

describe('prompts', () => {
  const system = tokensFrom(3, 20)
  const prompts = [
    [...system, 1, 2, 3],
    [...system, 4],
    [...system, 5, 6, 7, 8, 9],
  ]

  test('give the same logits with their common start as without', async () => {
    const prefix = await store.prefixFor(prompts)
    expect(prefix.length).toBe(20)
    const without = await logitsWith(prompts, model.emptyPrefix)
    expect(relativeDifference(await logitsWith(prompts, prefix), without)).toBeLessThan(1e-5)
  })

  test('share what they start with once, over batches too', async () => {
    await store.prefixFor(prompts)
    await store.prefixFor(prompts.toReversed())
    await store.prefixFor([[...system, 50]])
    expect(read).toEqual([20])
  })

  test('that come alone share it from the second one on', async () => {
    const lengths: number[] = []
    for (const prompt of prompts) lengths.push((await store.prefixFor([prompt])).length)
    expect(lengths).toEqual([0, 20, 20])
    expect(read).toEqual([20])
  })

  test('keep at least one token of their own', async () => {
    expect((await store.prefixFor([system, system])).length).toBe(19)
    expect((await store.prefixFor([system, [...system, 1]])).length).toBe(19)
    expect((await store.prefixFor([system])).length).toBe(19)
  })

  test('take a known prefix where they share only a few tokens more', async () => {
    await store.prefixFor(prompts)
    const more = [...system, ...tokensFrom(60, 15)]
    expect((await store.prefixFor([more, [...more, 1]])).length).toBe(20)
    expect(read).toEqual([20])
    const much = [...system, ...tokensFrom(60, 17)]
    expect((await store.prefixFor([much, [...much, 1]])).length).toBe(36)
    expect(read).toEqual([20, 16])
  })

  test('are alike where they begin with the same known prefix', async () => {
    await store.prefixOf(system)
    await store.prefixOf([...system, ...tokensFrom(60, 17)])
    const others = [[...system, ...tokensFrom(60, 17), 5], tokensFrom(70, 4), system]
    const groups = store.alike([...prompts, ...others], (prompt) => prompt)
    expect(groups).toEqual([prompts, [others[0]], [others[1], others[2]]])
  })

  test('with little in common share nothing', async () => {
    const short = tokensFrom(1, 15)
    expect(
      await store.prefixFor([
        [...short, 1],
        [...short, 2],
      ]),
    ).toBe(model.emptyPrefix)
    expect(await store.prefixFor([[...system, 1], tokensFrom(50, 30)])).toBe(model.emptyPrefix)
    expect(read).toEqual([])
  })
})

describe('prefixes', () => {
  test('are read on from the longest known start', async () => {
    const tokens = tokensFrom(9, 40)
    await store.prefixOf(tokens.slice(0, 10))
    await store.prefixOf(tokens.slice(0, 25))
    const whole = await store.prefixOf(tokens)
    expect(read).toEqual([10, 15, 15])
    const fresh = await model.extendPrefix(tokens, model.emptyPrefix)
    for (const [name, { data, shape }] of Object.entries(fresh.feeds)) {
      expect(whole.feeds[name]?.shape).toEqual(shape)
      expect(
        relativeDifference(Array.from(whole.feeds[name]!.data, Number), Array.from(data, Number)),
      ).toBeLessThan(1e-5)
    }
  })

  test('that are the start of a known one are cut from it', async () => {
    const tokens = tokensFrom(9, 40)
    await store.prefixOf(tokens)
    const start = await store.prefixOf(tokens.slice(0, 25))
    const other = await store.prefixOf([...tokens.slice(0, 30), 1, 2])
    expect(read).toEqual([40, 2])
    expect([start.length, other.length]).toEqual([25, 32])
    const fresh = await model.extendPrefix(tokens.slice(0, 25), model.emptyPrefix)
    for (const [name, { data, shape }] of Object.entries(fresh.feeds)) {
      expect(start.feeds[name]?.shape).toEqual(shape)
      expect(
        relativeDifference(Array.from(start.feeds[name]!.data, Number), Array.from(data, Number)),
      ).toBeLessThan(1e-5)
    }
  })

  test('are read in runs of bounded length', async () => {
    const long = await store.prefixOf(tokensFrom(2, 1100))
    expect([read, long.length]).toEqual([[1024, 76], 1100])
  })

  test('are forgotten when four others were used since', async () => {
    const starts = [10, 20, 30, 40, 50].map((start) => tokensFrom(start, 16))
    for (const tokens of starts.slice(0, 4)) await store.prefixOf(tokens)
    // The first one is used again, so the second is now the oldest.
    await store.prefixOf(starts[0]!)
    await store.prefixOf(starts[4]!)
    read = []
    for (const index of [0, 4, 3, 2]) await store.prefixOf(starts[index]!)
    expect(read).toEqual([])
    await store.prefixOf(starts[1]!)
    expect(read).toEqual([16])
  })
})
