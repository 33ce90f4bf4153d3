/**
 * White space to Python's `str.strip` and `str.isspace`: what JavaScript's `trim` takes, but for U+FEFF, and U+001C to
 * U+001F and U+0085 besides.
 */
const whiteSpace =
  '\t\n\u000B\f\r\u001C\u001D\u001E\u001F \u0085\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000'

/** Python's `text.strip(characters)`, of one side where that is asked for. */
export function pythonStrip(
  text: string,
  characters: string = whiteSpace,
  side: 'both' | 'start' | 'end' = 'both',
): string {
  const taken = new Set(characters)
  const all = Array.from(text)
  const isKept = (character: string): boolean => !taken.has(character)
  const start = side === 'end' ? 0 : all.findIndex(isKept)
  if (start < 0) return ''
  const end = side === 'start' ? all.length : all.findLastIndex(isKept) + 1
  return all.slice(start, end).join('')
}
