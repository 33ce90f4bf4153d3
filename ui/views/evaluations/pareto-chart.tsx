import type { MeasuredCandidate, MeasuredMetric } from '../../api/client.ts'
import { formatNumber } from '../../kit/format.ts'
import { paretoPoints, type ParetoPoint } from './pareto-front.ts'
import { dollars, intervalText, scoreText } from './score-text.ts'

const size = { width: 720, height: 300, left: 64, right: 24, top: 16, bottom: 48 }

/** Each candidate by what it takes and how good it is. The table of candidates has the same numbers. */
export function ParetoChart({
  candidates,
  metric,
}: {
  readonly candidates: readonly MeasuredCandidate[]
  readonly metric: MeasuredMetric | undefined
}) {
  const found = paretoPoints(candidates, metric)
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
  const x = (value: number): number => size.left + (value / most) * (size.width - size.left - size.right)
  const y = (value: number): number =>
    size.height - size.bottom - ((value - low) / (high - low)) * (size.height - size.top - size.bottom)
  const front = points.filter(({ isOnFront }) => isOnFront).toSorted((a, b) => a.cost - b.cost)
  const spoken = points
    .map(({ title, quality, cost }) => `${title}: ${scoreText(quality, metric.format)} at ${costText(cost)}`)
    .join('; ')
  const places = labelPlaces(points, x, y)
  return (
    <figure className="pareto">
      <div
        className="table-frame"
        role="region"
        aria-label={`Chart of ${metric.title} by ${axis}`}
        tabIndex={0}
      >
        <svg
          viewBox={`0 0 ${size.width} ${size.height}`}
          role="img"
          aria-label={`${metric.title} by ${axis}. ${spoken}`}
        >
          {[0, 1, 2, 3, 4].map((part) => {
            const value = low + ((high - low) * part) / 4
            return (
              <g key={part}>
                <line
                  className="grid"
                  x1={size.left}
                  x2={size.width - size.right}
                  y1={y(value)}
                  y2={y(value)}
                />
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
          <text x={size.width - size.right} y={size.height - 8} textAnchor="end">
            {axis} →
          </text>
          <polyline
            className="front"
            points={front.map(({ cost, quality }) => `${x(cost)},${y(quality)}`).join(' ')}
          />
          {points.map(({ id, title, cost, quality, interval, isOnFront }, at) => {
            const isRight = x(cost) > size.width * 0.7
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
                  {title.length > 32 ? `${title.slice(0, 31)}…` : title}
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
