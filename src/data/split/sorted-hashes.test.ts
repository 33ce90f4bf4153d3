import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { hashOfHashes } from '../content-hash.ts'
import { HashGatherer } from './sorted-hashes.ts'

test('the order is that of the hashes, equal ones in their own order, and names the set as its hashes do', () => {
  const hash = fc
    .tuple(fc.constantFrom('00', 'ab'.repeat(16)), fc.nat(3))
    .map(([lead, rest]) => (lead + hashOf(rest)).slice(0, 64))
  fc.assert(
    fc.property(fc.array(hash, { maxLength: 40 }), (texts) => {
      using gatherer = new HashGatherer()
      for (const text of texts) gatherer.push(text)
      const hashes = gatherer.hashes()
      const order = hashes.order()
      const wanted = [...texts.keys()].toSorted((a, b) =>
        texts[a]! < texts[b]! ? -1 : texts[a]! > texts[b]! ? 1 : a - b,
      )
      expect([...order]).toEqual(wanted)
      expect(hashes.datasetHash(order, () => true)).toBe(hashOfHashes(texts))
      expect(hashes.datasetHash(order, (at) => at > 3)).toBe(hashOfHashes(texts.slice(4)))
    }),
    { seed: 5 },
  )
})

const hashOf = (at: number): string => createHash('sha256').update(String(at)).digest('hex')

test('hashes that waited in a file come back as they were', () => {
  for (const count of [2 ** 14 - 1, 2 ** 14, 2 ** 15 + 3]) {
    const texts = Array.from({ length: count }, (_, at) => hashOf(at))
    using gatherer = new HashGatherer()
    for (const text of texts) gatherer.push(text)
    const hashes = gatherer.hashes()
    expect(hashes.datasetHash(hashes.order(), () => true)).toBe(hashOfHashes(texts))
  }
})
