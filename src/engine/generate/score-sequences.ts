import { setImmediate as nextTurn } from 'node:timers/promises'
import type { LabelScore } from '../../core/chat-model.ts'
import { HoneError } from '../../core/errors.ts'
import { commonPrefixLength } from '../../lib/common-prefix.ts'
import type { ResidentAdapter } from '../adapter/resident-adapter.ts'
import { isLongSequence } from '../arch/position-inputs.ts'
import type { InferenceModel } from './inference-model.ts'
import type { PrefixStore } from './prefix-store.ts'

/** A candidate answer as a whole token sequence; `trained` marks the tokens whose probability counts. */
export interface ScoredSequence {
  readonly tokens: readonly number[]
  readonly trained: readonly boolean[]
}

interface ScoreOptions {
  /** The most tokens of the prompt that a run may read, asked before each. */
  readonly rows: () => number
  /** Of a model that is given adapters with each run. */
  readonly adapter: ResidentAdapter | undefined
}

// When scoring, every row has its logits.
const nodesPerRun = 512

/**
 * Log-probability of each candidate's trained tokens, summed. All candidates answer the same prompt.
 *
 * @throws HoneError `E_DATA_TOO_LONG` when a candidate is longer than the model's context
 */
export async function scoreSequences(
  model: InferenceModel,
  prefixes: PrefixStore,
  candidates: readonly ScoredSequence[],
  { rows, adapter }: ScoreOptions,
): Promise<number[]> {
  const cut = candidates.map(({ tokens, trained }) => tokens.slice(0, trained.lastIndexOf(true) + 1))
  const longest = Math.max(...cut.map((tokens) => tokens.length))
  const { contextLength } = model.config
  if (longest > contextLength) {
    throw new HoneError(
      'E_DATA_TOO_LONG',
      `the prompt with its longest answer has ${longest} tokens; the context holds ${contextLength}`,
      { hint: 'shorten the conversation' },
    )
  }
  const firstTrained = Math.min(...candidates.map(({ trained }) => trained.indexOf(true)))
  const shared = Math.min(commonPrefixLength(cut), firstTrained) - 1
  if (shared < 0) throw new HoneError('E_DATA', 'nothing comes before the text whose probability is wanted')
  const items = cut.map((tokens, index) => ({
    index,
    tokens: tokens.slice(shared),
    trained: candidates[index]?.trained ?? [],
    isLong: isLongSequence(model.config, tokens.length),
  }))
  const totals = candidates.map(() => 0)
  for (const alike of [items.filter((item) => !item.isLong), items.filter((item) => item.isLong)]) {
    const [first] = alike
    if (first === undefined) continue
    const start = cut[first.index] ?? []
    const nothing = model.emptyPrefixFor(start.length, adapter)
    const prefix = shared === 0 ? nothing : await prefixes.prefixOf(start.slice(0, shared), nothing, rows)
    for (const group of groupAsTrees(alike)) {
      const scores = await model.score(
        group.map(({ tokens }) => tokens),
        prefix,
      )
      for (const [place, { index, trained }] of group.entries()) {
        const own = scores[place] ?? []
        totals[index] = own.reduce(
          (sum, value, at) => sum + (trained[shared + 1 + at] === true ? value : 0),
          0,
        )
      }
      await nextTurn()
    }
  }
  return totals
}

/** Turns log-probabilities of a closed set into scores, likeliest first. */
export function toLabelScores(labels: readonly string[], logProbabilities: readonly number[]): LabelScore[] {
  const largest = Math.max(...logProbabilities)
  const total = logProbabilities.reduce((sum, value) => sum + Math.exp(value - largest), 0)
  return labels
    .map((label, index) => {
      const logProbability = logProbabilities[index] ?? Number.NEGATIVE_INFINITY
      return { label, logProbability, probability: Math.exp(logProbability - largest) / total }
    })
    .toSorted((left, right) => right.logProbability - left.logProbability)
}

/**
 * Cuts sequences into runs of a bounded number of tree nodes, those with a common beginning beside each other; a single
 * sequence may exceed the bound.
 */
function groupAsTrees<T extends { readonly tokens: readonly number[] }>(items: readonly T[]): T[][] {
  const inOrder = items.toSorted((left, right) => compareTokens(left.tokens, right.tokens))
  const groups: T[][] = []
  let nodes = Infinity
  for (const [index, item] of inOrder.entries()) {
    const before = inOrder[index - 1]
    const own = item.tokens.length
    nodes += before === undefined ? own : own - commonPrefixLength([before.tokens, item.tokens])
    if (nodes > nodesPerRun) {
      groups.push([])
      nodes = own
    }
    groups.at(-1)?.push(item)
  }
  return groups
}

function compareTokens(left: readonly number[], right: readonly number[]): number {
  const at = commonPrefixLength([left, right])
  return (left[at] ?? -1) - (right[at] ?? -1)
}
