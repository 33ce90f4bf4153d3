import type { Value } from '../graph/graph.ts'
import type { LinearModule } from './decoder.ts'
import type { DecoderLayer } from './decoder-layer.ts'
import type { ModelConfig } from './architecture.ts'

export const queryWidth = ({ heads, headSize }: ModelConfig): number => heads * headSize
export const keyWidth = ({ keyValueHeads, headSize }: ModelConfig): number => keyValueHeads * headSize

export const outputModule: LinearModule = {
  parent: 'self_attn',
  shape: (config) => [config.hiddenSize, queryWidth(config)],
}

/** A module each for queries, keys, values and the output. */
export const attentionModules: Readonly<Record<'q_proj' | 'k_proj' | 'v_proj' | 'o_proj', LinearModule>> = {
  q_proj: { parent: 'self_attn', shape: (config) => [queryWidth(config), config.hiddenSize] },
  k_proj: { parent: 'self_attn', shape: (config) => [keyWidth(config), config.hiddenSize] },
  v_proj: { parent: 'self_attn', shape: (config) => [keyWidth(config), config.hiddenSize] },
  o_proj: outputModule,
}

/** Self-attention with rotary positions: `[rows, hidden] → [wanted rows, hidden]`. */
export function groupedAttention(at: DecoderLayer, input: Value): Value {
  const [queries, keys, values] = at.linears(input, ['q_proj', 'k_proj', 'v_proj'])
  return attentionOutput(at, at.rotate(queries), at.rotate(keys), values)
}

/** The same with a norm over each head of the queries and keys. Henry et al. 2020, https://arxiv.org/abs/2010.04245 */
export function normedAttention(at: DecoderLayer, input: Value): Value {
  const [queries, keys, values] = at.linears(input, ['q_proj', 'k_proj', 'v_proj'])
  const normedQueries = at.headNorm(queries, 'self_attn.q_norm')
  const normedKeys = at.headNorm(keys, 'self_attn.k_norm')
  return attentionOutput(at, at.rotate(normedQueries), at.rotate(normedKeys), values)
}

/** From rotated queries and keys to the layer's attention output. */
export function attentionOutput(at: DecoderLayer, queries: Value, keys: Value, values: Value): Value {
  const attended = at.attend(queries, keys, values)
  return at.linears(at.wanted(attended), ['o_proj'])[0]
}
