/** At most so many characters, and how many were left out. Never halves a surrogate pair. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text
  const kept = beginning(text, most)
  return `${kept} … (${(text.length - kept.length).toLocaleString('en-US')} more characters)`
}

/** At most so many characters, the last one an ellipsis where text was left out: for names. */
export const clipped = (text: string, most: number): string =>
  text.length <= most ? text : `${beginning(text, most - 1)}…`

const beginning = (text: string, length: number): string =>
  text.slice(0, /[\ud800-\udbff]/.test(text.charAt(length - 1)) ? length - 1 : length)
