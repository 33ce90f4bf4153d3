/** Names of months in nine languages, from January on, whole or cut. */
const monthNames = [
  'jan(?:uary|uar|vier|uari|eiro)?|janv|enero|ene|gennaio|gen|stycznia|styczeń|jänner|ener',
  'feb(?:ruary|ruar|braio|rero|ruari)?|févr(?:ier)?|fevereiro|fev|lutego|luty',
  'mar(?:ch|s|zo|ço|ca|zec)?|märz|mrz|maart|mrt',
  'apr(?:il|ile)?|avr(?:il)?|abr(?:il)?|kwietnia',
  'may|mai|mayo|maggio|mag|mei|maio|maja|maj',
  'jun(?:e|i|io|ho)?|juin|giu(?:gno)?|czerwca',
  'jul(?:y|i|io|ho)?|juil(?:let)?|lug(?:lio)?|lipca',
  'aug(?:ust|ustus)?|août|ago(?:sto)?|sierpnia',
  'sep(?:t|tember|tembre|tiembre|temb)?|set(?:tembre|embro)?|września',
  'o[ck]t(?:ober|obre|ubre|oktober)?|ott(?:obre)?|out(?:ubro)?|października',
  'nov(?:ember|embre|iembre|embro)?|listopada',
  'de[cz](?:ember|embro)?|déc(?:embre)?|dic(?:embre|iembre)?|grudnia',
]
const month = `(?:${monthNames.join('|')})\\.?`
const year = '(?:19|20|18)\\d\\d'

/** A date that has a day, a month and a year, in figures or with the month's name. */
export const dateSource: string = [
  '\\d{1,2}[./-]\\d{1,2}[./-](?:(?:18|19|20)?\\d\\d)(?!\\d)',
  `${year}[./-]\\d{1,2}[./-]\\d{1,2}(?!\\d)`,
  `\\d{1,2}(?:st|nd|rd|th|er|º|ª|\\.)?[ -](?:of |de )?${month}[ ,-]{1,2}(?:de |del )?${year}(?!\\d)`,
  `${month} \\d{1,2}(?:st|nd|rd|th)?,? ${year}(?!\\d)`,
].join('|')

/** The same date's form on the first of January of its year. */
export function firstOfJanuary(date: string): string {
  if (/^\d{4}/.test(date)) {
    return date.replace(
      /^(\d{4}[./-])(\d{1,2})([./-])(\d{1,2})/,
      (_all, start: string, m: string, mark: string, d: string) => start + one(m) + mark + one(d),
    )
  }
  if (/^\d{1,2}[./-]\d/.test(date)) {
    return date.replace(
      /^(\d{1,2})([./-])(\d{1,2})/,
      (_all, d: string, mark: string, m: string) => one(d) + mark + one(m),
    )
  }
  const found = new RegExp(year).exec(date)?.[0] ?? ''
  return /^\d/.test(date) ? `1 January ${found}` : `January 1, ${found}`
}

const one = (digits: string): string => '1'.padStart(digits.length, '0')
