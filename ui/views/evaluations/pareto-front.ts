interface Measured {
  readonly id: string
  readonly title: string
  readonly scores: readonly { readonly value: number; readonly interval: ParetoPoint['interval'] }[]
  readonly cost: { readonly usdPerThousand: number } | null
  readonly tokensPerQuery: { readonly prompt: number; readonly completion: number }
}

export interface ParetoPoint {
  readonly id: string
  readonly title: string
  readonly cost: number
  readonly quality: number
  readonly interval: { readonly lower: number; readonly upper: number } | null
  /** No other candidate is at least as good and at least as cheap, and better in one of the two. */
  readonly isOnFront: boolean
}

/**
 * Quality against what a query takes: its price where all have one, else its tokens. Undefined for a candidate that is alone, and
 * where nobody counted the tokens of one: at none it would beat all others.
 */
export function paretoPoints(
  candidates: readonly Measured[],
  metric: { readonly lowerIsBetter?: boolean | undefined } | undefined,
): { readonly measure: 'cost' | 'tokens'; readonly points: readonly ParetoPoint[] } | undefined {
  if (candidates.length < 2 || metric === undefined) return undefined
  const measure = candidates.every(({ cost }) => cost !== null) ? 'cost' : 'tokens'
  if (measure === 'tokens' && candidates.some(({ tokensPerQuery }) => tokensPerQuery.prompt === 0))
    return undefined
  const up = metric.lowerIsBetter === true ? -1 : 1
  const points = candidates.map(({ id, title, scores, cost, tokensPerQuery }) => ({
    id,
    title,
    cost:
      measure === 'cost' ? (cost?.usdPerThousand ?? 0) : tokensPerQuery.prompt + tokensPerQuery.completion,
    quality: scores[0]?.value ?? NaN,
    interval: scores[0]?.interval ?? null,
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
