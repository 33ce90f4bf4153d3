import { useEffect, useRef, useState } from 'react'
import type { MeasuredCandidate, MeasuredMetric } from '../../api/client.ts'
import { formatNumber } from '../../kit/format.ts'
import { paretoPoints, type ParetoPoint } from './pareto-front.ts'
import { dollars, intervalText, scoreText } from './score-text.ts'

const size = { height: 300, left: 64, right: 24, top: 16, bottom: 48 }
/** Pixels: as much as there is, between these. */
const narrowest = 300
const widest = 720

/** Each candidate by what it takes and how good it is. The table of candidates has the same numbers. */
export function ParetoChart({
  candidates,
  metric,
}: {
  readonly candidates: readonly MeasuredCandidate[]
  readonly metric: MeasuredMetric | undefined
}) {
  const frame = useRef<HTMLElement>(null)
  const [width, setWidth] = useState(widest)
  const found = paretoPoints(candidates, metric)
  const isShown = found !== undefined && metric !== undefined
  useEffect(() => {
    const element = frame.current
    if (element === null) return undefined
    const measured = new ResizeObserver(() =>
      setWidth(Math.max(narrowest, Math.min(widest, element.clientWidth))),
    )
    measured.observe(element)
    return () => measured.disconnect()
  }, [isShown])
  if (found === undefined || metric === undefined) return null
  const { measure, points } = found
  const axis = measure === 'cost' ? 'US dollars for 1,000 queries' : 'tokens per query'
  const costText = measure === 'cost' ? dollars : (value: number) => formatNumber(value, 3)
  const most = Math.max(...points.map(({ cost }) => cost), 1e-9) * 1.08
  const ends = points.flatMap(({ quality, interval }) => [
    quality,
    ...(interval === null ? [] : [interval.lower, interval.upper]),
  ])
  const low = Math.floor(Math.min(...ends) * 10) / 10
  const high = Math.max(low + 0.1, Math.ceil(Math.max(...ends) * 10) / 10)
  const x = (value: number): number => size.left + (value / most) * (width - size.left - size.right)
  const y = (value: number): number =>
    size.height - size.bottom - ((value - low) / (high - low)) * (size.height - size.top - size.bottom)
  const front = points.filter(({ isOnFront }) => isOnFront).toSorted((a, b) => a.cost - b.cost)
  const spoken = points
    .map(({ title, quality, cost }) => `${title}: ${scoreText(quality, metric.format)} at ${costText(cost)}`)
    .join('; ')
  const places = labelPlaces(points, x, y)
  const mostLetters = Math.floor(width / 22)
  return (
    <figure className="pareto" ref={frame}>
      <div
        className="table-frame"
        role="region"
        aria-label={`Chart of ${metric.title} by ${axis}`}
        tabIndex={0}
      >
        <svg
          viewBox={`0 0 ${width} ${size.height}`}
          role="img"
          aria-label={`${metric.title} by ${axis}. ${spoken}`}
        >
          {[0, 1, 2, 3, 4].map((part) => {
            const value = low + ((high - low) * part) / 4
            return (
              <g key={part}>
                <line className="grid" x1={size.left} x2={width - size.right} y1={y(value)} y2={y(value)} />
                <text x={size.left - 8} y={y(value) + 4} textAnchor="end">
                  {scoreText(value, metric.format)}
                </text>
              </g>
            )
          })}
          {roundSteps(most).map((value) => (
            <text key={value} x={x(value)} y={size.height - size.bottom + 18} textAnchor="middle">
              {costText(value)}
            </text>
          ))}
          <text x={width - size.right} y={size.height - 8} textAnchor="end">
            {axis} →
          </text>
          <polyline
            className="front"
            points={front.map(({ cost, quality }) => `${x(cost)},${y(quality)}`).join(' ')}
          />
          {points.map(({ id, title, cost, quality, interval, isOnFront }, at) => {
            const isRight = x(cost) > width * 0.55
            return (
              <g key={id}>
                <title>{`${title}: ${scoreText(quality, metric.format)} (${intervalText(interval, metric.format)}), ${costText(cost)}`}</title>
                {interval !== null && (
                  <line
                    className="reach"
                    x1={x(cost)}
                    x2={x(cost)}
                    y1={y(interval.lower)}
                    y2={y(interval.upper)}
                  />
                )}
                <circle className={isOnFront ? 'on-front' : 'beaten'} cx={x(cost)} cy={y(quality)} r={5} />
                <text
                  className="point-name"
                  x={isRight ? x(cost) - 10 : x(cost) + 10}
                  y={(places[at] ?? 0) + 4}
                  textAnchor={isRight ? 'end' : 'start'}
                >
                  {title.length > mostLetters ? `${title.slice(0, mostLetters - 1)}…` : title}
                </text>
              </g>
            )
          })}
        </svg>
      </div>
      <figcaption className="muted">
        Up is better, left is cheaper. No other candidate is both better and cheaper than{' '}
        {front.map(({ title }) => title).join(', ')}. Upright lines are intervals of the score.
      </figcaption>
    </figure>
  )
}

/** Heights of the names: beside their points; of those that would lie on one another, the upper ones move up. */
function labelPlaces(
  points: readonly ParetoPoint[],
  x: (value: number) => number,
  y: (value: number) => number,
): number[] {
  const places = points.map(({ quality }) => y(quality))
  const order = places.map((_, at) => at).toSorted((a, b) => places[b]! - places[a]!)
  order.forEach((at, rank) => {
    for (const lower of order.slice(0, rank)) {
      const isNear = Math.abs(x(points[at]!.cost) - x(points[lower]!.cost)) < 200
      if (isNear && Math.abs(places[lower]! - places[at]!) < 15) places[at] = places[lower]! - 15
    }
  })
  return places
}

/** About four round numbers from 0 up to the top. */
function roundSteps(top: number): number[] {
  const power = 10 ** Math.floor(Math.log10(top / 4))
  const step = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= top / 4) ?? 10 * power
  return Array.from({ length: Math.floor(top / step) + 1 }, (_, at) => at * step)
}
