const none = /\p{M}|\u200c|\u200d|\ufe0e|\ufe0f/gu
const wide =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60]/u

/** Columns that a text takes in a terminal: two for wide East Asian characters and emoji, none for combining marks. */
export function displayWidth(text: string): number {
  let width = 0
  for (const character of text.replaceAll(none, '')) width += wide.test(character) ? 2 : 1
  return width
}
