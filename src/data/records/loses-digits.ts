/**
 * Whether a JSON text has a whole number that a double cannot hold, such as an id of 64 bits: `JSON.parse` takes the nearest
 * number that can be held, and says nothing.
 */
export function losesDigits(json: string): boolean {
  // Nearly no text has so many digits in a row; the rest is slow.
  if (!/\d{16}/.test(json)) return false
  const bare = json.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')
  // What a double is written as is read back as that double.
  for (const [digits] of bare.matchAll(/(?<![\d.]|[eE][+-]?)\d{16,}(?![\d.eE])/g)) {
    if (String(Number(digits)) !== digits) return true
  }
  return false
}

/** What is said where it does. */
export const digitsLost =
  'the last digits of a whole number that is too large are not read: write it as a text, in quotes'
