import { countedMetric } from './counted-metric.ts'
import { labelProbabilities, likeliest } from './label-probabilities.ts'
import type { ReadRow, SampleMetric } from './metric.ts'

/** Bins of equal width; the number of Guo et al. */
const binCount = 15

/** Rows whose likeliest label has a probability of about the same size. */
export interface ReliabilityBin {
  /** Above this, except for the first bin. */
  readonly from: number
  readonly to: number
  readonly rows: number
  /** Mean probability of the likeliest label; null without a row. */
  readonly confidence: number | null
  /** Share of rows where the likeliest label is the right one; null without a row. */
  readonly accuracy: number | null
}

/**
 * Expected calibration error: how far, on average, the share of right rows is from the probability that the model gives its
 * likeliest label. Source: C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger, "On calibration of modern neural networks", ICML 2017.
 */
export const calibrationError: SampleMetric = countedMetric(
  {
    id: 'calibration-error',
    title: 'calibration error',
    format: 'fraction',
    definition: `the mean distance between the probability of the likeliest label and the share of rows where it is right, in ${binCount} bins`,
    lowerIsBetter: true,
    needs: 'label scores',
  },
  (rows) => {
    const points = rows.map(pointOf)
    return {
      width: binCount * 3,
      slots: [0, 1, 2].map((part) => Int32Array.from(points, ({ bin }) => bin * 3 + part)),
      amounts: [
        new Float64Array(rows.length).fill(1),
        Float64Array.from(points, ({ confidence }) => confidence),
        Float64Array.from(points, ({ right }) => right),
      ],
      value: (sums) => {
        let [rowCount, distance] = [0, 0]
        for (let at = 0; at < sums.length; at += 3) {
          rowCount += sums[at]!
          distance += Math.abs(sums[at + 1]! - sums[at + 2]!)
        }
        return distance / rowCount
      },
    }
  },
)

/** The reliability diagram as numbers; undefined where a row has no label probabilities. */
export function reliabilityBins(rows: readonly ReadRow[]): readonly ReliabilityBin[] | undefined {
  if (rows.some(({ given }) => (given?.labelScores ?? []).length === 0)) return undefined
  const points = rows.map(pointOf)
  return Array.from({ length: binCount }, (_, bin) => {
    const inside = points.filter((point) => point.bin === bin)
    return {
      from: bin / binCount,
      to: (bin + 1) / binCount,
      rows: inside.length,
      confidence: mean(inside.map(({ confidence }) => confidence)),
      accuracy: mean(inside.map(({ right }) => right)),
    }
  })
}

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length

function pointOf(row: ReadRow): { bin: number; confidence: number; right: number } {
  const { label, probability } = likeliest(labelProbabilities(row, 'calibration-error'))
  return {
    bin: Math.min(binCount - 1, Math.max(0, Math.ceil(probability * binCount) - 1)),
    confidence: probability,
    right: label === row.expected.read ? 1 : 0,
  }
}
