import { createRandom } from '../../lib/random.ts'
import { contentHash } from '../content-hash.ts'
import { nearDuplicateGroups } from '../near-duplicates/near-duplicate-groups.ts'
import { defaultThreshold } from '../near-duplicates/near-duplicate-search.ts'
import { conversationText, type LabelOf, type PlacedExample } from '../records/placed-example.ts'
import { groupExamples, placeGroups, splitNames, type SplitName } from './place-groups.ts'
import { refuseEmptyParts, splitSizes } from './split-size.ts'
import { splitManifest, type SplitManifest } from './split-manifest.ts'

export interface SplitOptions {
  /** Below 1 a share of the records, else their number; 0 for none. */
  readonly validation: number
  /** As `validation`. */
  readonly test: number
  readonly seed: number
  /** Keeps the shares of the labels equal in all splits. Without it all records count as one kind. */
  readonly labelOf?: LabelOf
  /** The key whose value records of one group share; `group` of the examples is that value. */
  readonly groupKey?: string
  /** Similarity from which records stay on one side, in (0, 1]; see `nearDuplicateGroups`. Default 0.8. */
  readonly nearDuplicateThreshold?: number
}

/** Three disjoint parts that cover the examples, each in their order. */
export interface Split {
  readonly train: readonly PlacedExample[]
  readonly validation: readonly PlacedExample[]
  readonly test: readonly PlacedExample[]
  readonly manifest: SplitManifest
}

/**
 * Splits examples by label, keeping near-duplicate questions and named groups on one side, and every label that is tested or validated in
 * the training part. The same examples and options give the same split whatever the order of the records and wherever
 * they were read from; records may be added anywhere, but then the whole split is drawn anew.
 *
 * @throws HoneError `E_CONFIG` for sizes that are none; `E_DATA_TOO_FEW` when nothing is left to train with;
 *   `E_DATA` when near-duplicates or groups leave a wanted part empty.
 *
 * @example
 * const { train, test, manifest } = splitExamples(examples, { validation: 0.1, test: 0.15, seed: 7, labelOf })
 */
export function splitExamples(examples: readonly PlacedExample[], options: SplitOptions): Split {
  const sizes = splitSizes(options, examples.length)
  const threshold = options.nearDuplicateThreshold ?? defaultThreshold
  const items = examples
    .map((example, index) => ({ example, index, hash: contentHash(example) }))
    .toSorted((a, b) => (a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : a.index - b.index))
  const groupOf = new Uint32Array(examples.length)
  const texts = items.map(({ example }) => conversationText(example))
  for (const [group, members] of nearDuplicateGroups(texts, { threshold }).entries()) {
    for (const at of members) groupOf[items[at]!.index] = group
  }
  const named = options.groupKey === undefined ? undefined : joinGroups(examples, groupOf)
  const labels = examples.map((example) => options.labelOf?.(example) ?? '')
  const labelNames = [...new Set(labels)]
  const labelNumbers = new Map(labelNames.map((label, at) => [label, at]))
  const grouped = {
    ...groupExamples(
      Uint32Array.from(items, ({ index }) => index),
      groupOf,
    ),
    labels: labels.map((label) => labelNumbers.get(label) ?? 0),
    labelNames,
  }
  const places = placeGroups(grouped, sizes, createRandom(options.seed).fork('split'))
  refuseEmptyParts(sizes, places, grouped.starts)
  const part = (name: SplitName): PlacedExample[] =>
    examples.filter((_, index) => splitNames[places[index]!] === name)
  const parts = { train: part('train'), validation: part('validation'), test: part('test') }
  return {
    ...parts,
    manifest: {
      ...splitManifest(parts, grouped.starts, { ...options, nearDuplicateThreshold: threshold }),
      ...(options.groupKey === undefined ? {} : { group: { key: options.groupKey, ...named! } }),
    },
  }
}

/**
 * Lets records of one named group have one number, and with them all that had a number of theirs.
 *
 * @param numbers of each example; changed in place
 */
function joinGroups(
  examples: readonly PlacedExample[],
  numbers: Uint32Array,
): { readonly groups: number; readonly without: number } {
  const parents = Uint32Array.from({ length: numbers.length }, (_, at) => at)
  const rootOf = (number: number): number => {
    let root = number
    while (parents[root] !== root) root = parents[root]!
    for (let at = number; at !== root;) [at, parents[at]] = [parents[at]!, root]
    return root
  }
  const numberOf = new Map<string, number>()
  let without = 0
  examples.forEach(({ group }, at) => {
    if (group === undefined) {
      without++
      return
    }
    const first = numberOf.get(group)
    if (first === undefined) numberOf.set(group, numbers[at]!)
    else parents[rootOf(numbers[at]!)] = rootOf(first)
  })
  for (let at = 0; at < numbers.length; at++) numbers[at] = rootOf(numbers[at]!)
  return { groups: numberOf.size, without }
}
