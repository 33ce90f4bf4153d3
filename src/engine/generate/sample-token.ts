import type { Random } from '../../lib/random.ts'

export interface SamplingSettings {
  /** 0 is greedy. */
  readonly temperature: number
  /** 0 keeps all tokens. */
  readonly topK: number
  /** 1 keeps all tokens. */
  readonly topP: number
}

/**
 * Chooses the next token: greedy, or by temperature among the tokens that top-k and then top-p (nucleus sampling, Holtzman
 * et al. 2019, https://arxiv.org/abs/1904.09751) leave. Equal logits are ordered by token id.
 *
 * @param logits `[vocabulary]`
 */
export function sampleToken(logits: Float32Array, settings: SamplingSettings, random: Random): number {
  const best = likeliest(logits)
  return settings.temperature === 0 ? best : draw(logits, logits[best] ?? 0, settings, random)
}

/** Natural logarithm of a token's probability under the model itself, before temperature and cuts. */
export function logProbabilityOf(token: number, logits: Float32Array): number {
  const largest = logits[likeliest(logits)] ?? 0
  let total = 0
  for (let other = 0; other < logits.length; other++) total += Math.exp((logits[other] ?? 0) - largest)
  return (logits[token] ?? 0) - largest - Math.log(total)
}

/** The first of those with the largest logit. */
export function likeliest(logits: Float32Array): number {
  let best = 0
  let largest = logits[0] ?? 0
  for (let token = 1; token < logits.length; token++) {
    const logit = logits[token] as number
    if (logit > largest) {
      best = token
      largest = logit
    }
  }
  return best
}

// exp(−28) = 7e-13: beside the likeliest token, all that are less likely than that do not matter together.
const farthest = 28

function draw(logits: Float32Array, largest: number, settings: SamplingSettings, random: Random): number {
  const { temperature, topK, topP } = settings
  const weights = new Float64Array(logits.length)
  let sum = 0
  for (let token = 0; token < logits.length; token++) {
    const exponent = ((logits[token] as number) - largest) / temperature
    if (exponent > -farthest) sum += weights[token] = Math.exp(exponent)
  }
  if (topK === 0 && topP === 1) return pick(weights, sum, random)
  // All that weigh less than this are together less than what top-p cuts off.
  const least = topK === 0 ? (sum * (1 - topP)) / weights.length : leastOf(topK, weights)
  const ranked = rank(weights, least)
  const kept = topK === 0 ? ranked : ranked.slice(0, topK)
  const keptSum = topK === 0 ? sum : sumOf(kept, weights)
  let mass = 0
  const last = topP === 1 ? -1 : kept.findIndex((token) => (mass += weights[token] ?? 0) >= topP * keptSum)
  const nucleus = last === -1 ? kept : kept.slice(0, last + 1)
  const chosen = pick(
    nucleus.map((token) => weights[token] ?? 0),
    sumOf(nucleus, weights),
    random,
  )
  return nucleus[chosen] ?? 0
}

/** A place, as likely as its weight is of their sum. */
function pick(weights: ArrayLike<number>, sum: number, random: Random): number {
  let point = random.next() * sum
  let last = 0
  for (let place = 0; place < weights.length; place++) {
    const weight = weights[place] as number
    if (weight === 0) continue
    point -= weight
    if (point < 0) return place
    last = place
  }
  return last
}

const sumOf = (tokens: readonly number[], weights: Float64Array): number =>
  tokens.reduce((total, token) => total + (weights[token] ?? 0), 0)

/** Tokens that weigh at least so much, by falling weight. */
function rank(weights: Float64Array, least: number): number[] {
  const tokens: number[] = []
  for (let token = 0; token < weights.length; token++) {
    const weight = weights[token] as number
    if (weight > 0 && weight >= least) tokens.push(token)
  }
  return tokens.toSorted((left, right) => (weights[right] ?? 0) - (weights[left] ?? 0) || left - right)
}

/** A weight that the `count` heaviest have and few others: from a histogram of logarithms instead of a sort of all. */
function leastOf(count: number, weights: Float64Array): number {
  const binsPerUnit = 32
  const bins = new Uint32Array(farthest * binsPerUnit + 1)
  const binOf = (weight: number): number => Math.floor(-Math.log(weight) * binsPerUnit)
  for (const weight of weights) if (weight > 0) bins[binOf(weight)]! += 1
  let found = 0
  const bin = bins.findIndex((held) => (found += held) >= count)
  // A hair less, so that rounding leaves out none of that bin.
  return bin === -1 ? 0 : Math.exp(-(bin + 1) / binsPerUnit) * (1 - 1e-9)
}
