import { createRandom } from '../../lib/random.ts'
import { longestTokens, type EncodedExample } from './encoded-example.ts'

// Examples are sorted by length only within a window of this many batches, so that the order stays random at large.
const batchesPerWindow = 16

/**
 * The batches of one epoch, as indices of examples. Examples of similar length are put together, which saves padding; the
 * order depends on the seed and the epoch alone, so a run can be taken up at any step.
 */
export function epochBatches(
  examples: readonly EncodedExample[],
  batchSize: number,
  seed: number,
  epoch: number,
): number[][] {
  const random = createRandom(seed).fork(`epoch ${epoch}`)
  const order = random.shuffle([...examples.keys()])
  const length = (index: number): number => longestTokens(examples[index] as EncodedExample)
  const batches: number[][] = []
  for (let start = 0; start < order.length; start += batchSize * batchesPerWindow) {
    const window = order.slice(start, start + batchSize * batchesPerWindow)
    window.sort((left, right) => length(left) - length(right) || left - right)
    for (let at = 0; at < window.length; at += batchSize) batches.push(window.slice(at, at + batchSize))
  }
  return random.shuffle(batches)
}

/** Optimizer steps of one epoch. */
export function stepsPerEpoch(examples: number, batchSize: number, accumulate: number): number {
  return Math.ceil(Math.ceil(examples / batchSize) / accumulate)
}
