import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { TextSet } from './text-set.ts'

test('tells texts apart as a map of strings to marks does', () => {
  const texts = fc.array(fc.oneof(fc.string({ maxLength: 3 }), fc.string({ unit: 'binary' })), {
    maxLength: 300,
  })
  fc.assert(
    fc.property(texts, (values) => {
      const [set, expected] = [new TextSet(), new Map<string, number>()]
      for (const value of values) {
        const mark = 0xffff_ffff - expected.size
        expect(set.add(value, mark)).toBe(expected.get(value))
        if (!expected.has(value)) expected.set(value, mark)
      }
      expect(set.size).toBe(expected.size)
    }),
  )
})

test('takes 300,000 texts that hardly differ for different ones', () => {
  const set = new TextSet()
  for (let index = 0; index < 300_000; index++) set.add(`claim ${index}, route it`, index)
  expect(set.size).toBe(300_000)
  for (const index of [0, 1234, 299_999]) expect(set.add(`claim ${index}, route it`)).toBe(index)
  expect(set.add('')).toBe(undefined)
  expect(set.add('\u0000')).toBe(undefined)
})
