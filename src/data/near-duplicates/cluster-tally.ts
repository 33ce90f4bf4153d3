import { GrowingUint32 } from '../../lib/growing-array.ts'
import type { DuplicateCluster } from './duplicate-clusters.ts'

const mostSamples = 5

/** Counts what clusters say, and keeps some records that are dropped, to be shown. */
export class ClusterTally {
  readonly #anchored: number
  readonly dropped: GrowingUint32 = new GrowingUint32()
  readonly counts: { exact: number; near: number; leaked: number } = { exact: 0, near: 0, leaked: 0 }
  readonly samples: DuplicateCluster['dropped'][number][] = []
  clusters = 0
  largest = 0
  answersDiffer = 0

  constructor(anchored: number) {
    this.#anchored = anchored
  }

  take({ kept, dropped, answersDiffer }: DuplicateCluster): void {
    this.clusters++
    this.largest = Math.max(this.largest, kept.length + dropped.length)
    if (answersDiffer) this.answersDiffer++
    for (const record of dropped) {
      this.dropped.push(record.index)
      const kind = record.like.index < this.#anchored ? 'leaked' : record.exact ? 'exact' : 'near'
      this.counts[kind]++
    }
    // What is nearly the same is worth a look; what is the same is not.
    const sample = dropped.find(({ exact }) => !exact) ?? dropped[0]
    if (sample === undefined) return
    const replaced = this.samples.findIndex(({ exact }) => exact)
    if (this.samples.length < mostSamples) this.samples.push(sample)
    else if (!sample.exact && replaced >= 0) this.samples[replaced] = sample
  }
}
