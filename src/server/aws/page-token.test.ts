import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromPageToken, toPageToken } from './page-token.ts'

test('a token is read by its own list, and by no other', () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ unit: 'grapheme' }), fc.string(), (list, place, other) => {
      const token = toPageToken(list, place)
      expect(fromPageToken(list, token)).toBe(place)
      expect(fromPageToken(other, token)).toBe(other === list ? place : undefined)
      expect(fromPageToken(list, `${token}A`)).toBeUndefined()
      expect(fromPageToken(list, other)).toBeUndefined()
    }),
  )
})
