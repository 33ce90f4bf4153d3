import type { MeasuredMetric } from '../../api/client.ts'
import { formatNumber, formatPercent } from '../../kit/format.ts'

type Format = MeasuredMetric['format']
interface Range {
  readonly lower: number
  readonly upper: number
}

const two = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 })

/** `93.8%` or `0.92`. */
export const scoreText = (value: number, format: Format): string =>
  format === 'percent' ? formatPercent(value) : Number.isFinite(value) ? two.format(value) : '–'

/** `87–97%` or `0.85–0.96`; what has no spread has no interval. */
export function intervalText(interval: Range | null, format: Format): string {
  if (interval === null) return 'no spread'
  const { lower, upper } = interval
  if (format === 'fraction') return `${two.format(lower)}–${two.format(upper)}`
  const digits = upper - lower < 0.02 ? 1 : 0
  return `${formatPercent(lower, digits).replace(/\s?%$/, '')}–${formatPercent(upper, digits)}`
}

/** `+62.5 points` or `−0.12`. */
export function differenceText(value: number, format: Format): string {
  const sign = value > 0 ? '+' : value < 0 ? '−' : '±'
  const size = Math.abs(value)
  return format === 'percent' ? `${sign}${(size * 100).toFixed(1)} points` : `${sign}${two.format(size)}`
}

/** `51 to 73`, in points for percent. */
export function differenceRange(interval: Range | null, format: Format): string {
  if (interval === null) return 'no spread'
  const end = (value: number): string => {
    const text = format === 'percent' ? Math.abs(value * 100).toFixed(1) : two.format(Math.abs(value))
    return value < 0 ? `−${text}` : text
  }
  return `${end(interval.lower)} to ${end(interval.upper)}`
}

/** `p < 0.001`. */
export const pText = (value: number): string =>
  value < 0.001 ? 'p < 0.001' : `p = ${formatNumber(value, 2)}`

/** `$0.42` for a thousand queries. */
export const dollars = (value: number): string =>
  value === 0 ? '$0' : `$${value >= 0.1 ? value.toFixed(2) : formatNumber(value, 2)}`
