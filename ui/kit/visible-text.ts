/** A run of text as it is, or of a character that nobody would see, or that would move others. */
export interface TextRun {
  readonly text: string
  /** `U+202E` for what is not shown as it is. */
  readonly sign?: string
}

const names: Readonly<Record<string, string>> = {
  '\u0000': 'NUL',
  '\u00AD': 'soft hyphen',
  '\u200B': 'zero-width space',
  '\u200E': 'left-to-right mark',
  '\u200F': 'right-to-left mark',
  '\u202A': 'left-to-right embedding',
  '\u202B': 'right-to-left embedding',
  '\u202C': 'end of embedding or override',
  '\u202D': 'left-to-right override',
  '\u202E': 'right-to-left override',
  '\u2066': 'left-to-right isolate',
  '\u2067': 'right-to-left isolate',
  '\u2068': 'first strong isolate',
  '\u2069': 'end of isolate',
  '\uFEFF': 'byte order mark',
}

/** Control characters but tab and line feed, what directs text, what has no width, and halves of characters. Joiners stay: scripts and emoji need them. */
const hidden =
  /((?![\t\n])[\p{Cc}\p{Cs}\u00AD\u061C\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u2064\u2066-\u206F\uFEFF\uFFF9-\uFFFB])\1*/gu

/** The text in runs; joined, they are the text again. Equal hidden characters in a row are one run. */
export function textRuns(text: string): TextRun[] {
  const runs: TextRun[] = []
  let at = 0
  for (const match of text.matchAll(hidden)) {
    const [run, character = ''] = match
    // A carriage return before a line feed is a line's usual end.
    if (run === '\r' && text[match.index + 1] === '\n') continue
    if (match.index > at) runs.push({ text: text.slice(at, match.index) })
    const sign = `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
    const times = run.length / character.length
    runs.push({ text: run, sign: times === 1 ? sign : `${sign} × ${times}` })
    at = match.index + run.length
  }
  if (at < text.length) runs.push({ text: text.slice(at) })
  return runs
}

/** What a hidden character is called, where it has a common name. */
export const nameOfHidden = (run: string): string => names[run.charAt(0)] ?? 'a character that is not seen'
