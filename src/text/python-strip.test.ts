import { expect, test } from 'vitest'
import { pythonStrip } from './python-strip.ts'

// Answers of Python 3.11.
test.each([
  [' \u001C\u0085a b\u3000\n', undefined, 'both', 'a b'],
  ['\uFEFFa\uFEFF', undefined, 'both', '\uFEFFa\uFEFF'],
  ['  \n a \n', '\n', 'both', '  \n a '],
  ['\n\n a\n\n', '\n', 'start', ' a\n\n'],
  ['xya🙂yx🙂', 'x🙂y', 'end', 'xya'],
  [' \t ', undefined, 'both', ''],
  ['🙃🙂🙂', '🙂', 'end', '🙃'],
  ['🙂a', '🙃', 'both', '🙂a'],
  ['🙂🙂', '🙂', 'both', ''],
] as const)('%j without %j, %s', (text, characters, side, expected) => {
  expect(pythonStrip(text, characters, side)).toBe(expected)
})
