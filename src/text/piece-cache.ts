const cachedCharacters = 2_000_000

/** Remembers what pieces of text became, because a training set repeats its system prompt in every example. */
export function createPieceCache(encode: (text: string) => readonly number[]): (text: string) => number[] {
  const known = new Map<string, readonly number[]>()
  let characters = 0
  return (text) => {
    const ids = known.get(text) ?? encode(text)
    if (!known.has(text)) {
      characters += text.length
      if (characters > cachedCharacters) {
        known.clear()
        characters = text.length
      }
      known.set(text, ids)
    }
    return [...ids]
  }
}
