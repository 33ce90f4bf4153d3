/** `12,345`. */
export const countText = (count: number): string => Math.round(count).toLocaleString('en-US')

/** `1 record`, `2 records`. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${countText(count)} ${count === 1 ? one : many}`

/** `93 MB`, `1.5 GB`, in powers of ten as disks and downloads are sold. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const units = ['kB', 'MB', 'GB', 'TB']
  let value = bytes / 1000
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${value < 9.95 ? value.toFixed(1) : value.toFixed(0)} ${units[unit] ?? ''}`
}

/** `4.9 M`, `134 M`, `1.5 B`: numbers in a model. */
export function parametersText(count: number): string {
  const [value, unit] =
    count < 999_500 ? [count / 1e3, 'K'] : count < 999_500_000 ? [count / 1e6, 'M'] : [count / 1e9, 'B']
  return count < 1000
    ? String(count)
    : `${value < 99.5 ? Number(value.toFixed(1)) : value.toFixed(0)} ${unit}`
}

/** `4 s`, `2 min 16 s`, `1 h 05 min`. */
export function secondsText(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?'
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`
}

/** `8.9e-4`, `1e-3`, `0`. */
export const rateText = (rate: number): string =>
  rate === 0 ? '0' : rate.toExponential(1).replace('.0e', 'e')

const two = (number: number): string => String(number).padStart(2, '0')
