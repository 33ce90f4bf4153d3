import type { Arithmetic } from '../../core/arithmetic.ts'
import { adaptedModules, matrixNames, type AdapterConfig } from '../adapter/adapter.ts'
import type { Architecture, ModelConfig } from '../arch/architecture.ts'
import {
  attention,
  attentionOfOneRow,
  toKeyHeads,
  toQueryHeads,
  type Block,
  type Segment,
} from '../arch/attention.ts'
import { createLayerContext, type GivenAdapters } from '../arch/layer-context.ts'
import { maskName, windowsOf } from '../arch/masks.ts'
import { rotationInputs } from '../arch/position-inputs.ts'
import { Graph, type Dimension, type Shape, type Value } from '../graph/graph.ts'
import { concat } from '../graph/ops/concat.ts'
import { levelProduct } from '../graph/ops/level-product.ts'
import { gatherRows } from '../graph/ops/gather-rows.ts'
import { projectTargets } from '../graph/ops/linear-cross-entropy.ts'
import { reshape } from '../graph/ops/reshape.ts'
import { split } from '../graph/ops/split.ts'
import { simplifyShapes } from '../graph/simplify-shapes.ts'
import { levelNames, type LevelPiece } from '../weights/level-cache.ts'
import { levelGroup } from '../weights/level-matrix.ts'

/** Names of a layer's tensors in the graph's inputs and outputs. */
export const cacheNames = (
  layer: number,
): Record<'sharedKeys' | 'sharedValues' | 'pastKeys' | 'pastValues' | 'keys' | 'values', string> => ({
  sharedKeys: `shared_keys_${layer}`,
  sharedValues: `shared_values_${layer}`,
  pastKeys: `past_keys_${layer}`,
  pastValues: `past_values_${layer}`,
  keys: `keys_${layer}`,
  values: `values_${layer}`,
})

export interface InferenceGraphOptions {
  /** Matrices that are multiplied as levels instead of fp32 numbers. */
  readonly levels?: InferenceLevels | undefined
  /**
   * For runs of one new token of one sequence: a graph with half the nodes around attention, without
   * `log_probabilities`. Its `past_*`, `keys_*` and `values_*` have no axis for the batch. Default false.
   */
  readonly singleRow?: boolean
  /** Adapters come with each run, as inputs (`adapterInputs`), instead of one as constants. Default false. */
  readonly givenAdapters?: boolean
}

/** Names of the inputs for adapters that come with each run: `a [ranks, inputs]` and `b [ranks, outputs]` of a module, mask. */
export const adapterInputs: {
  readonly mask: string
  readonly matrices: (module: string) => { readonly a: string; readonly b: string }
} = {
  mask: 'adapter_mask',
  matrices: (module) => ({ a: `${module}.adapter_a`, b: `${module}.adapter_b` }),
}

interface InferenceLevels {
  /** Of each matrix that there are levels of, by the name of its weight. */
  readonly bits: ReadonlyMap<string, 4 | 8>
  readonly arithmetic: Arithmetic
}

/**
 * Prefill and decode as one graph, from the same modules as the training graph. New tokens attend to three segments: keys
 * that all sequences share (a common prefix, computed once), keys of their own past, and the new ones before them. Each
 * segment may be empty.
 *
 * Inputs: `tokens [batch, length]`, cosines and sines (`rotationInputs`), masks for each window of the
 * model's layers (`inferenceMasks`), for each layer `shared_* [keyValueHeads, shared, headSize]` and
 * `past_* [keyValueHeads, batch, past, headSize]`; `wanted_rows [wanted]`, at least one; `targets` and `row_of_target`
 * `[targets]`: tokens whose log-probability is wanted, and for each the place in `wanted_rows` of the row before it;
 * `scored_rows [1]`: how many of the wanted rows, from the first on, `row_of_target` may name.
 * Outputs: `logits [wanted, vocabulary]`, `log_probabilities [targets]`, and for each layer `keys_*`, `values_*`
 * `[keyValueHeads, batch, length, headSize]` of the new tokens. With `givenAdapters` also the inputs of `adapterInputs`; the
 * mask is `[batch · length, ranks]`.
 */
