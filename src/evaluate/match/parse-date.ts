import type { DateOrder } from './matcher.ts'

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

const monthNames = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
]

const yearFirst = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ]\d{1,2}:\d{2}.*)?$/
const compact = /^(\d{4})(\d{2})(\d{2})$/
const yearLast = /^(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4})$/
const dayMonth = /^(\d{1,2})(?:st|nd|rd|th)?\.?\s+(?:of\s+)?([a-z]+)\.?,?\s+(\d{4})$/
const monthDay = /^([a-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$/

/**
 * The day that a text names, as `2025-03-01`; undefined where it names none, or none for sure: `01/02/2025` needs an order,
 * `13/02/2025` does not, and days with dots have the day first.
 */
export function parseDate(text: string, order?: DateOrder): string | undefined {
  const written = text.trim().toLowerCase()
  const first = yearFirst.exec(written) ?? compact.exec(written)
  if (first !== null) return dayText(Number(first[1]), Number(first[2]), Number(first[3]))
  const last = yearLast.exec(written)
  if (last !== null) {
    const [a, b, year] = [Number(last[1]), Number(last[3]), Number(last[4])]
    const dayFirst = last[2] === '.' || order === 'day-first' || (order === undefined && (a > 12 || a === b))
    if (dayFirst) return dayText(year, b, a)
    return order === 'month-first' || b > 12 ? dayText(year, a, b) : undefined
  }
  const named = dayMonth.exec(written)
  if (named !== null) return dayText(Number(named[3]), monthOf(named[2] ?? ''), Number(named[1]))
  const american = monthDay.exec(written)
  if (american !== null) return dayText(Number(american[3]), monthOf(american[1] ?? ''), Number(american[2]))
  return undefined
}

/** 1 to 12, 0 for what is no month. English, in full or by three letters or `sept`. */
function monthOf(name: string): number {
  const short = name === 'sept' ? 'sep' : name
  return Math.max(months.indexOf(short), monthNames.indexOf(name)) + 1
}

function dayText(year: number, month: number, day: number): string | undefined {
  const date = new Date(Date.UTC(year, month - 1, day))
  // The 31st of February would become a day of March.
  const real = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && date.getUTCFullYear() === year
  return real ? date.toISOString().slice(0, 10) : undefined
}
