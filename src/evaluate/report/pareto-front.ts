import type { Evaluation } from '../evaluation.ts'
import type { Interval } from '../statistics/interval.ts'

/** A candidate by what it costs and how good it is. */
export interface ParetoPoint {
  readonly id: string
  readonly title: string
  readonly cost: number
  readonly quality: number
  readonly interval: Interval | null
  /** No other candidate is at least as good and at least as cheap, and better in one of the two. */
  readonly isOnFront: boolean
}

export interface ParetoPoints {
  /** What `cost` is, for an axis. */
  readonly measure: 'cost of 1,000 queries' | 'tokens per query' | 'p50 latency'
  readonly points: readonly ParetoPoint[]
}

/**
 * Quality against cost: what tokens cost where all candidates have a price, else their tokens, else their latency. Undefined
 * where none of them is known of all, or there is only one candidate.
 */
export function paretoPoints({ candidates, metrics }: Evaluation): ParetoPoints | undefined {
  const measures = [
    ['cost of 1,000 queries', candidates.map(({ cost }) => cost?.usdPerThousand ?? Number.NaN)],
    [
      'tokens per query',
      candidates.map(({ tokensPerQuery: { prompt, completion } }) => prompt + completion || Number.NaN),
    ],
    ['p50 latency', candidates.map(({ latencyMs }) => latencyMs?.p50 ?? Number.NaN)],
  ] as const
  const found = measures.find(([, costs]) => costs.every((cost) => Number.isFinite(cost)))
  if (found === undefined || candidates.length < 2) return undefined
  const [measure, costs] = found
  const up = metrics[0].lowerIsBetter === true ? -1 : 1
  const points = candidates.map(({ id, title, scores }, at) => ({
    id,
    title,
    cost: costs[at]!,
    quality: scores[0]!.value,
    interval: scores[0]!.interval,
  }))
  return {
    measure,
    points: points.map((point) => ({
      ...point,
      isOnFront: !points.some(
        (other) =>
          other.cost <= point.cost &&
          up * other.quality >= up * point.quality &&
          (other.cost < point.cost || up * other.quality > up * point.quality),
      ),
    })),
  }
}