export function buildInferenceGraph(
  architecture: Architecture,
  config: ModelConfig,
  adapter?: AdapterConfig,
  { levels, singleRow = false, givenAdapters = false }: InferenceGraphOptions = {},
): Graph {
  const { keyValueHeads, headSize, layers } = config
  const graph = new Graph()
  const block = singleRow ? { batch: 1, length: 1 } : { batch: 'batch', length: 'length' }
  const tokens = graph.input('tokens', 'int64', [block.batch, block.length])
  const rotations = rotationInputs(graph, config)
  const maskInputs = singleRow ? maskInputsOfOneRow : maskInputsOf(block)
  const masks = new Map(windowsOf(config).map((window) => [window, maskInputs(graph, window)]))
  const maskOf = (layer: number): Masks | undefined => masks.get(config.attention[layer]?.window ?? null)
  const wantedRows = graph.input('wanted_rows', 'int64', ['wanted'])
  const targets = graph.input('targets', 'int64', ['targets'])
  const rowOfTarget = graph.input('row_of_target', 'int64', ['targets'])
  const scoredRows = graph.input('scored_rows', 'int64', [1])

  const shared = (name: string): Value => graph.input(name, 'float32', [keyValueHeads, 'shared', headSize])
  const batch = singleRow ? [] : [block.batch]
  const past = (name: string): Value =>
    graph.input(name, 'float32', [keyValueHeads, ...batch, 'past', headSize])
  const segments = Array.from({ length: layers }, (_, layer): [Segment, Segment] => {
    const names = cacheNames(layer)
    const mask = maskOf(layer)
    const [sharedKeys, sharedValues] = [shared(names.sharedKeys), shared(names.sharedValues)]
    const [pastKeys, pastValues] = [past(names.pastKeys), past(names.pastValues)]
    return [
      { keys: sharedKeys, values: sharedValues, length: 'shared', mask: mask?.shared },
      { keys: pastKeys, values: pastValues, length: 'past', mask: mask?.past },
    ]
  })

  const attend = (layer: number, queries: Value, keys: Value, values: Value): Value => {
    const toHeads = (rows: Value): Value =>
      singleRow ? reshape(graph, rows, [keyValueHeads, 1, headSize]) : toKeyHeads(graph, rows, block, config)
    const own = {
      keys: toHeads(keys),
      values: toHeads(values),
      length: block.length,
      mask: maskOf(layer)?.own,
    }
    const names = cacheNames(layer)
    graph.output(names.keys, own.keys)
    graph.output(names.values, own.values)
    const all = [...(segments[layer] ?? []), own]
    return singleRow
      ? attentionOfOneRow(graph, queries, all, config)
      : attention(graph, toQueryHeads(graph, queries, block, config), all, block, config)
  }

  const productsOf = levels === undefined ? undefined : levelProducts(graph, architecture, config, levels)
  const adapted = adapter === undefined ? undefined : adaptedModules(architecture, config, adapter)
  const rows = graph.product('batch·length', [block.batch, block.length])
  const context = createLayerContext({
    graph,
    architecture,
    config,
    rotations,
    attend,
    wantedRows,
    productsOf,
    givenAdapters: givenAdapters ? inputsForAdapters(graph, rows, wantedRows) : undefined,
    adapterOf: (module) => {
      const found = adapted?.get(module)
      if (found === undefined) return undefined
      const { rank, scale, outputs, inputs } = found
      const { a, b } = matrixNames(module)
      return { a: graph.weight(a, [rank, inputs]), b: graph.weight(b, [outputs, rank]), scale }
    },
  })
  const embedded = architecture.embed(context, config, reshape(graph, tokens, [rows]))
  const hidden = architecture.layers(context, config, embedded)
  const projection = context.weight(architecture.projection(config))
  const logitsOf = productsOf?.([architecture.projection(config)])
  const normalized = architecture.finalNorm(context, config, hidden)
  const { logits, logProbabilities } = projectTargets(graph, normalized, projection, targets, {
    rowOfTarget,
    scoredRows,
    product: logitsOf && ((hiddenRows) => logitsOf(hiddenRows)[0] as Value),
  })
  graph.output('logits', logits)
  if (singleRow) simplifyShapes(graph)
  else graph.output('log_probabilities', logProbabilities)
  return graph
}

