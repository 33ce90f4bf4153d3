import { matchAt } from '../context.ts'
import type { Detector } from '../detector.ts'

const old = '(?:9\\d|1[0-2]\\d)'
const english = new RegExp(`(?<![\\d.,$€£])${old}[ -](?:year|yr)s?[ -]old(?!\\p{L})`, 'iu')
const yearsOld = new RegExp(
  `(?<![\\d.,])${old}(?: Jahren?(?: alte?[rn]?)| años de edad| anni di età| jaar oud| lat ma)(?!\\p{L})`,
  'iu',
)
const jaehrig = new RegExp(`(?<![\\d.,])${old}[ -]?jährige?[rns]?(?!\\p{L})`, 'iu')
const aged = new RegExp(`aged ${old}(?![.,]\\d|[\\d+%])`, 'iuy')
const label = new RegExp(
  `(?:age|alter|edad|âge|età)["']?(?: ?[:=] ?["']?| (?:is|of) )(${old})(?!\\d|[.,%]\\d|-\\d|\\+| ?%)`,
  'iuy',
)
const romance = new RegExp(`âgée?s? de (${old} ans)|de (${old} años) de edad`, 'iu')

/** Ages that HIPAA's safe harbour (45 CFR 164.514(b)(2)(i)(C)) gathers into "90 or older". */
export const age: Detector = {
  kind: 'age',
  group: 'person',
  title: 'age of 90 or more',
  covers:
    'in figures, as "94-year-old", "aged 94", "Age: 94", and in German, French, Spanish, Italian and Dutch forms',
  misses: 'in words; ages below 90, which are not looked for',
  words: {
    list: [
      'year',
      'years',
      'yr',
      'yrs',
      'jahre',
      'jahren',
      'jährige',
      'jähriger',
      'jährigen',
      'ans',
      'años',
      'anni',
      'jaar',
      'lat',
      'aged',
      'age',
      'alter',
      'edad',
      'âge',
      'età',
    ],
    find({ text }, start, end, found) {
      const ahead = matchAt(aged, text, start)
      if (ahead !== null) return found(start, start + ahead[0].length)
      const named = matchAt(label, text, start)
      if (named?.[1] !== undefined) {
        const to = start + named[0].length
        return found(to - named[1].length, to)
      }
      const from = Math.max(0, start - 16)
      const near = text.slice(from, end + 16)
      for (const pattern of [english, yearsOld, jaehrig, romance]) {
        const match = pattern.exec(near)
        if (match === null) continue
        const value = match[1] ?? match[2] ?? match[0]
        const at = from + match.index + match[0].indexOf(value)
        return found(at, at + value.length)
      }
    },
  },
  pseudonym: (value) => value.replace(/\d+/, '90+'),
}
