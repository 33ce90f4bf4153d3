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
  const own = new Float32Array(tokens.length)
  for (let place = 0; place < tokens.length; place++) own[place] = logits[tokens[place] ?? 0] ?? 0
  return tokens[sampleToken(own, settings, random)] ?? 0
}

/** In order, which decides between tokens that are equally likely. */
function tokensOf(set: TokenSet, ends: Iterable<number>, vocabularySize: number): Int32Array {
  const all = new Uint32Array(Math.max(set.length, (vocabularySize + 31) >> 5))
  all.set(set)
  for (const token of ends) all[token >> 5] = (all[token >> 5] ?? 0) | (1 << (token & 31))
  const tokens = new Int32Array(vocabularySize)
  let count = 0
  for (let word = 0; word < all.length; word++) {
    for (let bits = all[word] ?? 0; bits !== 0; bits &= bits - 1) {
      const token = 32 * word + 31 - Math.clz32(bits & -bits)
      if (token < vocabularySize) tokens[count++] = token
    }
  }
  return tokens.subarray(0, count)
}
