import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { hashOfHashes } from '../content-hash.ts'
import { RecordHashes } from './sorted-hashes.ts'

test('the order is that of the hashes, equal ones in their own order, and names the set as its hashes do', () => {
  const hash = fc
    .tuple(fc.constantFrom('00', 'ab'.repeat(16)), fc.nat(3))
    .map(([lead, rest]) => (lead + createHash('sha256').update(String(rest)).digest('hex')).slice(0, 64))
  fc.assert(
    fc.property(fc.array(hash, { maxLength: 40 }), (texts) => {
      const hashes = new RecordHashes(texts.length)
      texts.forEach((text, at) => hashes.set(at, text))
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
