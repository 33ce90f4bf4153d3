/** Tokens of which some carry loss: `trained[i]` says that token `i` does. */
export interface EncodedSequence {
  readonly tokens: readonly number[]
  readonly trained: readonly boolean[]
}

/** A conversation as tokens. */
export interface EncodedExample extends EncodedSequence {
  readonly id: string
  /** How much it counts in the loss; default 1. */
  readonly weight?: number
  /** Of a preference pair: the same conversation with the other answer. */
  readonly rejected?: EncodedSequence
}

/** Tokens that carry loss. The first token has nothing before it to be predicted from. */
export function trainedTokens({ trained }: EncodedSequence): number {
  let count = 0
  for (let index = 1; index < trained.length; index++) if (trained[index] === true) count += 1
  return count
}

/**
 * What an example counts for in the mean that is the loss: its trained tokens, or 1 for a pair, times its weight. The loss
 * of a step is divided by the sum over the step.
 */
export function lossWeight(example: EncodedExample): number {
  return (example.weight ?? 1) * (example.rejected === undefined ? trainedTokens(example) : 1)
}

/** Tokens of the longest sequence of an example. */
export function longestTokens({ tokens, rejected }: EncodedExample): number {
  return Math.max(tokens.length, rejected?.tokens.length ?? 0)
}
