import { spaceMark, type SentencePieceVocabulary } from './sentence-piece-vocabulary.ts'

/** How far below the worst token an unknown character counts (`unknown_token_score_penalty` of llama.cpp). */
const unknownPenalty = 10

/**
 * Unigram segmentation: the tokens with the best sum of scores (Kudo 2018, https://arxiv.org/abs/1804.10959), by dynamic
 * programming over the characters as in llama.cpp (`llm_tokenizer_ugm_session`), sums in double precision and the first
 * of equal ones. Tokens of the user count zero. Characters without a token become the unknown token, one for a run.
 */
export function createUnigram(vocabulary: SentencePieceVocabulary): (text: string) => number[] {
  const { idOf, scores, unknown } = vocabulary
  const userIds = new Set(vocabulary.userDefined.values())
  const normal = [...idOf.values()].filter((id) => !userIds.has(id))
  const worst = normal.reduce((least, id) => Math.min(least, scores[id] ?? 0), Infinity)
  const unknownScore = Math.fround(worst - unknownPenalty)
  const longest = longestByFirst(idOf.keys())

  return (text) => {
    const bestScore = new Float64Array(text.length + 1).fill(-Number.MAX_VALUE)
    const bestStart = new Int32Array(text.length + 1)
    const bestId = new Int32Array(text.length + 1).fill(unknown)
    bestScore[0] = 0
    const offer = (start: number, end: number, id: number, score: number): void => {
      const sum = bestScore[start]! + score
      if (!(sum > bestScore[end]!)) return
      bestScore[end] = sum
      bestStart[end] = start
      bestId[end] = id
    }
    for (let start = 0; start < text.length;) {
      const first = text.codePointAt(start)!
      const step = first > 0xffff ? 2 : 1
      const limit = Math.min(text.length, start + (longest.get(first) ?? 0))
      let isKnown = false
      for (let end = start + step; end <= limit; end++) {
        const id = idOf.get(text.slice(start, end))
        if (id === undefined) continue
        if (end === start + step) isKnown = true
        offer(start, end, id, userIds.has(id) ? 0 : (scores[id] ?? 0))
      }
      if (!isKnown) offer(start, start + step, unknown, unknownScore)
      start += step
    }
    const ids: number[] = []
    for (let end = text.length; end > 0; end = bestStart[end]!) {
      const id = bestId[end]!
      if (id !== unknown || ids.at(-1) !== unknown) ids.push(id)
    }
    return ids.toReversed()
  }
}

/** Length of the longest token by its first character, so that few substrings are looked up in vain. */
function longestByFirst(tokens: Iterable<string>): ReadonlyMap<number, number> {
  const longest = new Map<number, number>()
  for (const token of tokens) {
    const first = token.codePointAt(0)
    if (first !== undefined) longest.set(first, Math.max(longest.get(first) ?? 0, token.length))
  }
  return longest
}

export interface SpaceSettings {
  readonly addSpacePrefix: boolean
  /** Keep one space where there are several, none at the ends. */
  readonly removeExtraWhitespaces: boolean
}

/** Spells spaces as U+2581, and puts one before the first word, or before each where several spaces become one. */
export function spellSpaces(text: string, { addSpacePrefix, removeExtraWhitespaces }: SpaceSettings): string {
  if (removeExtraWhitespaces) {
    const words = text.split(' ').filter((word) => word !== '')
    return words.map((word) => spaceMark + word).join('')
  }
  const start = text.search(/[^ ]/)
  const prefixed = addSpacePrefix && start >= 0 ? `${text.slice(0, start)} ${text.slice(start)}` : text
  return prefixed.replaceAll(' ', spaceMark)
}
