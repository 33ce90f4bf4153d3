import type { Random } from '../../lib/random.ts'
import { anyWord, wordsBefore } from './context.ts'
import type { Detector } from './detector.ts'
import { drawDigits, drawValid, inFormOf } from './fill-form.ts'
import { digitsOf } from './number-run.ts'

/** A number of digits only that a state gives to a person. */
export interface NationalId {
  /** ISO 3166 country in lower case, hyphen, the number's name. */
  readonly kind: string
  readonly title: string
  /** Its last so many digits are checked; some shapes have the century before them. */
  readonly digits: number
  /** How it is written, as lengths of its rows of digits. */
  readonly shapes: readonly string[]
  /** Shapes that are enough without a word before them: where few other numbers look so and pass the check. */
  readonly alone: readonly string[]
  /** Words (parts of a pattern) of which one must stand before it otherwise. */
  readonly words: readonly string[]
  /** Check digits and what else the number must hold. */
  readonly isValid: (digits: string) => boolean
  /** A beginning that is never given to a person: made-up numbers have it, and are left alone. */
  readonly reserved: string | RegExp
  readonly misses?: string
  /** Draws a number that is `reserved`, valid or not. Default: its beginning and any digits. */
  readonly draw?: (random: Random) => string
}

/** The detector of such a number. */
export function nationalIdDetector(id: NationalId): Detector {
  const words = anyWord(id.words)
  const { kind, title, shapes, alone, reserved } = id
  const isReserved = (digits: string): boolean =>
    typeof reserved === 'string' ? digits.startsWith(reserved) : reserved.test(digits)
  const draw =
    id.draw ??
    ((random: Random) => {
      const beginning = typeof reserved === 'string' ? reserved : ''
      return beginning + drawDigits(random, id.digits - beginning.length)
    })
  const named = 'after a word that names it'
  return {
    kind,
    group: 'national-id',
    title,
    covers: `${id.digits} digits that are valid, ${alone.length === 0 ? named : `written ${alone.join(' or ')}, or ${named}`}`,
    misses: id.misses ?? 'in another form without a word before it; with a digit wrong',
    numbers: {
      least: id.digits,
      find({ text, country }, run, found) {
        for (const { start, end, shape } of run.parts) {
          if (!shapes.includes(shape)) continue
          const digits = digitsOf(text.slice(start, end)).slice(-id.digits)
          if (isReserved(digits) || !id.isValid(digits)) continue
          const isHome = country?.toLowerCase() === kind.slice(0, 2) && shape.includes('-')
          if (alone.includes(shape) || isHome || wordsBefore(words, text, start)) found(start, end)
        }
      },
    },
    normalized: digitsOf,
    pseudonym(value, random) {
      const century = digitsOf(value).slice(0, -id.digits)
      return inFormOf(value, century + drawValid(() => draw(random), id.isValid))
    },
  }
}
