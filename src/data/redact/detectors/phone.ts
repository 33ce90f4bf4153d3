import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max'
import { anyWord, wordsBefore } from '../context.ts'
import type { Detector, DetectorInput } from '../detector.ts'
import { drawDigits, inFormOf } from '../fill-form.ts'
import { digitsOf, standsFree, type NumberRun } from '../number-run.ts'

const certain = anyWord([
  'phone(?: number| no\\.?)?',
  'tel(?:[eé]fono|efon|[eé]phone|efone|efoon|\\.)?',
  'mobile',
  'cell(?:phone)?',
  'fax',
  'whatsapp',
  'sms',
  'handy(?:nummer)?',
  'rufnummer',
  'm[oó]vil',
  'cellulare',
  'celular',
  'gsm',
  'kom[oó]rk\\w+',
  'portable',
])
const likely = anyWord([
  'call(?:ed|er)?(?: me)?(?: on| at)?',
  'reach',
  'dial',
  'te?xt(?: me)?(?: at| on)?',
  'dzwoni\\w*(?: pod)?',
  '(?<=(?:^|my|his|her|their|our|your|the|this|that|new|contact|at|on) )number',
  "num[eé]ro(?! d[e'’])",
  'n[uú]mero',
  'nummer',
  'numero',
  'ruf\\w*',
  'appel\\w+',
  'll[aá]m\\w+',
  'chiam\\w+',
  'bel(?: mij)?',
  'contact',
  'hotline',
  'landline',
])

/** Where numbers without a country are looked up. */
const countries: readonly CountryCode[] = [
  'US',
  'GB',
  'DE',
  'FR',
  'ES',
  'IT',
  'NL',
  'PL',
  'BR',
  'AU',
  'IN',
  'CH',
]

/** Numbers that are never given to anybody: 555-01xx in North America, 07700 900xxx in the UK (Ofcom). */
const isReserved = (digits: string): boolean =>
  /^1?[2-9]\d\d55501\d\d$/.test(digits) || /^(?:0|44|440)7700900\d{3}$/.test(digits)

/** A record is looked at several times until nothing more is found, and the library takes a tenth of a millisecond. */
const judged = new Map<string, boolean>()
const mostJudged = 5_000

function isValidIn(value: string, country?: CountryCode): boolean {
  const key = `${country ?? ''} ${value}`
  const known = judged.get(key)
  if (known !== undefined) return known
  const settings = { ...(country === undefined ? {} : { defaultCountry: country }), extract: false }
  const isValid = parsePhoneNumberFromString(value, settings)?.isValid() ?? false
  if (judged.size >= mostJudged) judged.clear()
  judged.set(key, isValid)
  return isValid
}

/** Digits that may be a phone number where no country is written: how sure the form alone makes it. */
function isPhone(value: string, { text, country }: DetectorInput, start: number): boolean {
  const digits = digitsOf(value)
  if (isReserved(digits)) return false
  if (value.startsWith('+')) return isValidIn(value)
  if (/^00[1-9]/.test(digits) && isValidIn(`+${digits.slice(2)}`)) return true
  const home = country as CountryCode | undefined
  const groups = value.split(/\D+/).filter((part) => part !== '').length
  if (home !== undefined && groups > 1 && isValidIn(value, home)) return true
  // A year, a date or a time that a number happens to follow.
  if (/^(?:19|20)\d\d\D/.test(value) || /^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b/.test(value)) return false
  if (/^\(?[2-9]\d\d(?:\)[ .-]?|[.-])[2-9]\d\d[ .-]\d{4}$/.test(value)) return isValidIn(value, 'US')
  if (/^\(?0/.test(value) && groups > 1 && digits.length >= 9 && digits.length <= 12) {
    return countries.some((each) => isValidIn(value, each))
  }
  if (digits.length < 8 && groups < 2) return false
  // A word speaks of the number after it, and not of the one after that.
  const reach = lettersBefore(text, start)
  if (wordsBefore(certain, text, start, reach)) return digits.length >= 7 && !/^0{4}/.test(digits)
  return wordsBefore(likely, text, start, reach) && countries.some((each) => isValidIn(value, each))
}

function lettersBefore(text: string, start: number): number {
  let at = start
  while (at > 0 && start - at < 30 && !/\d/.test(text.charAt(at - 1))) at--
  return start - at
}

/** Where a number may begin: a plus or a bracket belongs to it. */
function beginning(text: string, at: number): number {
  if (text.charAt(at - 1) === '(') return text.charAt(at - 2) === '+' ? at - 2 : at - 1
  return text.charAt(at - 1) === '+' ? at - 1 : at
}

const longestRows = 6

/** Four groups of four are a card's: what the card's detector leaves alone there is a number for tests, and its half no phone. */
const isGroupedAsCard = ({ starts, ends }: NumberRun, first: number): boolean =>
  [0, 1, 2, 3].every((group) => (ends[first + group] ?? 0) - (starts[first + group] ?? 0) === 4)

function findPhones(input: DetectorInput, run: NumberRun, found: (start: number, end: number) => void): void {
  const { text } = input
  for (let first = 0; first < run.starts.length; first++) {
    const start = beginning(text, run.starts[first]!)
    // Inside a longer row of numbers, only what can hardly be anything else.
    if (first > 0 && !/^[+(]|^\d{3}[.-]\d{3}[.-]\d{4}/.test(text.slice(start, start + 12))) continue
    if (isGroupedAsCard(run, first)) {
      first += 3
      continue
    }
    const free = first === 0 ? standsFree(text, start, -1) : /[\s(+]/.test(text.charAt(start - 1) || ' ')
    if (!free || text.charAt(start - 1) === '#') continue
    for (let last = Math.min(run.starts.length, first + longestRows) - 1; last >= first; last--) {
      const end = run.ends[last]!
      const closes = last === run.starts.length - 1 ? standsFree(text, end, 1) : text.charAt(end) === ' '
      const length = end - start
      if (!closes || length < 7 || length > 24) continue
      const value = text.slice(start, end)
      const digits = digitsOf(value).length
      if (digits < 7 || digits > 15 || !isPhone(value, input, start)) continue
      found(start, end)
      first = last
      break
    }
  }
}

export const phone: Detector = {
  kind: 'phone',
  group: 'contact',
  title: 'phone number',
  covers:
    'with a country code; in the forms of North America; with a leading 0 in groups; any after a word such as "phone"; national forms of --country',
  misses: 'without groups, country code or a word before it; in words; short numbers such as 112',
  numbers: { least: 7, find: findPhones },
  normalized: digitsOf,
  pseudonym(value, random) {
    const digits = digitsOf(value)
    if (/^(?:0044|44|0)7\d{9}$/.test(digits)) {
      return inFormOf(value, `${digits.slice(0, -10)}7700900${drawDigits(random, 3)}`)
    }
    const areas = [202, 212, 303, 312, 404, 415, 503, 512, 602, 617, 702, 713, 808, 907]
    const made = `${areas[random.integer(areas.length)]}55501${drawDigits(random, 2)}`
    if (/^\d{10}$/.test(digits) && !digits.startsWith('0')) return inFormOf(value, made)
    return `+1 ${made.slice(0, 3)}-555-${made.slice(6)}`
  },
}
