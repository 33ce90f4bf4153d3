import type { Detector } from '../detector.ts'
import { dateSource, firstOfJanuary } from './dates.ts'

const words = [
  'dob',
  'b',
  'born',
  'birth',
  'birthday',
  'birthdate',
  'dateofbirth',
  'geboren',
  'geb',
  'geburtsdatum',
  'geburtstag',
  'né',
  'née',
  'naissance',
  'nacimiento',
  'nació',
  'nacido',
  'nacida',
  'nascita',
  'nato',
  'nata',
  'nascimento',
  'nasceu',
  'geboortedatum',
  'urodzenia',
  'urodzony',
  'urodzona',
  'född',
  'født',
]
/** What may stand between the word and the date: a colon, "is", "on the", a place of at most thirty characters. */
const lead =
  /^(?:\.? ?(?:date|day)?["'.]{0,2} ?[:=(]? ?["']?(?: ?(?:is|was|am|on|the|le|el|em|il|op|den|dnia|día) ?){0,3}|\?[^\d]{0,30}|[ \p{L},']{1,30} (?:on|am|le|el|op|em|il|dnia) (?:the )?)$/iu
const date = new RegExp(dateSource, 'iu')
const reach = 60
/** A date that tells the year only. */
const isGeneral = (written: string): boolean =>
  written.toLowerCase() === firstOfJanuary(written).toLowerCase()

export const dateOfBirth: Detector = {
  kind: 'date-of-birth',
  group: 'person',
  title: 'date of birth',
  covers: 'a date after "born", "DOB", "date of birth" and their like in nine languages',
  misses: 'other dates; a date without such a word before it; the first of January, which tells a year only',
  words: {
    list: words,
    find({ text }, start, end, found) {
      // d.o.b. comes as three words.
      if (end - start === 1 && !/d\.o\.$/i.test(text.slice(Math.max(0, start - 4), start))) return
      const near = text.slice(end, end + reach)
      const match = date.exec(near)
      if (match === null || isGeneral(match[0]) || !lead.test(near.slice(0, match.index))) return
      const from = end + match.index
      found(from, from + match[0].length)
    },
  },
  pseudonym: firstOfJanuary,
}
