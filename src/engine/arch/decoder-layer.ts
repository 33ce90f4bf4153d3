import type { Graph, Value } from '../graph/graph.ts'
import { reshape } from '../graph/ops/reshape.ts'
import type { LayerContext, ModelConfig } from './architecture.ts'

/** Normalises the last axis of `input` and weighs it with `[width]`. */
export type Norm = (graph: Graph, input: Value, weight: Value, epsilon: number) => Value

/** What a layer is written with: the parts of one layer by their short names. */
export interface DecoderLayer {
  readonly graph: Graph
  readonly config: ModelConfig
  /** A norm of the layer: `[rows, hidden] → [rows, hidden]`. */
  readonly norm: (input: Value, name: string) => Value
  /** A norm of every head by itself: `[rows, heads · headSize]` of the same shape. */
  readonly headNorm: (input: Value, name: string) => Value
  /** Linear modules of one input: `[rows, inputs] → [rows, outputs]` each. */
  readonly linears: <const Modules extends readonly string[]>(
    input: Value,
    modules: Modules,
  ) => { [Index in keyof Modules]: Value }
  /** Rotates the heads of `[rows, heads · headSize]` by each row's position. */
  readonly rotate: (input: Value) => Value
  /** Causal attention: `[rows, heads · headSize]`, twice `[rows, keyValueHeads · headSize]` → `[rows, heads · headSize]`. */
  readonly attend: (queries: Value, keys: Value, values: Value) => Value
  /** In the last layer the rows whose hidden states are wanted, in the others all rows. */
  readonly wanted: (rows: Value) => Value
}

export function createDecoderLayer(
  context: LayerContext,
  config: ModelConfig,
  layer: number,
  moduleName: (layer: number, module: string) => string,
  norm: Norm,
): DecoderLayer {
  const { graph } = context
  const { headSize } = config
  const normOf = (input: Value, name: string): Value =>
    norm(graph, input, context.weight(`model.layers.${layer}.${name}.weight`), config.normEpsilon)
  const headsOf = (value: Value): number => Number(value.shape[1]) / headSize
  return {
    graph,
    config,
    norm: normOf,
    headNorm(input, name) {
      const [rows = 1] = input.shape
      const heads = reshape(graph, input, [rows, headsOf(input), headSize])
      return reshape(graph, normOf(heads, name), input.shape)
    },
    linears: (input, modules) =>
      context.linears(
        input,
        modules.map((module) => moduleName(layer, module)),
      ) as { [Index in keyof typeof modules]: Value },
    rotate: (input) => context.rotate(layer, input, headsOf(input)),
    attend: (queries, keys, values) => context.attend(layer, queries, keys, values),
    wanted: (rows) => (layer === config.layers - 1 ? context.wanted(rows) : rows),
  }
}
