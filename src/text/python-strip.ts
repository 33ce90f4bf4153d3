/**
 * White space to Python's `str.strip` and `str.isspace`: what JavaScript's `trim` takes, but for U+FEFF, and U+001C to
 * U+001F and U+0085 besides.
 */
const whiteSpace =
  '\t\n\u000B\f\r\u001C\u001D\u001E\u001F \u0085\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000'

const whiteSpaceSet: ReadonlySet<string> = new Set(whiteSpace)

/** Python's `text.strip(characters)`, of one side where that is asked for. */
export function pythonStrip(
  text: string,
  characters: string = whiteSpace,
  side: 'both' | 'start' | 'end' = 'both',
): string {
  const taken = characters === whiteSpace ? whiteSpaceSet : new Set(characters)
  let start = 0
  let end = text.length
  if (side !== 'end') {
    for (const character of text) {
      if (!taken.has(character)) break
      start += character.length
    }
  }
  if (side !== 'start') {
    for (
      let last = lastCharacter(text, end);
      end > start && taken.has(last);
      last = lastCharacter(text, end)
    ) {
      end -= last.length
    }
  }
  return text.slice(start, end)
}

function lastCharacter(text: string, end: number): string {
  const pair = text.slice(Math.max(0, end - 2), end)
  return String.fromCodePoint(pair.codePointAt(0) ?? 0).length === 2 ? pair : pair.slice(-1)
}
