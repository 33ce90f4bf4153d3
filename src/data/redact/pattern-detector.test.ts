import { describe, expect, test } from 'vitest'
import { HoneError } from '../../core/errors.ts'
import { safePattern } from './pattern-detector.ts'

function refusalOf(pattern: string): HoneError | undefined {
  try {
    safePattern(pattern)
    return undefined
  } catch (error) {
    return HoneError.isInstance(error) ? error : undefined
  }
}

describe('patterns of users', () => {
  test.each([
    ['H\\d{7}', 'H0012345', true],
    ['[A-Z]{2}-\\d{3,5}', 'AB-1234', true],
    ['(?:MR|PT)\\d{6}', 'PT123456', true],
    ['\\d{3}\\.?\\d{4}', '123.4567', true],
    ['H\\d{7}', 'H001234', false],
    ['H\\d{7}', 'XH0012345', false],
  ])('%s on %s', (pattern, text, found) => {
    expect([...text.matchAll(safePattern(pattern))].length > 0).toBe(found)
  })

  test.each([
    ['(a+)+', '"("'],
    ['\\d+', '"+"'],
    ['\\d*x', '"*"'],
    ['a{2,}', '"{"'],
    ['(?:a{2}){3}', 'repeats a group'],
    ['(?:ab)?cd', 'repeats a group'],
    ['(?=a)bcd', '"("'],
    ['(a)bc\\1', '"("'],
    ['abc)', 'not open'],
    ['(?:abc', 'leaves a group open'],
    ['\\d{1,64}\\d{1,64}\\d{1,64}', 'ways'],
    ['\\d{99}', '64'],
    ['ab', 'three'],
    ['a'.repeat(300), '200'],
    ['[a', '"["'],
  ])('%s is refused', (pattern, why) => {
    const refusal = refusalOf(pattern)
    expect(refusal?.code).toBe('E_USAGE')
    expect(refusal?.message).toContain(why)
  })
})
