import type { Detector } from '../detector.ts'
import { drawDigits, inFormOf } from '../fill-form.ts'
import { matchAt } from '../context.ts'

const checkLetters = 'TRWAGMYFPDXBNJZSQVHLCKE'

/** Number modulo 23 gives the letter (Real Decreto 1553/2005); X, Y, Z of a foreigner's number count as 0, 1, 2. */
export function isDniOrNie(value: string): boolean {
  const compact = value.replaceAll(/[^A-Za-z\d]/g, '').toUpperCase()
  if (!/^[XYZ\d]\d{7}[A-Z]$/.test(compact)) return false
  const number = Number(compact.slice(0, 8).replace('X', '0').replace('Y', '1').replace('Z', '2'))
  return checkLetters[number % 23] === compact[8]
}

const letterOf = (number: number): string => checkLetters.charAt(number % 23)
const dniPattern = /(?:\d{8}|\d{2}\.\d{3}\.\d{3})[ -]?[A-Za-z](?![\p{L}\d_])/uy
const niePattern = /[XYZxyz][- ]?\d{7}[- ]?[A-Za-z](?![\p{L}\d_])/uy

const compactOf = (value: string): string => value.replaceAll(/[^\p{L}\d]/gu, '').toUpperCase()

export const esDni: Detector = {
  kind: 'es-dni',
  group: 'national-id',
  title: 'Spanish DNI',
  covers: 'eight digits and the letter that belongs to them',
  misses: 'without its letter, or with a wrong one',
  numbers: {
    least: 8,
    find({ text }, run, found) {
      if (run.digits !== 8 || /[\p{L}\d_-]/u.test(text.charAt(run.start - 1))) return
      const match = matchAt(dniPattern, text, run.start)
      if (match !== null && !compactOf(match[0]).startsWith('9999') && isDniOrNie(match[0])) {
        found(run.start, run.start + match[0].length)
      }
    },
  },
  normalized: compactOf,
  pseudonym(value, random) {
    const number = `9999${drawDigits(random, 4)}`
    return inFormOf(value, number + letterOf(Number(number)))
  },
}

export const esNie: Detector = {
  kind: 'es-nie',
  group: 'national-id',
  title: 'Spanish NIE',
  covers: 'X, Y or Z, seven digits and the letter that belongs to them',
  misses: 'without its letter, or with a wrong one',
  token: {
    flags: 4,
    find({ text }, start, end, found) {
      for (let at = start; at < Math.min(end, start + 2); at++) {
        const match = matchAt(niePattern, text, at)
        if (match === null || compactOf(match[0]).startsWith('Z9999') || !isDniOrNie(match[0])) continue
        found(at, at + match[0].length)
        return
      }
    },
  },
  normalized: compactOf,
  pseudonym(value, random) {
    const tail = `9999${drawDigits(random, 3)}`
    return inFormOf(value, `Z${tail}${letterOf(Number(`2${tail}`))}`)
  },
}
