import { HoneError } from '../../core/errors.ts'
import { createRandom } from '../../lib/random.ts'
import { contentHash } from '../content-hash.ts'
import { groupBy } from '../group-by.ts'
import type { LabelOf, PlacedExample } from '../records/placed-example.ts'

export interface FewShotOptions {
  /** How many examples; all of them where there are fewer. */
  readonly count: number
  readonly seed: number
  readonly labelOf?: LabelOf
}

/**
 * Chooses the training examples that a few-shot prompt shows. They are spread over the labels: the commonest first, one of
 * each before a second of any. Within a label the choice is random, among the shorter half, because each word is paid
 * with every query. The same set gives the same examples in the same, mixed, order, whatever the order of the records.
 *
 * @throws HoneError `E_CONFIG` when the count is not a whole number.
 */
export function chooseFewShot(training: readonly PlacedExample[], options: FewShotOptions): PlacedExample[] {
  if (!Number.isSafeInteger(options.count) || options.count < 0) {
    throw new HoneError('E_CONFIG', `the number of few-shot examples must be 0 or more, not ${options.count}`)
  }
  const random = createRandom(options.seed).fork('few-shot')
  // Equal records are one choice.
  const hashed = new Map(training.map((example) => [contentHash(example), example]))
  const ordered = [...hashed].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, example]) => example)
  const byLabel = groupBy(ordered, options.labelOf ?? (() => ''))
  const queues = [...byLabel]
    .toSorted(([a, first], [b, second]) => second.length - first.length || (a < b ? -1 : 1))
    .map(([label, group]) => shorterFirst(random.fork(`label ${label}`).shuffle(group)))
  const chosen: PlacedExample[] = []
  for (let round = 0; chosen.length < options.count; round++) {
    const row = queues.flatMap((queue) => queue[round] ?? [])
    if (row.length === 0) break
    chosen.push(...row.slice(0, options.count - chosen.length))
  }
  return random.fork('order').shuffle(chosen)
}

/**
 * Draws training examples for single rows, at random: others for each row, the same for the same row, training set and seed,
 * whatever the order of the records.
 */
export function createRandomShots(
  training: readonly PlacedExample[],
  seed: number,
): (row: PlacedExample, count: number) => PlacedExample[] {
  const hashed = [...new Map(training.map((example) => [contentHash(example), example]))]
  const ordered = hashed.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, example]) => example)
  const random = createRandom(seed).fork('random few-shot')
  return (row, count) => {
    const own = random.fork(contentHash(row))
    const chosen = new Set<PlacedExample>()
    while (chosen.size < Math.min(count, ordered.length)) chosen.add(ordered[own.integer(ordered.length)]!)
    return [...chosen]
  }
}

/** The shorter half in the given order, then the longer half. */
function shorterFirst(examples: readonly PlacedExample[]): PlacedExample[] {
  const lengths = new Map(examples.map((example) => [example, lengthOf(example)]))
  const sorted = [...lengths.values()].toSorted((a, b) => a - b)
  const median = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0
  const isShort = (example: PlacedExample): boolean => (lengths.get(example) ?? 0) <= median
  return [...examples.filter(isShort), ...examples.filter((example) => !isShort(example))]
}

const lengthOf = (example: PlacedExample): number =>
  example.messages.reduce((sum, { content }) => sum + content.length, 0)
