import type { CandidateAnswer } from './evaluation.ts'
import { refusalIn } from './safety/refusal-in.ts'
import { quantile } from './statistics/quantile.ts'

/** Milliseconds below which so many of the rows stay. */
export interface Latency {
  readonly p50: number
  readonly p95: number
  readonly p99: number
  /** Rows that were measured. */
  readonly rows: number
}

/** What tokens cost. */
export interface TokenPrice {
  /** US dollars for a million tokens. */
  readonly input: number
  readonly output: number
  /** Where the price is from, with its date where it has one. */
  readonly source: string
}

interface QueryCost {
  /** US dollars, at the mean numbers of tokens. Nothing is taken off for prompts that a service keeps. */
  readonly usdPerThousand: number
  readonly price: TokenPrice
}

/** What it takes to run a candidate, beside how good its answers are. */
export interface Operations {
  /** Means over the rows whose tokens are known; 0 where none are. */
  readonly tokensPerQuery: { readonly prompt: number; readonly completion: number }
  /** To the whole answer, over the rows that were asked alone; null where none was. */
  readonly latencyMs: Latency | null
  /** To the first token of the answer, over the rows where it is known; null where none is. */
  readonly firstTokenMs: Latency | null
  /** Null where no price is known, or no tokens are: those of answers that were made elsewhere, for one. */
  readonly cost: QueryCost | null
  /** Answers that look like a refusal. */
  readonly refusals: number
}

/** Tokens, latency, cost and refusals of a candidate's answers, without those that failed. */
export function operationsOf(all: readonly CandidateAnswer[], price: TokenPrice | undefined): Operations {
  const answers = all.every(({ failed }) => failed === undefined)
    ? all
    : all.filter(({ failed }) => failed === undefined)
  const tokensPerQuery = meanTokens(answers)
  return {
    tokensPerQuery,
    latencyMs: latencyOf(answers, ({ latencyMs }) => latencyMs),
    firstTokenMs: latencyOf(answers, ({ firstTokenMs }) => firstTokenMs),
    cost:
      price === undefined || tokensPerQuery.prompt === 0
        ? null
        : { usdPerThousand: costOf(tokensPerQuery, price), price },
    refusals: countRefusals(answers),
  }
}

/** Answers that are alike, labels for one, are looked at once. */
function countRefusals(answers: readonly CandidateAnswer[]): number {
  const known = new Map<string, boolean>()
  let count = 0
  for (const { answer } of answers) {
    let isRefusal = known.get(answer)
    if (isRefusal === undefined) known.set(answer, (isRefusal = refusalIn(answer) !== undefined))
    if (isRefusal) count++
  }
  return count
}

/** A thousand queries at prices for a million tokens. */
const costOf = (tokens: Operations['tokensPerQuery'], price: TokenPrice): number =>
  (tokens.prompt * price.input + tokens.completion * price.output) / 1000

function latencyOf(
  answers: readonly CandidateAnswer[],
  timeOf: (answer: CandidateAnswer) => number | undefined,
): Latency | null {
  const sorted: number[] = []
  for (const answer of answers) {
    const time = timeOf(answer)
    if (time !== undefined) sorted.push(time)
  }
  if (sorted.length === 0) return null
  sorted.sort((a, b) => a - b)
  return {
    p50: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    p99: quantile(sorted, 0.99),
    rows: sorted.length,
  }
}

/** No prompt has no tokens: 0 stands for an answer that came without a count. */
function meanTokens(answers: readonly CandidateAnswer[]): Operations['tokensPerQuery'] {
  let [count, prompt, completion] = [0, 0, 0]
  for (const { promptTokens, completionTokens } of answers) {
    if (!(promptTokens > 0)) continue
    count++
    prompt += promptTokens
    completion += completionTokens
  }
  return { prompt: prompt / Math.max(1, count), completion: completion / Math.max(1, count) }
}
