import { expect, test } from 'vitest'
import { nameOfHidden, textRuns } from './visible-text.ts'

test('what directs text or cannot be seen has a sign, and the rest stays as it is', () => {
  expect(textRuns('pay \u202E001 now\u0000\u0000\u0000')).toEqual([
    { text: 'pay ' },
    { text: '\u202E', sign: 'U+202E' },
    { text: '001 now' },
    { text: '\u0000\u0000\u0000', sign: 'U+0000 × 3' },
  ])
  expect(nameOfHidden('\u202E')).toBe('right-to-left override')
})

test('tabs, line ends, joined emoji and other scripts are text', () => {
  for (const text of ['a\tb\nc\r\nd', '👩\u200D👧', 'نص عربي', '<script>alert(1)</script>']) {
    expect(textRuns(text)).toEqual([{ text }])
  }
})

test('half a character is signed', () => {
  expect(textRuns('a\uD83D')).toEqual([{ text: 'a' }, { text: '\uD83D', sign: 'U+D83D' }])
})
