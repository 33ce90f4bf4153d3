/** A token beside the vocabulary proper, found in text as a whole. */
export interface AddedToken {
  readonly id: number
  readonly content: string
  /** Special tokens steer the model (turn marks, end of text); the others are ordinary text with a token of its own. */
  readonly special: boolean
}

export interface TokenPlace {
  /** UTF-16 offsets, the end exclusive. */
  readonly start: number
  readonly end: number
  readonly id: number
}

/**
 * Where added tokens stand in the text, leftmost first and the longest where several start at one place, as the
 * reference matches them. A place for which `allowed` says no is read as text.
 */
export function createTokenFinder(
  tokens: readonly AddedToken[],
): (text: string, allowed?: (start: number, end: number) => boolean) => TokenPlace[] {
  const longestFirst = tokens.toSorted((a, b) => b.content.length - a.content.length)
  const escaped = longestFirst.map(({ content }) => content.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
  const anyToken = new RegExp(escaped.length === 0 ? '(?!)' : escaped.join('|'), 'g')
  return (text, allowed = () => true) => {
    const places: TokenPlace[] = []
    anyToken.lastIndex = 0
    for (let match = anyToken.exec(text); match !== null; match = anyToken.exec(text)) {
      const start = match.index
      const token = longestFirst.find(
        ({ content }) => text.startsWith(content, start) && allowed(start, start + content.length),
      )
      if (token !== undefined) places.push({ start, end: start + token.content.length, id: token.id })
      anyToken.lastIndex = start + (token?.content.length ?? 1)
    }
    return places
  }
}
