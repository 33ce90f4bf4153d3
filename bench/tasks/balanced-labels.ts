import type { ChatModel } from '../../src/core/chat-model.ts'
import type { Message } from '../../src/core/example.ts'

/** A row whose labels were scored. */
export interface ScoredRow {
  readonly expected: string
  /** Log-probability of each label's whole token sequence. */
  readonly scores: ReadonlyMap<string, number>
}

/** Scores every label for every row. */
export async function scoreRows(
  model: ChatModel,
  rows: readonly { readonly messages: readonly Message[]; readonly expected: string }[],
  labels: readonly string[],
  onProgress: (done: number) => void,
): Promise<ScoredRow[]> {
  const scored: ScoredRow[] = []
  const waiting = [...rows.keys()]
  const work = async (): Promise<void> => {
    for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
      const { messages, expected } = rows[index] as (typeof rows)[number]
      const found = await model.scoreLabels(messages, labels)
      scored[index] = {
        expected,
        scores: new Map(found.map(({ label, logProbability }) => [label, logProbability])),
      }
      onProgress(rows.length - waiting.length)
    }
  }
  await Promise.all(Array.from({ length: Math.min(16, model.concurrency) }, work))
  return scored
}

/**
 * The label with the greatest log p(label | row) − τ log p(label): with τ = 0 the likeliest, with τ = 1 the one that errs least
 * when every label counts alike.
 * Source: Menon et al., "Long-tail learning via logit adjustment" (2021), section 4
 */
export function chooseLabel(
  { scores }: ScoredRow,
  shares: ReadonlyMap<string, number>,
  strength: number,
): string {
  let best: readonly [label: string, score: number] = ['', -Infinity]
  for (const [label, score] of scores) {
    const adjusted = score - strength * Math.log(shares.get(label) ?? 1)
    if (adjusted > best[1]) best = [label, adjusted]
  }
  return best[0]
}

/** The strength that gives rows which were not tested the best macro-F1. */
export function bestStrength(
  rows: readonly ScoredRow[],
  shares: ReadonlyMap<string, number>,
): { readonly strength: number; readonly macroF1: number } {
  const candidates = Array.from({ length: 21 }, (_, step) => step / 20).map((strength) => ({
    strength,
    macroF1: macroF1(
      rows.map((row) => [row.expected, chooseLabel(row, shares, strength)]),
      [...shares.keys()],
    ),
  }))
  return candidates.reduce((best, each) => (each.macroF1 > best.macroF1 ? each : best))
}

function macroF1(pairs: readonly (readonly [string, string])[], labels: readonly string[]): number {
  const scores = labels.map((label) => {
    const right = pairs.filter(([expected, given]) => expected === label && given === label).length
    const either =
      pairs.filter(([expected]) => expected === label).length +
      pairs.filter(([, given]) => given === label).length
    return either === 0 ? 0 : (2 * right) / either
  })
  return scores.reduce((sum, score) => sum + score, 0) / labels.length
}
