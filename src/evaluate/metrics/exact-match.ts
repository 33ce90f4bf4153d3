import type { ProportionMetric, ReadRow } from './metric.ts'
import { textTokens } from './token-f1.ts'

const sameReading = ({ expected, answer }: ReadRow): boolean =>
  answer.readable && answer.read === expected.read

/** Share of rows with the right label; an answer that cannot be read is wrong. */
export const accuracy: ProportionMetric = {
  id: 'accuracy',
  title: 'accuracy',
  format: 'percent',
  definition: 'the share of rows with the right label; an answer that cannot be read is wrong',
  kind: 'proportion',
  isRight: sameReading,
}

/** Share of rows whose JSON value equals the expected one. */
export const jsonExactMatch: ProportionMetric = {
  id: 'exact-match',
  title: 'exact match',
  format: 'percent',
  definition:
    'the share of rows whose JSON equals the expected one as a value; the order of keys and white space are free',
  kind: 'proportion',
  isRight: sameReading,
}

/** Share of rows with the same tokens in the same order, by the normalisation of token F1. */
export const textExactMatch: ProportionMetric = {
  id: 'exact-match',
  title: 'exact match',
  format: 'percent',
  definition:
    'the share of rows with the expected words in order; case, punctuation and white space are free',
  kind: 'proportion',
  isRight: (row) => row.answer.readable && sameTokens(row.expected.read, row.answer.read),
}

function sameTokens(expected: string, answer: string): boolean {
  if (expected === answer) return true
  const tokens = textTokens(expected)
  return tokens.length > 0 && tokens.join(' ') === textTokens(answer).join(' ')
}
