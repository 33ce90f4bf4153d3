import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { TextSet } from './text-set.ts'

test('tells texts apart as a set of strings does', () => {
  const texts = fc.array(fc.oneof(fc.string({ maxLength: 3 }), fc.string({ unit: 'binary' })), {
    maxLength: 300,
  })
  fc.assert(
    fc.property(texts, (values) => {
      const [set, expected] = [new TextSet(), new Set<string>()]
      for (const value of values) {
        expect(set.add(value)).toBe(!expected.has(value))
        expected.add(value)
      }
      expect(set.size).toBe(expected.size)
    }),
  )
})

test('takes 300,000 texts that hardly differ for different ones', () => {
  const set = new TextSet()
  for (let index = 0; index < 300_000; index++) set.add(`claim ${index}, route it`)
  expect(set.size).toBe(300_000)
  expect(set.add('claim 0, route it')).toBe(false)
  expect(set.add('')).toBe(true)
  expect(set.add('\u0000')).toBe(true)
})
