import type { Graph, Shape, Value } from '../graph/graph.ts'
import { gatherRows } from '../graph/ops/gather-rows.ts'
import { addLowRank } from '../graph/ops/add-low-rank.ts'
import { linears, type AdapterDropout, type LowRankPair } from '../graph/ops/linear.ts'
import { rotary, type Rotation } from '../graph/ops/rotary.ts'
import type { Architecture, LayerContext, ModelConfig } from './architecture.ts'

export interface LayerContextOptions {
  readonly graph: Graph
  readonly architecture: Architecture
  readonly config: ModelConfig
  /** Of each kind in the config. */
  readonly rotations: readonly Rotation[]
  /** The adapter of a linear module by its full name, if it has one. */
  readonly adapterOf: (module: string) => LowRankPair | undefined
  /** Adapters that come with each run, in place of those of `adapterOf`. */
  readonly givenAdapters?: GivenAdapters | undefined
  /** `x Wᵀ` of matrices that are there in another form than fp32. */
  readonly productsOf?: ((weights: readonly string[]) => ((input: Value) => Value[]) | undefined) | undefined
  /** Dropout before the adapters of the modules that share an input; none by default. */
  readonly dropoutOf?: ((modules: readonly string[], input: Value) => AdapterDropout | undefined) | undefined
  readonly attend: LayerContext['attend']
  /** Indices of the rows whose last hidden states are wanted, `[wanted]`, int64. */
  readonly wantedRows: Value
}

/** Low-rank matrices that are inputs of the graph: of several adapters, one below the other, each with rows of its own. */
export interface GivenAdapters {
  /** Of a linear module by its full name: `[ranks, inputs]` and, scaled, `[ranks, outputs]`. */
  readonly matrices: (module: string, shape: Shape) => { readonly a: Value; readonly b: Value }
  /** For rows of this input: 1 where the rank is one of the row's adapter, else 0; `[rows, ranks]`. */
  readonly mask: (input: Value) => Value
}

/** What the training graph and the inference graph have in common: weights, adapted linear layers, rotation. */
export function createLayerContext(options: LayerContextOptions): LayerContext {
  const { graph, architecture, config, rotations, adapterOf, productsOf, dropoutOf, attend, wantedRows } =
    options
  const { givenAdapters } = options
  const shapes = new Map(architecture.tensors(config).map(({ name, shape }) => [name, shape]))
  const bias = (module: string): Value | undefined =>
    shapes.has(`${module}.bias`) ? weight(`${module}.bias`) : undefined
  const rotationOf = (layer: number): Rotation => {
    const rotation = rotations[config.attention[layer]?.rotation ?? -1]
    if (rotation === undefined) throw new Error(`layer ${layer} has no rotation`)
    return rotation
  }
  const weight = (name: string): Value => {
    const shape = shapes.get(name)
    if (shape === undefined) throw new Error(`${architecture.name} has no tensor ${name}`)
    return graph.weight(name, shape)
  }
  return {
    graph,
    weight,
    linears: (input, modules) => {
      const outputs = linears(
        graph,
        input,
        modules.map((module) => ({
          weight: weight(`${module}.weight`),
          bias: bias(module),
          adapter: adapterOf(module),
        })),
        modules.some((module) => adapterOf(module) !== undefined) ? dropoutOf?.(modules, input) : undefined,
        productsOf?.(modules.map((module) => `${module}.weight`)),
      )
      if (givenAdapters === undefined) return outputs as { [Index in keyof typeof modules]: Value }
      const mask = givenAdapters.mask(input)
      return modules.map((module, index) => {
        const matrices = givenAdapters.matrices(module, weight(`${module}.weight`).shape)
        return addLowRank(graph, outputs[index] as Value, input, { ...matrices, mask })
      }) as { [Index in keyof typeof modules]: Value }
    },
    rotate: (layer, input, heads) => rotary(graph, input, heads, rotationOf(layer)),
    attend,
    wanted: (value) => gatherRows(graph, value, wantedRows),
  }
}
