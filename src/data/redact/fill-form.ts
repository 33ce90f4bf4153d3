import type { Random } from '../../lib/random.ts'

/** Digits, each drawn. */
export const drawDigits = (random: Random, count: number): string =>
  Array.from({ length: count }, () => random.integer(10)).join('')

/** The characters of `compact` in the form of `value`: its separators stay where they are. */
export function inFormOf(value: string, compact: string): string {
  let next = 0
  return value.replaceAll(/[\p{L}\p{N}]/gu, (character) => compact.charAt(next++) || character)
}

/** Letters and digits drawn anew, everything else as it is. */
export const drawnForm = (value: string, random: Random): string =>
  value.replaceAll(/\p{L}|\p{N}/gu, (character) => {
    if (/\p{N}/u.test(character)) return String(random.integer(10))
    const drawn = String.fromCharCode(97 + random.integer(26))
    return character === character.toLowerCase() ? drawn : drawn.toUpperCase()
  })

/** Draws until it is right; check digits let through one in ten to one in a hundred. */
export function drawValid(draw: () => string, isValid: (drawn: string) => boolean): string {
  for (let attempt = 0; attempt < 50_000; attempt++) {
    const drawn = draw()
    if (isValid(drawn)) return drawn
  }
  throw new RangeError('no value of this form is valid')
}