function inputsForAdapters(graph: Graph, rows: Dimension, wantedRows: Value): GivenAdapters {
  const mask = graph.input(adapterInputs.mask, 'float32', [rows, 'ranks'])
  let ofWanted: Value | undefined
  return {
    matrices(module, [outputs = 1, inputs = 1]) {
      const { a, b } = adapterInputs.matrices(module)
      return {
        a: graph.input(a, 'float32', ['ranks', inputs]),
        b: graph.input(b, 'float32', ['ranks', outputs]),
      }
    },
    // After the last layer's attention only the wanted rows are left.
    mask: ({ shape }) => (shape[0] === rows ? mask : (ofWanted ??= gatherRows(graph, mask, wantedRows))),
  }
}

/**
 * How matrices are multiplied that there are levels of. Those of one input become one matrix, because each product of a
 * single row is so short that starting it counts; the runtime joins them when the graph is opened.
 */
function levelProducts(
  graph: Graph,
  architecture: Architecture,
  config: ModelConfig,
  { bits, arithmetic }: InferenceLevels,
): (weights: readonly string[]) => ((input: Value) => Value[]) | undefined {
  const shapes = new Map(architecture.tensors(config).map(({ name, shape }) => [name, shape]))
  return (weights) => {
    const [own] = weights.map((weight) => bits.get(weight))
    if (own === undefined || weights.some((weight) => bits.get(weight) !== own)) return undefined
    const sizes = weights.map((weight) => shapes.get(weight)?.[0] ?? 1)
    const inputs = shapes.get(weights[0] ?? '')?.[1] ?? 1
    const outputs = sizes.reduce((sum, size) => sum + size, 0)
    const joined = (piece: LevelPiece, last: readonly number[], type?: 'uint8'): Value => {
      const values = weights.map((weight, index) =>
        graph.weight(levelNames(weight)[piece], [sizes[index] ?? 1, inputs / levelGroup, ...last], type),
      )
      return concat(graph, values, 0, outputs)
    }
    const half = [levelGroup / 2]
    const matrix = {
      outputs,
      inputs,
      low: joined('low', half, 'uint8'),
      scales: joined('scales', []),
      offsets: joined('offsets', []),
      high:
        own === 8 ? { levels: joined('high', half, 'uint8'), scales: joined('highScales', []) } : undefined,
    }
    return (input) => {
      const product = levelProduct(graph, input, matrix, arithmetic)
      return split(graph, product, 1, sizes)
    }
  }
}

interface Masks {
  /** Not there for one new token, which sees itself. */
  readonly own?: Value
  readonly past: Value
  readonly shared?: Value
}

const maskInputsOf =
  ({ batch, length }: Block) =>
  (graph: Graph, window: number | null): Masks => {
    const input = (mask: string, shape: Shape): Value => graph.input(maskName(mask, window), 'float32', shape)
    const own = input('mask', [length, length])
    const past = input('past_mask', [1, batch, 1, window === null ? 1 : `pastQueries ${window}`, 'past'])
    if (window === null) return { own, past }
    const sizes = ['batch', 'queries', 'keys'].map((size) => `shared ${size} ${window}`)
    const [sequences = 1, queries = 1, keys = 1] = sizes
    return { own, past, shared: input('shared_mask', [1, sequences, 1, queries, keys]) }
  }

/** The same masks, for scores of one row. */
function maskInputsOfOneRow(graph: Graph, window: number | null): Masks {
  const input = (mask: string, keys: string): Value => {
    const value = graph.input(maskName(mask, window), 'float32', [1, 1, 1, 1, keys])
    return reshape(graph, value, [1, 1, keys])
  }
  const past = input('past_mask', 'past')
  return window === null ? { past } : { past, shared: input('shared_mask', `shared keys ${window}`) }
}
