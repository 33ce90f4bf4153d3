import type { Detector } from '../detector.ts'
import { tokenFlag } from '../detector.ts'

// Decreto ministeriale 12 marzo 1974, n. 2227: values of characters at odd places; at even places they are their order.
const oddDigits = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21]
const oddLetters = [
  1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
]

function checkLetter(body: string): string {
  let sum = 0
  for (const [index, character] of Array.from(body).entries()) {
    const code = character.charCodeAt(0)
    const value = code < 65 ? code - 48 : code - 65
    sum += index % 2 === 1 ? value : ((code < 65 ? oddDigits : oddLetters)[value] ?? 0)
  }
  return String.fromCharCode(65 + (sum % 26))
}

const form = /^[A-Z]{6}[\dLMNP-V]{2}[A-EHLMPRST][\dLMNP-V]{2}[A-Z][\dLMNP-V]{3}[A-Z]$/i

export function isCodiceFiscale(value: string): boolean {
  const upper = value.toUpperCase()
  return form.test(upper) && checkLetter(upper.slice(0, 15)) === upper[15]
}

export const itCodiceFiscale: Detector = {
  kind: 'it-codice-fiscale',
  group: 'national-id',
  title: 'Italian codice fiscale',
  covers: 'sixteen characters of its form with the right check letter',
  misses: 'written with spaces; with a character wrong',
  token: {
    flags: tokenFlag.digit | tokenFlag.letter,
    find({ text }, start, end, found) {
      if (end - start < 16 || end - start > 20) return
      const match = /[A-Za-z\d]{16}(?![A-Za-z\d])/.exec(text.slice(start, end))
      if (match === null || /^XXXXXX/i.test(match[0]) || !isCodiceFiscale(match[0])) return
      found(start + match.index, start + match.index + 16)
    },
  },
  pseudonym(value, random) {
    // Nobody's surname and first name give six X.
    const year = String(random.integer(100)).padStart(2, '0')
    const day = String(1 + random.integer(28)).padStart(2, '0')
    const place = String(random.integer(1000)).padStart(3, '0')
    const body = `XXXXXX${year}${'ABCDEHLMPRST'.charAt(random.integer(12))}${day}Z${place}`
    const made = body + checkLetter(body)
    return value === value.toLowerCase() ? made.toLowerCase() : made
  },
}
