import type { Evaluation } from '../evaluation.ts'
import { costText, countText, durationText, scoreText } from '../number-text.ts'
import { clipped } from '../shortened.ts'
import { html, noHtml, type Html } from './html.ts'
import { paretoPoints, type ParetoPoint, type ParetoPoints } from './pareto-front.ts'
import { scrollBox } from './scroll-box.ts'

const size = { width: 720, height: 280, left: 56, right: 24, top: 16, bottom: 44 }

/** Each candidate by what it costs and how good it is, with the front of those that none beats in both. */
export function paretoSection(evaluation: Evaluation): Html {
  const found = paretoPoints(evaluation)
  if (found === undefined) return noHtml
  const { measure, points } = found
  const [headline] = evaluation.metrics
  const cost = costFormat(measure)
  const top = Math.max(...points.map((point) => point.cost)) * 1.08
  const ends = points.flatMap(({ quality, interval }) => [
    quality,
    ...(interval === null ? [] : [interval.lower, interval.upper]),
  ])
  const low = Math.floor(Math.min(...ends) * 10) / 10
  const high = Math.max(low + 0.1, Math.ceil(Math.max(...ends) * 10) / 10)
  const x = (value: number): number => size.left + (value / top) * (size.width - size.left - size.right)
  const y = (value: number): number =>
    size.height - size.bottom - ((value - low) / (high - low)) * (size.height - size.top - size.bottom)
  const front = points.filter(({ isOnFront }) => isOnFront).toSorted((a, b) => a.cost - b.cost)
  const labels = labelPlaces(points, y)
  const ticks = [0, 1, 2, 3, 4].map((part) => low + ((high - low) * part) / 4)
  return html`<h2>Quality against cost <small>${headline.title} by ${measure}</small></h2>
    <figure>
      ${scrollBox(
        `Chart of ${headline.title} by ${measure}`,
        html`<svg
          viewBox="0 0 ${size.width} ${size.height}"
          role="img"
          aria-label="${spoken(points, found, headline)}"
        >
          ${ticks.map((value) => html`<line class="grid" x1="${size.left}" x2="${size.width - size.right}" y1="${y(value).toFixed(1)}" y2="${y(value).toFixed(1)}" /><text x="${size.left - 6}" y="${(y(value) + 4).toFixed(1)}" text-anchor="end">${headline.format === 'percent' ? `${Math.round(value * 100)} %` : value.toFixed(2)}</text>`)}
          ${roundSteps(top).map((value) => html`<text x="${x(value).toFixed(1)}" y="${size.height - size.bottom + 16}" text-anchor="middle">${cost(value)}</text>`)}
          <text x="${size.width - size.right}" y="${size.height - 8}" text-anchor="end">${measure} →</text>
          <polyline
            class="front"
            points="${front.map((point) => `${x(point.cost).toFixed(1)},${y(point.quality).toFixed(1)}`).join(' ')}"
          />
          ${points.map((point, at) => mark(point, x(point.cost), y, labels[at]!))}
        </svg>`,
      )}
      <figcaption>${frontText(front)} Lines are intervals of the score.</figcaption>
    </figure>`
}

function mark(point: ParetoPoint, x: number, y: (value: number) => number, label: number): Html {
  const { interval, quality, isOnFront, title } = point
  const isRight = x > size.width * 0.7
  const range =
    interval === null
      ? noHtml
      : html`<line
          class="reach"
          x1="${x.toFixed(1)}"
          x2="${x.toFixed(1)}"
          y1="${y(interval.lower).toFixed(1)}"
          y2="${y(interval.upper).toFixed(1)}"
        />`
  return html`${range}<circle
      class="${isOnFront ? 'dot' : 'dominated'}"
      cx="${x.toFixed(1)}"
      cy="${y(quality).toFixed(1)}"
      r="5"
    /><text
      class="name"
      x="${(isRight ? x - 10 : x + 10).toFixed(1)}"
      y="${(label + 4).toFixed(1)}"
      text-anchor="${isRight ? 'end' : 'start'}"
    >
      ${clipped(title, 30)}
    </text>`
}

/** About four round numbers from 0 up to the top. */
function roundSteps(top: number): number[] {
  const power = 10 ** Math.floor(Math.log10(top / 4))
  const step = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= top / 4) ?? 10 * power
  return Array.from({ length: Math.floor(top / step) + 1 }, (_, at) => at * step)
}

/** Heights of the names: beside their points, but no two on one line. */
function labelPlaces(points: readonly ParetoPoint[], y: (value: number) => number): number[] {
  const places = points.map(({ quality }) => y(quality))
  const order = places.map((_, at) => at).toSorted((a, b) => places[a]! - places[b]!)
  let last = -Infinity
  for (const at of order) {
    places[at] = Math.max(places[at]!, last + 14)
    last = places[at]!
  }
  return places
}

function frontText(front: readonly ParetoPoint[]): string {
  const names = front.map(({ title }) => clipped(title, 60)).join(', ')
  return `No other candidate is both better and cheaper than ${names}: the Pareto front.`
}

function spoken(
  points: readonly ParetoPoint[],
  { measure }: ParetoPoints,
  headline: Evaluation['metrics'][0],
): string {
  const cost = costFormat(measure)
  const texts = points.map(
    (point) =>
      `${clipped(point.title, 60)} ${scoreText(point.quality, headline.format)} at ${cost(point.cost)}`,
  )
  return `${headline.title} by ${measure}: ${texts.join(', ')}`
}

function costFormat(measure: ParetoPoints['measure']): (value: number) => string {
  if (measure === 'cost of 1,000 queries') return costText
  return measure === 'p50 latency' ? durationText : countText
}
