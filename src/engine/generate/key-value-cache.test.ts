import { array, assert, integer, oneof, property, record, shuffledSubarray, type Arbitrary } from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Tensor } from '../graph/session.ts'
import { loadTinyModel } from '../testing/tiny-model.ts'
import { cacheNames } from './inference-graph.ts'
import { cutPrefix, emptyPrefix, extendPrefix, KeyValueCache } from './key-value-cache.ts'

const config = { ...(await loadTinyModel('llama-tiny')).config, layers: 2, keyValueHeads: 3, headSize: 2 }

/** The vector of one token's keys or values: tells token, layer, kind, head and element apart. */
const vector = (token: number, layer: number, kind: number, head: number): number[] =>
  Array.from({ length: config.headSize }, (_, at) => token * 100 + layer * 40 + kind * 20 + head * 4 + at)

/** What a run gives for new tokens; padding is −1. */
function outputsOf(batch: readonly (readonly number[])[], length: number): Record<string, Tensor> {
  const outputs: Record<string, Tensor> = {}
  for (let layer = 0; layer < config.layers; layer++) {
    const names = cacheNames(layer)
    for (const [kind, name] of [names.keys, names.values].entries()) {
      const numbers = Array.from({ length: config.keyValueHeads }, (_, head) =>
        batch.map((tokens) =>
          Array.from({ length }, (__, at) => {
            const token = tokens[at]
            return token === undefined ? [-1, -1] : vector(token, layer, kind, head)
          }),
        ),
      )
      const shape = [config.keyValueHeads, batch.length, length, config.headSize]
      outputs[name] = { data: Float32Array.from(numbers.flat(3)), shape }
    }
  }
  return outputs
}

/** Checks the feeds against sequences of tokens. Returns how many vectors were compared. */
function compare(cache: KeyValueCache, sequences: readonly (readonly number[])[]): number {
  let compared = 0
  const feeds = cache.feeds(false)
  expect(Object.keys(feeds)).toHaveLength(2 * config.layers)
  expect(cache.lengths).toEqual(sequences.map((tokens) => tokens.length))
  for (let layer = 0; layer < config.layers; layer++) {
    const names = cacheNames(layer)
    for (const [kind, name] of [names.pastKeys, names.pastValues].entries()) {
      const { data, shape } = feeds[name]!
      expect(shape).toEqual([config.keyValueHeads, sequences.length, cache.capacity, config.headSize])
      expect(data).toHaveLength(shape.reduce((product, size) => product * size, 1))
      for (let head = 0; head < config.keyValueHeads; head++) {
        for (const [sequence, tokens] of sequences.entries()) {
          const start = (head * sequences.length + sequence) * cache.capacity * config.headSize
          const own = Array.from(data.slice(start, start + tokens.length * config.headSize), Number)
          expect(own).toEqual(tokens.flatMap((token) => vector(token, layer, kind, head)))
          compared += tokens.length
        }
      }
    }
  }
  return compared
}

type Change =
  | { readonly append: readonly number[] }
  | { readonly select: (batch: number) => readonly number[] }

const changes: Arbitrary<Change[]> = array(
  oneof(
    record({ append: array(integer({ min: 0, max: 70 }), { minLength: 5, maxLength: 5 }) }),
    shuffledSubarray([0, 1, 2, 3, 4], { minLength: 1 }).map((kept) => ({
      select: (batch: number) => kept.filter((sequence) => sequence < batch),
    })),
  ),
  { maxLength: 8 },
)

describe('the cache', () => {
  test('holds the tokens of each sequence, however often it grows and is thinned out', () => {
    let compared = 0
    assert(
      property(integer({ min: 1, max: 5 }), changes, (batch, all) => {
        let cache = new KeyValueCache(config, batch)
        let sequences: number[][] = Array.from({ length: batch }, () => [])
        let token = 0
        for (const change of all) {
          if ('append' in change) {
            const fresh = sequences.map((_, index) =>
              Array.from({ length: change.append[index]! }, () => (token += 1)),
            )
            // A run computes at least one token, padding included.
            const length = Math.max(1, ...fresh.map((tokens) => tokens.length))
            cache.append(
              outputsOf(fresh, length),
              length,
              fresh.map((tokens) => tokens.length),
            )
            sequences = sequences.map((tokens, index) => [...tokens, ...fresh[index]!])
          } else {
            const kept = change.select(sequences.length)
            cache = KeyValueCache.of(
              config,
              kept.map((index) => ({ prefix: emptyPrefix(config), cache, index })),
              0,
            )
            sequences = kept.map((sequence) => sequences[sequence]!)
          }
          compared += compare(cache, sequences)
        }
      }),
      { numRuns: 60 },
    )
    expect(compared).toBeGreaterThan(1000)
  })

  test('is empty at first, and grows in steps of 64', () => {
    const cache = new KeyValueCache(config, 1)
    const capacities = [cache.capacity]
    for (const count of [1, 63, 1, 200]) {
      cache.append(outputsOf([Array.from({ length: count }, () => 1)], count), count, [count])
      capacities.push(cache.capacity)
    }
    expect(capacities).toEqual([0, 64, 64, 128, 320])
  })

  test('of no sequence any more holds nothing', () => {
    expect(compare(KeyValueCache.of(config, [], 0), [])).toBe(0)
  })
})

