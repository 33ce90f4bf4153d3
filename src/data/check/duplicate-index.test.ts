import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRandom } from '../../lib/random.ts'
import { DuplicateIndex, RecordHasher } from './duplicate-index.ts'
import { TextHash } from './hash-text.ts'
import type { CheckRow } from './rule.ts'

const rowOf = (key: number, question: string, answer: string): CheckRow => {
  const turns = [
    { role: 'user', text: question, pointer: '', learned: true },
    { role: 'assistant', text: answer, pointer: '', learned: true },
  ]
  return { key, bytes: 0, record: {}, turns, answer: turns[1], label: undefined }
}

test('finds the same groups as comparing the texts themselves', () => {
  const word = fc.constantFrom('a', 'b', 'ü', 'c'.repeat(40), 'd'.repeat(300))
  fc.assert(
    fc.property(fc.array(fc.tuple(word, word), { maxLength: 40 }), fc.nat(100_000), (pairs, expected) => {
      const index = new DuplicateIndex()
      index.expect(expected)
      const hasher = new RecordHasher()
      const records = new Map<string, number>()
      const answers = new Map<string, Set<string>>()
      pairs.forEach(([question, answer], key) => {
        index.place(key, hasher.hash(rowOf(key, question, answer))!)
        const name = `${question}/${answer}`
        records.set(name, (records.get(name) ?? 0) + 1)
        answers.set(question, (answers.get(question) ?? new Set()).add(answer))
      })
      const { groups } = index.exactGroups()
      const wanted = [...records.values()].filter((count) => count > 1).toSorted((a, b) => a - b)
      expect(groups.map((group) => group.records).toSorted((a, b) => a - b)).toEqual(wanted)
      const contradictory = [...answers.values()].filter((each) => each.size > 1)
      expect(index.contradictoryGroups().groups).toHaveLength(contradictory.length)
    }),
  )
})

test('300,000 texts that differ in little have no hash in common', () => {
  const hash = new TextHash()
  const seen = new Set<string>()
  for (let at = 0; at < 300_000; at++) {
    hash.reset()
    // One place of four bytes changes, at each of eight offsets.
    hash.add(`${'x'.repeat(40 + (at % 8))}${at}${'y'.repeat(40 - (at % 8))}`)
    seen.add(`${hash.high}/${hash.low}`)
  }
  expect(seen.size).toBe(300_000)
})

const unfolded = /\s\s|[^\S ]|^ | $/
const space = fc.constantFrom(' ', '  ', '\n', '\t', '\u00a0', '\u2003', '')
const spacedText = fc
  .array(fc.tuple(fc.constantFrom('a', 'bc', 'd'.repeat(13), 'e'.repeat(34), 'ü', '漢', '0'), space), {
    maxLength: 12,
  })
  .map((parts) => parts.flat().join(''))

test('a text that has white space to fold is never said to have none', () => {
  const seen = { spaced: 0, plain: 0, other: 0 }
  fc.assert(
    fc.property(spacedText, (text) => {
      const kind = unfolded.test(text) ? 'spaced' : /^[ -~]*$/.test(text) ? 'plain' : 'other'
      seen[kind]++
      // What is not ASCII may be said to have some.
      const said = kind === 'other' ? undefined : new TextHash().add(text)
      expect([text, said]).toEqual([text, { spaced: true, plain: false, other: undefined }[kind]])
    }),
    { numRuns: 5_000 },
  )
  expect(Math.min(seen.spaced, seen.plain)).toBeGreaterThan(100)
})

test('questions of up to 256 characters that differ in white space alone are the same', () => {
  const hasher = new RecordHasher()
  const inputOf = (text: string): string => {
    const { high, low } = hasher.hash(rowOf(0, text, 'x'))!
    return `${high}/${low}`
  }
  fc.assert(
    fc.property(spacedText, (text) => {
      fc.pre(text.length <= 256)
      const folded = text.replaceAll(/\s+/g, ' ').trim()
      expect(inputOf(text)).toBe(inputOf(folded))
      expect(inputOf(`${folded}a`)).not.toBe(inputOf(`${folded}0`))
    }),
    { numRuns: 2_000 },
  )
})

test.each([0, 1_000, 1_000_000])('30,000 records are told apart, %i expected', (expected) => {
  const index = new DuplicateIndex()
  index.expect(expected)
  const random = createRandom(5)
  // Hashes that have most of what a place in the table keeps of them in common.
  const hashes = Array.from({ length: 30_000 }, () => ({
    high: random.integer(8),
    low: random.integer(2 ** 24) << 8,
    exact: 1,
    outcome: 1,
    outcomeText: 'a',
  }))
  const different = new Set(hashes.map(({ high, low }) => `${high}/${low}`)).size
  for (const [key, hash] of [...hashes, ...hashes].entries()) index.place(key, hash)
  const { groups, more } = index.exactGroups()
  const repeated = groups.reduce((sum, { records }) => sum + records - 1, more)
  expect(repeated).toBe(2 * hashes.length - different)
})

test.each([254, 255, 256, 700])('%d records with one input are counted, however many', (count) => {
  const index = new DuplicateIndex()
  const hasher = new RecordHasher()
  for (let key = 0; key < count; key++) index.place(key, hasher.hash(rowOf(key, 'a', key < 9 ? 'b' : 'c'))!)
  index.place(count, hasher.hash(rowOf(count, 'other', 'b'))!)
  const { groups } = index.contradictoryGroups()
  expect(groups.map(({ first, other, records }) => [first, other, records])).toEqual([[0, 9, count]])
})
