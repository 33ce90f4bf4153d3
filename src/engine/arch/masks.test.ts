import { array, assert, constantFrom, integer, nat, property, record } from 'fast-check'
import { expect, test } from 'vitest'
import { inferenceMasks, maskName, trainingMasks, windowsOf } from './masks.ts'
import { llama } from './llama.ts'
import type { ModelConfig } from './architecture.ts'
import type { Tensor } from '../graph/session.ts'

const base = llama.config({
  vocab_size: 5,
  hidden_size: 8,
  intermediate_size: 8,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  max_position_embeddings: 100,
})
const withWindows = (windows: readonly (number | null)[]): ModelConfig => ({
  ...base,
  attention: windows.map((window) => ({ window, rotation: 0 })),
})

const at = (size: number, index: number): number => (size === 1 ? 0 : index)

/** What a mask of `[…, batch, …, queries, keys]` says once it is repeated: true where the key is seen. */
function sees(mask: Tensor | undefined, batch: number, query: number, key: number): boolean {
  const shape = mask?.shape ?? []
  const [batches = 1, queries = 1, keys = 1] =
    shape.length === 2 ? [1, ...shape] : [shape[1], shape[3], shape[4]]
  const place = (at(batches, batch) * queries + at(queries, query)) * keys + at(keys, key)
  return mask?.data[place] === 0
}

const window = constantFrom(null, 1, 2, 5, 9)
const isSeen = (query: number, key: number, own: number | null): boolean =>
  key <= query && (own === null || query - key < own)

test('a training batch sees what is not after it and within the window', () => {
  assert(
    property(record({ prefix: nat(12), length: integer({ min: 1, max: 12 }), window }), (sizes) => {
      const { prefix, length } = sizes
      const masks = trainingMasks(withWindows([sizes.window]), prefix, length)
      const mask = (name: string): Tensor | undefined => masks[maskName(name, sizes.window)]
      for (let query = 0; query < length; query++) {
        for (let key = 0; key < length; key++)
          expect(sees(mask('mask'), 0, query, key)).toBe(isSeen(query, key, sizes.window))
        for (let key = 0; key < prefix; key++) {
          const expected = isSeen(prefix + query, key, sizes.window)
          expect(sizes.window === null || sees(mask('shared_mask'), 0, query, key)).toBe(expected)
        }
      }
      for (let query = 0; query < prefix; query++)
        for (let key = 0; key < prefix; key++)
          expect(sees(mask('prefix_mask'), 0, query, key)).toBe(isSeen(query, key, sizes.window))
    }),
  )
})

test('new tokens see their own past and the shared prefix, each within the window', () => {
  const lengths = array(nat(9), { minLength: 1, maxLength: 3 })
  const sizes = record({
    length: integer({ min: 1, max: 5 }),
    shared: nat(9),
    lengths,
    spare: nat(4),
    window,
  })
  assert(
    property(sizes, ({ length, shared, lengths: own, spare, window: wide }) => {
      const capacity = Math.max(...own) + spare
      const masks = inferenceMasks(withWindows([wide]), { length, shared, lengths: own, capacity })
      const mask = (name: string): Tensor | undefined => masks[maskName(name, wide)]
      for (const [index, past] of own.entries()) {
        for (let query = 0; query < length; query++) {
          const position = shared + past + query
          for (let key = 0; key < capacity; key++) {
            const expected = key < past && isSeen(position, shared + key, wide)
            expect(sees(mask('past_mask'), index, query, key)).toBe(expected)
          }
          for (let key = 0; key < shared; key++) {
            const seen = wide === null || sees(mask('shared_mask'), index, query, key)
            expect(seen).toBe(isSeen(position, key, wide))
          }
        }
      }
    }),
  )
})

test('a token of a tree sees its own path and the shared prefix, within the window', () => {
  const parents = array(nat(), { minLength: 1, maxLength: 12 }).map((numbers) =>
    numbers.map((number, index) => (number % (index + 1)) - 1),
  )
  assert(
    property(parents, nat(9), window, (tree, shared, wide) => {
      const depths: number[] = []
      for (const parent of tree) depths.push(parent < 0 ? 0 : (depths[parent] ?? 0) + 1)
      const extent = {
        length: tree.length,
        shared,
        lengths: [0],
        capacity: 0,
        tree: { parents: tree, depths },
      }
      const masks = inferenceMasks(withWindows([wide]), extent)
      const mask = (name: string): Tensor | undefined => masks[maskName(name, wide)]
      for (const [query, depth] of depths.entries()) {
        const path = new Set<number>()
        for (let node = query; node >= 0; node = tree[node] ?? -1) path.add(node)
        for (const key of tree.keys()) {
          const isNear = isSeen(depth, depths[key] ?? 0, wide)
          expect(sees(mask('mask'), 0, query, key)).toBe(path.has(key) && isNear)
        }
        for (let key = 0; key < shared; key++) {
          const seen = wide === null || sees(mask('shared_mask'), 0, query, key)
          expect(seen).toBe(isSeen(shared + depth, key, wide))
        }
      }
    }),
  )
})

test('each window of a model has its masks once', () => {
  const config = withWindows([5, null, 5, 7])
  expect(windowsOf(config)).toEqual([5, null, 7])
  expect(Object.keys(trainingMasks(config, 3, 4)).toSorted()).toEqual([
    'mask',
    'mask_5',
    'mask_7',
    'prefix_mask',
    'prefix_mask_5',
    'prefix_mask_7',
    'shared_mask_5',
    'shared_mask_7',
  ])
})
