import type { Random } from '../../lib/random.ts'
import type { ConstrainedAnswer, TokenSet } from '../../text/grammar/token-constraint.ts'
import { likeliest, sampleToken, type SamplingSettings } from './sample-token.ts'

/**
 * Chooses the next token as `sampleToken` does, out of those that keep the constraint: as if all others had a probability
 * of zero, before temperature and cuts.
 *
 * @param logits `[vocabulary]`
 * @param endOfTurn tokens that end the answer; they are among the others where it may end
 * @throws HoneError `E_CONSTRAINT` where the vocabulary can go on in no way
 */
export function sampleAllowed(
  logits: Float32Array,
  constraint: ConstrainedAnswer,
  endOfTurn: ReadonlySet<number>,
  settings: SamplingSettings,
  random: Random,
): number {
  const { forced } = constraint
  if (forced !== undefined) return forced
  if (settings.temperature === 0) {
    // Mostly the model wants what is allowed, and then one token is looked at instead of all.
    const best = likeliest(logits)
    if (endOfTurn.has(best) ? constraint.mayEnd : constraint.allows(best)) return best
  }
  const tokens = tokensOf(constraint.allowed(), constraint.mayEnd ? endOfTurn : [], logits.length)
  const own = Float32Array.from(tokens, (token) => logits[token] ?? 0)
  return tokens[sampleToken(own, settings, random)] ?? 0
}

/** In order, which decides between tokens that are equally likely. */
function tokensOf(set: TokenSet, ends: Iterable<number>, vocabularySize: number): Int32Array {
  const more = [...ends].filter((token) => token < vocabularySize)
  const tokens: number[] = []
  for (let word = 0; word < set.length; word++) {
    for (let bits = set[word] ?? 0; bits !== 0; bits &= bits - 1) {
      const token = 32 * word + 31 - Math.clz32(bits & -bits)
      if (token < vocabularySize) tokens.push(token)
    }
  }
  return more.length === 0
    ? Int32Array.from(tokens)
    : Int32Array.from(new Set([...tokens, ...more])).toSorted()
}
