import type { MeanMetric } from './metric.ts'

/**
 * Overlap of words between answer and expected text: the token F1 of Rajpurkar et al., "SQuAD: 100,000+ questions for
 * machine comprehension of text", EMNLP 2016, averaged over rows. Their removal of the English articles is left out, so
 * that the measure means the same in every language.
 */
export const tokenF1: MeanMetric = {
  id: 'token-f1',
  title: 'token F1',
  format: 'fraction',
  definition:
    'the mean over rows of the harmonic mean of precision and recall of words; case and punctuation are free',
  kind: 'mean',
  rowScore: ({ expected, answer }) => (answer.readable ? tokenOverlap(expected.read, answer.read) : 0),
}

// Scripts written without spaces: every character counts as a word, as MLQA (Lewis et al., ACL 2020) does for Chinese.
const unspaced =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]\p{M}*/gu

/** Words in lower case, compatibility forms folded, punctuation and symbols of markup left out. */
export function textTokens(text: string): string[] {
  // Most texts have nothing to fold, and the search for scripts takes longest.
  const bare = /[^\s!-~]/.test(text) ? folded(text) : text.toLowerCase().replaceAll(/[!-/:-@[-`{-~]/g, ' ')
  return bare.split(/\s+/u).filter((token) => token !== '')
}

const folded = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\p{P}$+<=>^`|~]/gu, ' ')
    .replaceAll(unspaced, ' $& ')

/** The harmonic mean of precision and recall of words. */
export function tokenOverlap(expected: string, answer: string): number {
  const truth = textTokens(expected)
  const guess = textTokens(answer)
  if (truth.length === 0 || guess.length === 0) return expected === answer ? 1 : 0
  const open = new Map<string, number>()
  for (const token of truth) open.set(token, (open.get(token) ?? 0) + 1)
  let shared = 0
  for (const token of guess) {
    const left = open.get(token) ?? 0
    if (left === 0) continue
    shared++
    open.set(token, left - 1)
  }
  // The harmonic mean of shared/guess and shared/truth.
  return (2 * shared) / (guess.length + truth.length)
}
