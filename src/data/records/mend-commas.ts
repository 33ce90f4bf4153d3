/**
 * JSON text without the commas that stand before a closing bracket or at its end, which strict readers refuse; `undefined` where
 * there are none. Strings are left alone.
 */
export function withoutTrailingCommas(text: string): string | undefined {
  const kept: string[] = []
  let from = 0
  let comma = -1
  let last = ''
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? ''
    if (character === '"') {
      comma = -1
      for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === '\\') at++
    } else if (character === ',') {
      // A comma that follows nothing stands for a value that is missing.
      comma = '[{,:'.includes(last) ? -1 : at
    } else if ((character === ']' || character === '}') && comma >= 0) {
      kept.push(text.slice(from, comma))
      from = comma + 1
      comma = -1
    } else if (character !== ' ' && character !== '\t') {
      comma = -1
    }
    if (character !== ' ' && character !== '\t') last = character
  }
  if (comma >= 0) {
    kept.push(text.slice(from, comma))
    from = comma + 1
  }
  return from === 0 ? undefined : kept.join('') + text.slice(from)
}
