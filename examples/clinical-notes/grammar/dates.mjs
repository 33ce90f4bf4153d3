const months = [
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
  'December',
]
const day = 86_400_000
const words = ['', 'one', 'two', 'three', 'four', 'five', 'six']

export const isoDate = (date) => date.toISOString().slice(0, 10)

export const later = (date, days) => new Date(date.getTime() + days * day)

/** A date as doctors write it. */
export function writtenDate(date, random) {
  const [year, month, dayOfMonth] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
  const name = months[month]
  const forms = [
    `${dayOfMonth} ${name} ${year}`,
    `${name} ${dayOfMonth}, ${year}`,
    `${dayOfMonth} ${name.slice(0, 3)} ${year}`,
    isoDate(date),
    `${dayOfMonth}-${name.slice(0, 3)}-${year}`,
  ]
  return forms[random.integer(forms.length)]
}

/** The day of a visit, and what is said about the next one. */
export function drawDates(random) {
  const visit = later(new Date(Date.UTC(2025, 0, 6)), random.integer(480))
  const kind = random.next()
  if (kind < 0.12) return { visit, followUp: null }
  if (kind < 0.3) {
    const weeks = 1 + random.integer(4)
    const when =
      weeks === 1 && random.chance(0.5) ? 'in a week' : `in ${words[weeks]} week${weeks === 1 ? '' : 's'}`
    return { visit, followUp: later(visit, 7 * weeks), when }
  }
  const followUp = later(visit, 3 + random.integer(90))
  return { visit, followUp, when: `on ${writtenDate(followUp, random)}`.replace('on on', 'on') }
}
