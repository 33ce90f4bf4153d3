import type { MeanMetric } from './metric.ts'
import { sharedRuns } from './n-grams.ts'

/** Words of Latin letters and digits, as C.-Y. Lin's program and the package rouge-score cut them, without stemming. */
const wordsOf = (text: string): string[] => text.toLowerCase().match(/[a-z0-9]+/g) ?? []

function rouge(
  id: string,
  title: string,
  what: string,
  f1: (truth: readonly string[], answer: readonly string[]) => number,
): MeanMetric {
  return {
    id,
    title,
    format: 'fraction',
    definition: `the mean over rows of the F1 of ${what}, as the package rouge-score computes it without stemming; only Latin letters without marks and digits count`,
    kind: 'mean',
    rowScore: ({ expected, answer }) =>
      answer.readable ? f1(wordsOf(expected.read), wordsOf(answer.read)) : 0,
  }
}

const gramF1 =
  (order: number) =>
  (truth: readonly string[], answer: readonly string[]): number => {
    const shared = sharedRuns(truth, answer, order)[order - 1] ?? 0
    const [expected, answered] = [truth.length - order + 1, answer.length - order + 1]
    return shared === 0 ? 0 : (2 * shared) / (expected + answered)
  }

/** Source: C.-Y. Lin, "ROUGE: a package for automatic evaluation of summaries", ACL workshop 2004, sections 2 and 3. */
export const rouge1: MeanMetric = rouge('rouge-1', 'ROUGE-1', 'words', gramF1(1))
export const rouge2: MeanMetric = rouge('rouge-2', 'ROUGE-2', 'pairs of words', gramF1(2))
export const rougeL: MeanMetric = rouge(
  'rouge-l',
  'ROUGE-L',
  'the longest common subsequence of words',
  (truth, answer) => {
    const shared = longestCommonSubsequence(truth, answer)
    return shared === 0 ? 0 : (2 * shared) / (truth.length + answer.length)
  },
)

function longestCommonSubsequence(left: readonly string[], right: readonly string[]): number {
  const line = new Uint32Array(right.length + 1)
  for (const word of left) {
    let diagonal = 0
    for (let at = 1; at <= right.length; at++) {
      const above = line[at]!
      line[at] = right[at - 1] === word ? diagonal + 1 : Math.max(above, line[at - 1]!)
      diagonal = above
    }
  }
  return line[right.length]!
}
