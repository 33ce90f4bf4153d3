import { capitalise, expand } from './expand.mjs'
import * as shared from './shared.mjs'

const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
]

const dateForms = [
  (day, month) => `${day} ${monthNames[month]}`,
  (day, month) => `${monthNames[month]} ${day}`,
  (day, month) => `${day} ${monthNames[month].slice(0, 3)}`,
  (day, month) => `${day}.${month + 1}.`,
  (day, month) => `${day} ${monthNames[month]} 2026`,
  (day, month) => `the ${day}th of ${monthNames[month]}`,
  (day, month) => `${String(day).padStart(2, '0')}/${String(month + 1).padStart(2, '0')}/26`,
  (day, month) => `2026-${String(month + 1).padStart(2, '0')}-${String(day).padStart(2, '0')}`,
]

const moneyForms = [
  (text) => `${text} euros`,
  (text) => `€${text}`,
  (text) => `£${text}`,
  (text) => `${text} EUR`,
  (text) => `$${text}`,
  (text) => `${text} pounds`,
  (text) => `EUR ${text}`,
  (text) => `GBP ${text}`,
]

/** What stands behind `<name>` in a phrase. `amount` draws one sum and remembers it for the rationale. */
export function createSlots(random, deal) {
  const slots = {}
  const pool = (name, items) => () => deal(name, items)
  const grammar = (name, items) => () => expand(deal(name, items).text, { deal, slots })
  // 13 to 19 always take "th" and cannot be read as a month.
  const day = () => 13 + random.integer(7)
  const date = () => deal('date form', dateForms)(day(), random.integer(10))
  const digits = (count) => Array.from({ length: count }, () => random.integer(10)).join('')
  const letter = () => 'ABCDEFGHKLMNPRTVWX'[random.integer(18)]

  Object.assign(slots, {
    street: pool('streets', shared.streets),
    town: pool('towns', shared.towns),
    shop: pool('shops', shared.shops),
    abroad: pool('abroad', shared.abroad),
    snow: pool('snow', shared.snow),
    mycar: pool('cars', shared.cars),
    day: pool('days', shared.days),
    month: pool('months', shared.months),
    name: pool('names', shared.names),
    when: grammar('when', shared.when),
    date,
    ref: () =>
      deal('reference form', [() => `${digits(4)}/26`, () => `${letter()}${digits(5)}`, () => digits(6)])(),
    claim: () =>
      deal('claim form', [
        () => `C-${digits(5)}`,
        () => `claim ${digits(6)}`,
        () => `case ${letter()}${digits(4)}`,
      ])(),
    policy: () =>
      deal('policy form', [
        () => `${letter()}${letter()}-${digits(5)}-${digits(1)}`,
        () => `${digits(4)} ${digits(4)}`,
        () => `${letter()}${digits(2)}-${digits(5)}`,
        () => `${digits(6)}-${letter()}`,
        () => `${digits(3)}.${digits(3)}.${digits(2)}`,
      ])(),
  })

  /** Fixes `<earlier>` and `<later>` for one message, in one form, at least three weeks apart. */
  const datePair = () => {
    const form = deal('date pair form', dateForms)
    const first = random.integer(9)
    const second = first + 1 + random.integer(Math.min(4, 10 - first))
    const [earlierDay, laterDay] = [day(), day()]
    return { earlier: () => form(earlierDay, first), later: () => form(laterDay, second) }
  }

  const amountOf = (size) => {
    const value =
      size === 'small'
        ? 140 + random.integer(random.chance(0.5) ? 900 : 4_200)
        : 5_700 + random.integer(24_000)
    const rounded = random.chance(0.5) ? Math.round(value / 50) * 50 : value
    const text = random.chance(0.6) ? rounded.toLocaleString('en-GB') : String(rounded)
    return deal('money form', moneyForms)(text)
  }

  return {
    slots,
    datePair,
    amountOf,
    say: (text, more = {}) =>
      capitalise(
        expand(text, { deal, slots: { ...slots, ...more } })
          .replace(/ {2,}/g, ' ')
          .replace(/ (?=[,.:])/g, '')
          .replaceAll('..', '.'),
      ),
  }
}
