import { datasetHash, hashOfHashes, contentHash } from '../content-hash.ts'
import type { LabelOf, PlacedExample } from '../records/placed-example.ts'
import type { SplitName } from './place-groups.ts'

export interface SplitPart {
  readonly examples: number
  /** `datasetHash` of the part. That of the test part is its seal. */
  readonly hash: string
  /** Number of examples by label; `{}` where no label was asked for. An unreadable label is the key `''`. */
  readonly labels: Readonly<Record<string, number>>
}

/** How a dataset was split, as it is written to a file: enough to draw the same split again and to prove it. */
export interface SplitManifest {
  readonly schema: 1
  readonly kind: 'split'
  readonly seed: number
  /** `datasetHash` of all examples. */
  readonly dataset: string
  /** The sizes as asked for, shares or counts. */
  readonly asked: { readonly validation: number; readonly test: number }
  readonly nearDuplicates: {
    readonly threshold: number
    /** Groups of two or more examples, and how many examples are in them. */
    readonly groups: number
    readonly examples: number
    readonly largest: number
  }
  readonly splits: Readonly<Record<SplitName, SplitPart>>
  /** Only of a split that was written to files. */
  readonly source?: { readonly file: string; readonly sha256: string; readonly dataset: string | null }
  /** What the labels were read from: a label of the record, its answer, or a field of either; absent without labels. */
  readonly by?: { readonly label: string | null }
  /** Records that share this value of the record or its metadata were kept together. */
  readonly group?: { readonly key: string; readonly groups: number; readonly without: number }
  readonly files?: Readonly<
    Record<SplitName, { readonly name: string; readonly sha256: string; readonly bytes: number }>
  >
}

export interface ManifestOptions {
  readonly seed: number
  readonly validation: number
  readonly test: number
  readonly nearDuplicateThreshold: number
  readonly labelOf?: LabelOf
}

export function splitManifest(
  parts: Readonly<Record<SplitName, readonly PlacedExample[]>>,
  starts: Uint32Array,
  options: ManifestOptions,
): SplitManifest {
  return {
    schema: 1,
    kind: 'split',
    seed: options.seed,
    dataset: datasetHash([...parts.train, ...parts.validation, ...parts.test]),
    asked: { validation: options.validation, test: options.test },
    nearDuplicates: { threshold: options.nearDuplicateThreshold, ...groupCounts(starts) },
    splits: {
      train: splitPart(parts.train, options.labelOf),
      validation: splitPart(parts.validation, options.labelOf),
      test: splitPart(parts.test, options.labelOf),
    },
  }
}

/** How many groups of two or more there are, of groups that start at these places. */
export function groupCounts(starts: Uint32Array): { groups: number; examples: number; largest: number } {
  const counts = { groups: 0, examples: 0, largest: 1 }
  for (let group = 0; group + 1 < starts.length; group++) {
    const size = starts[group + 1]! - starts[group]!
    if (size < 2) continue
    counts.groups++
    counts.examples += size
    counts.largest = Math.max(counts.largest, size)
  }
  return counts
}

/** Number, hash and label counts of one part; also for a part that comes from a file of its own. */
export function splitPart(examples: readonly PlacedExample[], labelOf?: LabelOf): SplitPart {
  const labels = new Map<string, number>()
  if (labelOf !== undefined) {
    for (const example of examples) {
      const label = labelOf(example) ?? ''
      labels.set(label, (labels.get(label) ?? 0) + 1)
    }
  }
  return {
    examples: examples.length,
    hash: hashOfHashes(examples.map(contentHash)),
    labels: Object.fromEntries([...labels].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  }
}

/** True when these are exactly the examples of the sealed test split, in whatever order. */
export function isSealedTest(examples: readonly PlacedExample[], manifest: SplitManifest): boolean {
  return datasetHash(examples) === manifest.splits.test.hash
}
