import { countedMetric, denseCounts } from './counted-metric.ts'
import { sharedRuns } from './n-grams.ts'
import { splitWords } from './split-words.ts'
import type { SampleMetric } from './metric.ts'

const orders = 4

/**
 * BLEU of all rows together: K. Papineni, S. Roukos, T. Ward, W.-J. Zhu, ACL 2002, with the tokens (13a) and the smoothing
 * (exponential) that are sacreBLEU's default: M. Post, "A call for clarity in reporting BLEU scores", WMT 2018. From 0 to 1.
 */
export const bleu: SampleMetric = countedMetric(
  {
    id: 'bleu',
    title: 'BLEU',
    format: 'fraction',
    definition: 'BLEU of all rows together, as sacreBLEU computes it by default (13a tokens), from 0 to 1',
  },
  (rows) => ({
    ...denseCounts(rows, 2 + 2 * orders, ({ expected, answer }) =>
      gramCounts(tokens13a(expected.read), tokens13a(answer.readable ? answer.read : '')),
    ),
    value: bleuOf,
  }),
)

/** Length of the answer and of the truth, then for each order the shared n-grams, then those of the answer. */
function gramCounts(truth: readonly string[], answer: readonly string[]): number[] {
  const totals = Array.from({ length: orders }, (_, at) => Math.max(0, answer.length - at))
  return [answer.length, truth.length, ...sharedRuns(truth, answer, orders), ...totals]
}

function bleuOf(sums: Float64Array): number {
  const [answered = 0, expected = 0] = sums
  const shared = sums.subarray(2, 2 + orders)
  const total = sums.subarray(2 + orders)
  if (!shared.some((count) => count > 0)) return 0
  let smoothing = 1
  let logarithms = 0
  for (let at = 0; at < orders; at++) {
    if (total[at] === 0) return 0
    if (shared[at] === 0) smoothing *= 2
    logarithms += Math.log(shared[at] === 0 ? 1 / (smoothing * total[at]!) : shared[at]! / total[at]!)
  }
  const brevity = answered < expected ? Math.exp(1 - expected / answered) : 1
  return brevity * Math.exp(logarithms / orders)
}

/** Tokens of `mteval-v13a`, as sacreBLEU cuts them. */
export function tokens13a(text: string): string[] {
  const joined = text.trimEnd().replaceAll('<skipped>', '').replaceAll('-\n', '').replaceAll('\n', ' ')
  const line = joined.includes('&')
    ? joined
        .replaceAll('&quot;', '"')
        .replaceAll('&amp;', '&')
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
    : joined
  const cut = ` ${line} `
    .replaceAll(/([{-~[-` -&(-+:-@/])/g, ' $1 ')
    .replaceAll(/([^0-9])([.,])/gu, '$1 $2 ')
    .replaceAll(/([.,])([^0-9])/gu, ' $1 $2')
    .replaceAll(/([0-9])(-)/g, '$1 $2 ')
  return splitWords(cut)
}
