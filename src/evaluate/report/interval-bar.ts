import type { Interval } from '../statistics/interval.ts'
import { html, noHtml, type Html } from './html.ts'

const length = 136
const inset = 4

/** A number with its interval on a track from `low` to `high`; a tick at zero when zero lies inside. */
export function intervalBar(value: number, interval: Interval | null, low: number, high: number): Html {
  const at = (number: number): string =>
    (inset + ((Math.min(Math.max(number, low), high) - low) / (high - low)) * (length - 2 * inset)).toFixed(1)
  const range =
    interval === null
      ? noHtml
      : html`<rect
          class="range"
          x="${at(interval.lower)}"
          y="3"
          width="${Math.max(1, Number(at(interval.upper)) - Number(at(interval.lower))).toFixed(1)}"
          height="6"
        />`
  const zero = low < 0 ? html`<line class="zero" x1="${at(0)}" x2="${at(0)}" y1="0" y2="12" />` : noHtml
  return html`<svg class="bar" viewBox="0 0 ${length} 12" aria-hidden="true">
    <line class="track" x1="${inset}" x2="${length - inset}" y1="6" y2="6" />
    ${zero}${range}
    <circle class="dot" cx="${at(value)}" cy="6" r="3" />
  </svg>`
}
