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

function likeliest(logits: Float32Array): number {
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

function draw(logits: Float32Array, largest: number, settings: SamplingSettings, random: Random): number {
  const weights = Float64Array.from(logits, (logit) => Math.exp((logit - largest) / settings.temperature))
  const ranked = settings.topK > 0 || settings.topP < 1
  const order = ranked ? rank(weights) : [...weights.keys()]
  const kept = settings.topK > 0 ? order.slice(0, settings.topK) : order
  const sum = kept.reduce((total, token) => total + (weights[token] ?? 0), 0)
  let cut = kept.length
  if (settings.topP < 1) {
    let mass = 0
    cut = kept.findIndex((token) => (mass += weights[token] ?? 0) >= settings.topP * sum) + 1 || kept.length
  }
  const nucleus = kept.slice(0, cut)
  let point = random.next() * nucleus.reduce((total, token) => total + (weights[token] ?? 0), 0)
  for (const token of nucleus) {
    point -= weights[token] ?? 0
    if (point < 0) return token
  }
  return nucleus.at(-1) ?? 0
}

/** Tokens by falling weight; those that cannot matter beside the likeliest one are left out before sorting. */
function rank(weights: Float64Array): number[] {
  const tokens: number[] = []
  for (let token = 0; token < weights.length; token++) if ((weights[token] ?? 0) > 1e-12) tokens.push(token)
  return tokens.toSorted((left, right) => (weights[right] ?? 0) - (weights[left] ?? 0) || left - right)
}
