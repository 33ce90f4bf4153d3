import type { Value } from '../graph/graph.ts'
import { gatherRows } from '../graph/ops/gather-rows.ts'
import { rmsNorm } from '../graph/ops/rms-norm.ts'
import type { Architecture, LayerContext, ModelConfig, TensorSpec } from './architecture.ts'
import { ConfigReader } from './config-reader.ts'
import { createDecoderLayer, type DecoderLayer, type Norm } from './decoder-layer.ts'
import type { GgufMapping } from './gguf-mapping.ts'

/** A linear module of a layer: where it hangs, and its `[outputs, inputs]`. */
export interface LinearModule {
  readonly parent: 'self_attn' | 'mlp'
  readonly shape: (config: ModelConfig) => readonly [outputs: number, inputs: number]
}

/** What sets one family of decoder-only transformers apart. */
export interface DecoderDefinition {
  readonly name: string
  readonly huggingFaceNames: readonly string[]
  readonly gguf?: GgufMapping
  readonly modules: Readonly<Record<string, LinearModule>>
  /** Norms of a layer by name, and the width that each of them normalises. */
  readonly norms: Readonly<Record<string, 'hidden' | 'head'>>
  /** Default: `rmsNorm`. */
  readonly norm?: Norm
  /** Default: the rows of the embedding matrix. */
  readonly embed?: (rows: Value, context: LayerContext, config: ModelConfig) => Value
  readonly config: (read: ConfigReader) => ModelConfig
  /** One layer: `[rows, hidden] → [rows, hidden]`; the last one gives the wanted rows only. */
  readonly layer: (at: DecoderLayer, hidden: Value) => Value
}

/** An architecture of embedding, equal layers, final norm and vocabulary projection, under Hugging Face's names. */
export function decoder(definition: DecoderDefinition): Architecture {
  const { name, modules, norms, norm = rmsNorm } = definition
  const moduleName = (layer: number, module: string): string =>
    `model.layers.${layer}.${modules[module]?.parent}.${module}`
  return {
    name,
    huggingFaceNames: definition.huggingFaceNames,
    gguf: definition.gguf,
    linearModules: Object.keys(modules),
    moduleName,
    config: (json) => withoutIdleWindows(definition.config(new ConfigReader(json, name))),

    tensors(config) {
      const { hiddenSize, headSize, vocabularySize, layers, biasedModules, tiedEmbeddings } = config
      const specs: TensorSpec[] = [
        { name: 'model.embed_tokens.weight', shape: [vocabularySize, hiddenSize] },
        { name: 'model.norm.weight', shape: [hiddenSize] },
      ]
      if (!tiedEmbeddings) specs.push({ name: 'lm_head.weight', shape: [vocabularySize, hiddenSize] })
      for (let layer = 0; layer < layers; layer++) {
        for (const [module, { shape }] of Object.entries(modules)) {
          const [outputs, inputs] = shape(config)
          specs.push({ name: `${moduleName(layer, module)}.weight`, shape: [outputs, inputs] })
          if (biasedModules.includes(module))
            specs.push({ name: `${moduleName(layer, module)}.bias`, shape: [outputs] })
        }
        for (const [own, width] of Object.entries(norms)) {
          const size = width === 'head' ? headSize : hiddenSize
          specs.push({ name: `model.layers.${layer}.${own}.weight`, shape: [size] })
        }
      }
      return specs
    },

    embed(context, config, tokens) {
      const rows = gatherRows(context.graph, context.weight('model.embed_tokens.weight'), tokens)
      return definition.embed?.(rows, context, config) ?? rows
    },

    layers(context, config, input, { from, to } = { from: 0, to: config.layers }) {
      let hidden = input
      for (let layer = from; layer < to; layer++) {
        hidden = definition.layer(createDecoderLayer(context, config, layer, moduleName, norm), hidden)
      }
      return hidden
    },

    finalNorm: ({ graph, weight }, config, hidden) =>
      norm(graph, hidden, weight('model.norm.weight'), config.normEpsilon),

    projection: (config) => (config.tiedEmbeddings ? 'model.embed_tokens.weight' : 'lm_head.weight'),
  }
}

/** A window that holds the whole context changes nothing. */
function withoutIdleWindows(config: ModelConfig): ModelConfig {
  const attention = config.attention.map((layer) =>
    layer.window !== null && layer.window >= config.contextLength ? { ...layer, window: null } : layer,
  )
  return { ...config, attention }
}
