import { isLongSequence } from '../arch/position-inputs.ts'
import type { ModelConfig } from '../arch/architecture.ts'
import type { EncodedSequence } from './encoded-example.ts'

/** Where the rows of a sequence lie: those after the prefix that all begin with, or all of them. */
interface RowPlace {
  /** Rows from the start of the file. */
  readonly from: number
  /** Rows of the shared prefix that come before them. */
  readonly shared: number
}

/** How the activations of sequences lie in a file, by rows: the prefix, then the sequences in the order of `groups`. */
export interface ActivationLayout {
  /** Tokens of the prefix that the sequences of the first group begin with. */
  readonly prefix: number
  /** Sequences that are computed together, from short to long: those with the prefix, and the others. */
  readonly groups: readonly (readonly EncodedSequence[])[]
  readonly places: ReadonlyMap<EncodedSequence, RowPlace>
  readonly rows: number
}

/**
 * Lays out activations so that those of a prefix which most sequences begin with are held once. It follows from the sequences
 * alone, so that a run that is taken up finds, or computes, the same numbers.
 *
 * @param prefix tokens
 */
export function layOutActivations(
  config: ModelConfig,
  sequences: readonly EncodedSequence[],
  prefix: readonly number[],
): ActivationLayout {
  // A long sequence may be rotated otherwise from its first token on.
  const begins = ({ tokens }: EncodedSequence): boolean =>
    prefix.length > 0 &&
    !isLongSequence(config, tokens.length) &&
    prefix.every((token, index) => tokens[index] === token)
  const byLength = sequences.toSorted((left, right) => left.tokens.length - right.tokens.length)
  const sharing = byLength.filter(begins)
  const others = byLength.filter((sequence) => !begins(sequence))
  const places = new Map<EncodedSequence, RowPlace>()
  const held = sharing.length > 0 ? prefix.length : 0
  let rows = held
  for (const [group, shared] of [
    [sharing, held],
    [others, 0],
  ] as const) {
    for (const sequence of group) {
      places.set(sequence, { from: rows, shared })
      rows += sequence.tokens.length - shared
    }
  }
  return { prefix: held, groups: [sharing, others], places, rows }
}
