import type { Value } from '../graph/graph.ts'
import { add } from '../graph/ops/add.ts'
import type { DecoderLayer } from './decoder-layer.ts'

export const preNorms = { input_layernorm: 'hidden', post_attention_layernorm: 'hidden' } as const

type Block = (at: DecoderLayer, input: Value) => Value

/**
 * A layer that normalises the input of attention and of the feed-forward network and adds what comes out to it.
 * Xiong et al. 2020, https://arxiv.org/abs/2002.04745
 */
export const preNormLayer =
  (attention: Block, feedForward: Block) =>
  (at: DecoderLayer, hidden: Value): Value => {
    const attended = attention(at, at.norm(hidden, 'input_layernorm'))
    const middle = add(at.graph, at.wanted(hidden), attended)
    const output = feedForward(at, at.norm(middle, 'post_attention_layernorm'))
    return add(at.graph, middle, output)
  }
