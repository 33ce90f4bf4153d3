import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { hashOfHashes } from '../content-hash.ts'
import { SortedHashes } from './sorted-hashes.ts'

test('the order is that of the hashes, equal ones in their own order, and names the set as its hashes do', () => {
  const hash = fc
    .tuple(fc.constantFrom('00', 'ab'.repeat(16)), fc.nat(3))
    .map(([lead, rest]) => (lead + hashOf(rest)).slice(0, 64))
  fc.assert(
    fc.property(fc.array(hash, { maxLength: 40 }), (texts) => {
      using hashes = new SortedHashes()
      for (const text of texts) hashes.push(text)
      const wanted = [...texts.keys()].toSorted((a, b) =>
        texts[a]! < texts[b]! ? -1 : texts[a]! > texts[b]! ? 1 : a - b,
      )
      expect([...hashes.order()]).toEqual(wanted)
      const places = texts.map((_, at) => (at > 3 ? 1 : 0))
      expect(hashes.datasetHashes(places, 3)).toEqual({
        all: hashOfHashes(texts),
        places: [texts.slice(0, 4), texts.slice(4), []].map(hashOfHashes),
      })
    }),
    { seed: 5 },
  )
})

const hashOf = (at: number): string => createHash('sha256').update(String(at)).digest('hex')

test('hashes that waited in a file come back as they were', () => {
  // Equal ones are in one block after another; different ones begin blocks in all buckets.
  const equal = Array.from({ length: 1000 }, () => hashOf(0))
  const different = Array.from({ length: 100_000 }, (_, at) => hashOf(at))
  for (const texts of [equal.slice(0, 127), equal.slice(0, 128), equal.slice(0, 129), equal, different]) {
    using hashes = new SortedHashes()
    for (const text of texts) hashes.push(text)
    const places = new Uint8Array(texts.length)
    expect(hashes.datasetHashes(places, 1)).toEqual({
      all: hashOfHashes(texts),
      places: [hashOfHashes(texts)],
    })
  }
})
