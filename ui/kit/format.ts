/** The reader's own way to write numbers; the words of the page are English. */
const numbers = (options: Intl.NumberFormatOptions): Intl.NumberFormat =>
  new Intl.NumberFormat(undefined, options)

const whole = numbers({ maximumFractionDigits: 0 })
const short = numbers({ notation: 'compact', maximumFractionDigits: 1 })

/** `1,204`. */
export const formatCount = (value: number): string => whole.format(value)

/** `1.2M`, for axes and narrow places; the whole number belongs in a title. */
export const formatShort = (value: number): string => short.format(value)

/** As many digits as tell something: `0.0123`, `1.94`, `130`. */
export const formatNumber = (value: number, digits = 3): string =>
  Number.isFinite(value) ? numbers({ maximumSignificantDigits: digits }).format(value) : '–'

/** Of a share between 0 and 1: `93.8%`. */
export const formatPercent = (share: number, digits = 1): string =>
  Number.isFinite(share)
    ? numbers({ style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits }).format(
        share,
      )
    : '–'

const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const

/** In powers of 1000, as disks are sold: `98 MB`. */
export function formatBytes(bytes: number): string {
  let value = bytes
  let at = 0
  while (value >= 999.5 && at < units.length - 1) {
    value /= 1000
    at++
  }
  return `${numbers({ maximumFractionDigits: value < 10 && at > 0 ? 1 : 0 }).format(value)} ${units[at]}`
}

/** Of milliseconds: `420 ms`, `18 s`, `2 min 16 s`, `3 h 5 min`, `2 d 4 h`. */
export function formatDuration(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return '–'
  if (milliseconds < 1000) return `${whole.format(Math.max(0, milliseconds))} ms`
  const seconds = Math.round(milliseconds / 1000)
  if (milliseconds < 10_000) return `${numbers({ maximumFractionDigits: 1 }).format(milliseconds / 1000)} s`
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return joined(Math.floor(seconds / 60), 'min', seconds % 60, 's')
  const minutes = Math.round(seconds / 60)
  if (minutes < 1440) return joined(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
  const hours = Math.round(minutes / 60)
  return joined(Math.floor(hours / 24), 'd', hours % 24, 'h')
}

const joined = (large: number, largeUnit: string, small: number, smallUnit: string): string =>
  small === 0
    ? `${whole.format(large)} ${largeUnit}`
    : `${whole.format(large)} ${largeUnit} ${small} ${smallUnit}`

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const steps: readonly (readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number])[] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
]

/** `3 minutes ago`, `yesterday`; a date where it is more than a month away. Both in milliseconds since 1970. */
export function formatRelative(time: number, now: number): string {
  const seconds = Math.round((time - now) / 1000)
  const distance = Math.abs(seconds)
  if (distance < 5) return 'now'
  if (distance > 30 * 86_400) return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' }).format(time)
  const [unit, length] = steps.find(([, each]) => distance >= each) ?? (['second', 1] as const)
  return relative.format(Math.round(seconds / length), unit)
}

/** To the second, with the time zone. */
export const formatAbsolute = (time: number): string =>
  new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' }).format(time)
