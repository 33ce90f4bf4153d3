import { BigramQueue } from './bigram-queue.ts'
import type { SentencePieceVocabulary } from './sentence-piece-vocabulary.ts'

/**
 * Byte-pair encoding by score, as SentencePiece and llama.cpp (`llm_tokenizer_spm_session`) do it: of all neighbours
 * that together are a token, the pair with the best score merges first, the leftmost of equal ones. That is not merging
 * by a list, where every pair has a rank of its own. Characters without a token become the tokens of their bytes, or the
 * unknown token where a byte has none.
 *
 * @param text with its spaces already spelt as U+2581
 */
export function mergeByScore(vocabulary: SentencePieceVocabulary, text: string): number[] {
  const symbols = Array.from(text)
  const next = symbols.map((_, index) => (index + 1 < symbols.length ? index + 1 : -1))
  const previous = symbols.map((_, index) => index - 1)
  const queue = new BigramQueue()
  const consider = (left: number, right: number): void => {
    if (left < 0 || right < 0) return
    const together = symbols[left]! + symbols[right]!
    const id = vocabulary.idOf.get(together)
    if (id === undefined) return
    queue.push({ left, right, length: together.length, score: vocabulary.scores[id] ?? 0 })
  }
  for (let index = 1; index < symbols.length; index++) consider(index - 1, index)
  for (let bigram = queue.pop(); bigram !== undefined; bigram = queue.pop()) {
    const { left, right } = bigram
    const [leftText, rightText] = [symbols[left]!, symbols[right]!]
    if (leftText === '' || rightText === '' || leftText.length + rightText.length !== bigram.length) continue
    symbols[left] = leftText + rightText
    symbols[right] = ''
    const after = next[right]!
    next[left] = after
    if (after >= 0) previous[after] = left
    consider(previous[left]!, left)
    consider(left, after)
  }
  return symbols.flatMap((symbol) => (symbol === '' ? [] : idsOf(vocabulary, symbol)))
}

const utf8 = new TextEncoder()

function idsOf(vocabulary: SentencePieceVocabulary, symbol: string): number[] {
  const id = vocabulary.idOf.get(symbol)
  if (id !== undefined) return [id]
  const ids = Array.from(utf8.encode(symbol), (byte) => vocabulary.byteIds[byte])
  const known = ids.filter((each) => each !== undefined)
  return known.length === ids.length ? known : [vocabulary.unknown]
}
