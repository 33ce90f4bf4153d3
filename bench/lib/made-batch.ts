import type { EncodedExample } from '../../src/engine/train/encoded-example.ts'
import { createRandom } from '../../src/lib/random.ts'

export interface BatchShape {
  readonly batch: number
  /** Tokens of each sequence after the prefix. */
  readonly tokens: number
  /** Tokens that all sequences begin with. */
  readonly prefix: number
  /** Trained tokens of each sequence. */
  readonly answer: number
}

/** Sequences of random tokens, the same at each call. */
export function madeBatch({ batch, tokens, prefix, answer }: BatchShape): EncodedExample[] {
  const random = createRandom(7)
  const draw = (count: number): number[] => Array.from({ length: count }, () => 20 + random.integer(40_000))
  const shared = draw(prefix)
  return Array.from({ length: batch }, (_, index) => {
    const sequence = [...shared, ...draw(tokens)]
    return {
      id: `${index}`,
      tokens: sequence,
      trained: sequence.map((_token, at) => at >= sequence.length - answer),
    }
  })
}
