/** Whether one of the words stands in the `reach` characters before a place, on the same paragraph. */
export function wordsBefore(pattern: RegExp, text: string, start: number, reach = 60): boolean {
  const before = text.slice(Math.max(0, start - reach), start)
  return pattern.test(before.slice(before.lastIndexOf('\n\n') + 1))
}

/** A pattern for any of these words, whole and in any case. */
export const anyWord = (words: readonly string[]): RegExp =>
  new RegExp(`(?<![\\p{L}\\d])(?:${words.join('|')})(?![\\p{L}])`, 'iu')

/** What the pattern finds exactly at a place. The pattern is sticky. */
export function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}