/** Sequences of these tokens, of which the first `shared` are a prefix. */
const cached = (batch: readonly (readonly number[])[], shared: number) => {
  const start = batch[0]?.slice(0, shared) ?? []
  const nothing = emptyPrefix(config)
  const prefix = shared === 0 ? nothing : extendPrefix(config, nothing, outputsOf([start], shared), shared)
  const cache = new KeyValueCache(config, batch.length)
  const own = batch.map((tokens) => tokens.slice(shared))
  const length = Math.max(1, ...own.map((tokens) => tokens.length))
  cache.append(
    outputsOf(own, length),
    length,
    own.map((tokens) => tokens.length),
  )
  return batch.map((_, index) => ({ prefix, cache, index }))
}
const upTo = (count: number, last: number): number[] => [
  ...Array.from({ length: count - 1 }, (_, at) => at + 1),
  last,
]

describe('a sequence that is placed', () => {
  test('holds what follows the prefix of its new batch, wherever it held that before', () => {
    let compared = 0
    const sizes = array(integer({ min: 13, max: 90 }), { minLength: 1, maxLength: 4 })
    const shared = integer({ min: 0, max: 12 })
    assert(
      property(sizes, sizes, shared, shared, shared, (lengths, others, from, otherFrom, start) => {
        const first = lengths.map((length, index) => upTo(length, 1000 + index))
        const second = others.map((length, index) => upTo(length, 2000 + index))
        const joined = [...cached(first, from), ...cached(second, otherFrom)]
        const cache = KeyValueCache.of(config, joined, start)
        const rests = [...first, ...second].map((tokens) => tokens.slice(start))
        compared += compare(cache, rests)
        // Into the place of another, be that shorter or longer.
        cache.place(0, joined.at(-1)!, start)
        compared += compare(cache, [rests.at(-1)!, ...rests.slice(1)])
        cache.cut(0, 1)
        compared += compare(cache, [rests.at(-1)!.slice(0, 1), ...rests.slice(1)])
      }),
      { numRuns: 60 },
    )
    expect(compared).toBeGreaterThan(1000)
  })
})

describe('a shared prefix', () => {
  test('may be cut to its first tokens', () => {
    const whole = extendPrefix(config, emptyPrefix(config), outputsOf([[1, 2, 3]], 3), 3)
    const two = extendPrefix(config, emptyPrefix(config), outputsOf([[1, 2]], 2), 2)
    expect(cutPrefix(config, whole, 2)).toEqual(two)
    expect(cutPrefix(config, whole, 0)).toEqual(emptyPrefix(config))
    expect(cutPrefix(config, whole, 3)).toBe(whole)
  })

  test('is made longer by the new tokens, padding left out', () => {
    const one = outputsOf([[1, 2, 3]], 5)
    // A prefix has no axis for the batch, and a batch of one has the same layout without it.
    const first = extendPrefix(config, emptyPrefix(config), one, 3)
    const second = extendPrefix(config, first, outputsOf([[4, 5]], 2), 2)
    expect([first.length, second.length]).toEqual([3, 5])
    for (let layer = 0; layer < config.layers; layer++) {
      const names = cacheNames(layer)
      for (const [kind, name] of [names.sharedKeys, names.sharedValues].entries()) {
        const expected = Array.from({ length: config.keyValueHeads }, (_, head) =>
          [1, 2, 3, 4, 5].map((token) => vector(token, layer, kind, head)),
        )
        expect(second.feeds[name]?.shape).toEqual([config.keyValueHeads, 5, config.headSize])
        expect(Array.from(second.feeds[name]?.data ?? [], Number)).toEqual(expected.flat(2))
      }
    }
    expect(first.feeds[cacheNames(0).sharedKeys]?.data).toHaveLength(3 * 3 * 2)
  })
})
