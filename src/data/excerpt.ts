/** Somebody's text with every control, direction and line character written as an escape, so that it prints as one line. */
export function visible(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Bidi_Control}\p{Surrogate}\u2028\u2029]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** A short quotation for a message: quoted, one line, cut after `limit` characters. */
export function excerpt(text: string, limit = 40): string {
  const characters = Array.from(text.slice(0, 2 * limit + 2))
  const cut = characters.length > limit
  return `"${visible(characters.slice(0, limit).join(''))}"${cut ? '…' : ''}`
}
