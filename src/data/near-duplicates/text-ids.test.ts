import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { TextIds } from './text-ids.ts'

test('says of each text what a list would', () => {
  // Kinds that have come before, with their share growing: 0 draws a new one.
  const draws = fc.array(fc.nat(3), { minLength: 1, maxLength: 3_000 })
  fc.assert(
    fc.property(draws, fc.nat(100), (drawn, step) => {
      const ids = new TextIds(1)
      const list: number[] = []
      let distinct = 0
      for (const [at, draw] of drawn.entries()) {
        const id = draw === 0 || distinct === 0 ? distinct : (at * step) % distinct
        const isNew = id === distinct
        expect(ids.push(id)).toBe(isNew)
        if (isNew) distinct++
        list.push(id)
      }
      expect([ids.length, ids.distinct]).toEqual([list.length, distinct])
      expect(list.map((_, text) => ids.at(text))).toEqual(list)
      const seen = new Set<number>()
      const firsts = list.map((id) => !seen.has(id) && seen.add(id) !== undefined)
      expect(list.map((_, text) => ids.isFirst(text))).toEqual(firsts)
    }),
  )
})

test('many texts of which all are different, or all the same but for the last', () => {
  const [different, same] = [new TextIds(), new TextIds()]
  for (let text = 0; text < 100_000; text++) {
    different.push(text)
    same.push(0)
  }
  for (const text of [0, 31, 32, 511, 512, 99_999]) {
    expect(different.at(text)).toBe(text)
    expect(same.at(text)).toBe(0)
  }
  expect(same.push(1)).toBe(true)
  expect([same.at(99_999), same.at(100_000)]).toEqual([0, 1])
  expect([same.isFirst(99_999), same.isFirst(100_000)]).toEqual([false, true])
})
