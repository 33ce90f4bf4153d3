const quotes = new Set('"\'`´“”„‟‘’‚‛«»‹›「」『』')
const closing = new Set('.,;:!?…。，、；：！？')
const isSpace = (character: string): boolean => character.trim() === ''

/** The text without white space and quotes around it and without the punctuation that closes it. */
export function withoutSurroundingMarks(text: string): string {
  let start = 0
  let end = text.length
  const opens = (at: number): boolean => isSpace(text.charAt(at)) || quotes.has(text.charAt(at))
  while (start < end && opens(start)) start++
  while (end > start && (opens(end - 1) || closing.has(text.charAt(end - 1)))) end--
  return text.slice(start, end)
}
