import { countText, durationText, scoreText } from '../number-text.ts'
import type { Interval } from '../statistics/interval.ts'
import type { FigureTexts } from './row-table.ts'

/** `93.8 %`, `0.92`, `420 ms`, `1,234`. */
export function figureText(value: number, format: FigureTexts['format']): string {
  if (Number.isNaN(value)) return 'not measured'
  if (format === 'percent' || format === 'fraction') return scoreText(value, format)
  if (format === 'number') return numberText(value)
  return value < 9_995 ? `${countText(value)} ms` : durationText(value)
}

/** The size of a difference: `2.1 points`, `0.02`, `35 ms`. */
export function sizeText(value: number, format: FigureTexts['format']): string {
  const size = Math.abs(value)
  if (format === 'percent') return `${(size * 100).toFixed(1)} points`
  return format === 'fraction' ? size.toFixed(3) : figureText(size, format)
}

/** `−0.4 to 2.1 points`: the interval of a difference. */
export function rangeText({ lower, upper }: Interval, format: FigureTexts['format']): string {
  const [low, high] = [lower, upper].map((end) => `${end < 0 ? '−' : ''}${sizeText(end, format)}`)
  return `${low!.replace(' points', '')} to ${high}`
}

const numberText = (value: number): string =>
  Math.abs(value) >= 100 ? countText(value) : String(Number(value.toPrecision(3)))
