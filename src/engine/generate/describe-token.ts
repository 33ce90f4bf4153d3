import type { AnswerToken, TokenLogProbability } from '../../core/chat-model.ts'
import type { Tokenizer } from '../../text/tokenizer.ts'

/** Tells what the model thought of a token, and of the likeliest ones at its place; before temperature and cuts. */
export type DescribeToken = (token: number, logits: Float32Array) => AnswerToken

const utf8 = new TextEncoder()

/** @param count how many of the likeliest */
export function createTokenDescriber(tokenizer: Tokenizer, count: number): DescribeToken {
  const answerBytes = tokenizer.answerBytes()
  const textOf = (token: number): Uint8Array => utf8.encode(tokenizer.decode([token], { special: true }))
  const isSpecial = new Set(tokenizer.specialTokens.values())
  const bytesOf = (token: number): number[] => [...(answerBytes?.of(token) ?? textOf(token))]
  return (token, logits) => {
    const total = logSumOfExponentials(logits)
    const describe = (each: number): TokenLogProbability => ({
      bytes: bytesOf(each),
      logProbability: (logits[each] ?? 0) - total,
    })
    return {
      ...describe(token),
      // It is no part of the answer's text.
      ...(isSpecial.has(token) ? { bytes: [] } : {}),
      likeliest: largest(logits, count).map(describe),
    }
  }
}

function logSumOfExponentials(logits: Float32Array): number {
  const most = logits.reduce((left, right) => Math.max(left, right), -Infinity)
  return most + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - most), 0))
}

/** Places of the largest numbers, largest first; of equal ones the first. */
function largest(numbers: Float32Array, count: number): number[] {
  const found: number[] = []
  if (count === 0) return found
  for (let at = 0; at < numbers.length; at++) {
    const number = numbers[at] ?? 0
    if (found.length === count && number <= (numbers[found.at(-1) ?? 0] ?? 0)) continue
    const place = found.findIndex((each) => (numbers[each] ?? 0) < number)
    found.splice(place === -1 ? found.length : place, 0, at)
    if (found.length > count) found.pop()
  }
  return found
}
