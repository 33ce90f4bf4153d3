import { labelProbabilities } from './label-probabilities.ts'
import type { ReadRow, SampleMetric } from './metric.ts'

/**
 * Area under the ROC curve, each label against the rest, averaged over labels that some rows have and some have not: the chance
 * that a row of the label gets a higher probability for it than a row of another one, ties counting half (J. A. Hanley and
 * B. J. McNeil, Radiology 143(1), 1982). 0.5 where no label can be measured.
 */
export const areaUnderCurve: SampleMetric = {
  id: 'auc',
  title: 'AUC',
  format: 'fraction',
  definition:
    'the area under the ROC curve of each label against the rest, by label probabilities, averaged over labels',
  needs: 'label scores',
  kind: 'sample',
  statistic: (rows) => {
    const labels = [...new Set(rows.map(({ expected }) => expected.read))]
    const curves = labels.map((label) => curveOf(rows, label))
    const counts = new Uint32Array(rows.length)
    return (sample) => {
      counts.fill(0)
      for (const row of sample) counts[row]!++
      const areas = curves.map((curve) => area(curve, counts)).filter((each) => each !== undefined)
      return areas.length === 0 ? 0.5 : areas.reduce((sum, each) => sum + each, 0) / areas.length
    }
  },
}

interface Curve {
  /** Rows from the lowest probability up. */
  readonly order: Uint32Array
  /** In that order: 1 for a row of the label. */
  readonly isLabel: Uint8Array
  /** In that order: 1 where the probability is that of the row before. */
  readonly isTie: Uint8Array
}

function curveOf(rows: readonly ReadRow[], label: string): Curve {
  const chances = Float64Array.from(
    rows,
    (row) => labelProbabilities(row, 'auc').find((score) => score.label === label)?.probability ?? 0,
  )
  const order = Uint32Array.from(rows, (_, at) => at).toSorted((a, b) => chances[a]! - chances[b]!)
  return {
    order,
    isLabel: Uint8Array.from(order, (row) => (rows[row]?.expected.read === label ? 1 : 0)),
    isTie: Uint8Array.from(order, (row, at) => (at > 0 && chances[row] === chances[order[at - 1]!] ? 1 : 0)),
  }
}

/** Undefined where all rows, or none, are of the label. */
function area({ order, isLabel, isTie }: Curve, counts: Uint32Array): number | undefined {
  let [inside, outside, wins] = [0, 0, 0]
  let [tiedInside, tiedOutside] = [0, 0]
  for (let at = 0; at <= order.length; at++) {
    if (at === order.length || isTie[at] === 0) {
      wins += tiedInside * (outside + tiedOutside / 2)
      inside += tiedInside
      outside += tiedOutside
      tiedInside = tiedOutside = 0
    }
    if (at === order.length) break
    const count = counts[order[at]!]!
    if (isLabel[at] === 1) tiedInside += count
    else tiedOutside += count
  }
  return inside === 0 || outside === 0 ? undefined : wins / (inside * outside)
}
