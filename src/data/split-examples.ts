import { HoneError } from '../core/errors.ts'
import { createRandom } from '../lib/random.ts'
import { contentHash } from './content-hash.ts'
import { counted } from './counted.ts'
import { defaultThreshold, nearDuplicateGroups } from './near-duplicates.ts'
import { conversationText, type LabelOf, type PlacedExample } from './placed-example.ts'
import { placeGroups, type SplitGroup, type SplitName } from './place-groups.ts'
import { splitManifest, type SplitManifest } from './split-manifest.ts'

export interface SplitOptions {
  /** Below 1 a share of the records, else their number; 0 for none. */
  readonly validation: number
  /** As `validation`. */
  readonly test: number
  readonly seed: number
  /** Keeps the shares of the labels equal in all splits. Without it all records count as one kind. */
  readonly labelOf?: LabelOf
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
 * Splits examples by label, keeping near-duplicate questions on one side, and every label that is tested or validated in
 * the training part. The same examples and options give the same split whatever the order of the records and wherever
 * they were read from; records may be added anywhere, but then the whole split is drawn anew.
 *
 * @throws HoneError `E_CONFIG` for sizes that are none; `E_DATA_TOO_FEW` when nothing is left to train with;
 *   `E_DATA` when near-duplicates leave a wanted part empty.
 *
 * @example
 * const { train, test, manifest } = splitExamples(examples, { validation: 0.1, test: 0.15, seed: 7, labelOf })
 */
export function splitExamples(examples: readonly PlacedExample[], options: SplitOptions): Split {
  const validation = sizeOf('validation', options.validation, examples.length)
  const test = sizeOf('test', options.test, examples.length)
  if (examples.length === 0 || validation + test >= examples.length) {
    throw new HoneError(
      'E_DATA_TOO_FEW',
      `${validation} for validation and ${test} for test leave nothing of ${counted(examples.length, 'record')} to train with`,
      { hint: 'make the splits smaller or collect more records' },
    )
  }
  const threshold = options.nearDuplicateThreshold ?? defaultThreshold
  const items = examples
    .map((example, index) => ({ example, index, hash: contentHash(example) }))
    .toSorted((a, b) => (a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : a.index - b.index))
  const groups: SplitGroup[] = nearDuplicateGroups(
    items.map(({ example }) => conversationText(example)),
    { threshold },
  ).map((members) =>
    members.flatMap((at) => {
      const item = items[at]
      return item === undefined ? [] : [{ index: item.index, label: options.labelOf?.(item.example) ?? '' }]
    }),
  )
  const places = placeGroups(groups, { validation, test }, createRandom(options.seed).fork('split'))
  for (const [name, wanted] of [['validation', validation] as const, ['test', test] as const]) {
    if (wanted > 0 && !places.includes(name)) throw nothingLeft(name, groups, examples.length)
  }
  const part = (name: SplitName): PlacedExample[] => examples.filter((_, index) => places[index] === name)
  const parts = { train: part('train'), validation: part('validation'), test: part('test') }
  return {
    ...parts,
    manifest: splitManifest(parts, groups, { ...options, nearDuplicateThreshold: threshold }),
  }
}

function sizeOf(name: SplitName, size: number, records: number): number {
  if (!(size >= 0) || (size >= 1 && !Number.isSafeInteger(size))) {
    throw new HoneError(
      'E_CONFIG',
      `the ${name} split must be a share below 1 or a whole number of records, not ${size}`,
    )
  }
  if (size === 0 || size >= 1) return size
  return Math.max(1, Math.round(size * records))
}

function nothingLeft(name: SplitName, groups: readonly SplitGroup[], records: number): HoneError {
  const largest = Math.max(...groups.map((group) => group.length))
  return new HoneError(
    'E_DATA',
    `the ${name} split stays empty: every label has one group of near-duplicates only ` +
      `(${counted(groups.length, 'group')} of ${counted(records, 'record')}, the largest has ${largest})`,
    { hint: `collect more varied records of each label, or give a file of your own as data.${name}` },
  )
}
