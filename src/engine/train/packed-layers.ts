import type { AdapterDropout, LowRankPair } from '../graph/ops/linear.ts'
import type { Architecture, LayerContext, ModelConfig } from '../arch/architecture.ts'
import { attention, toKeyHeads, toQueryHeads, type Block } from '../arch/attention.ts'
import { createLayerContext } from '../arch/layer-context.ts'
import { maskName, windowsOf } from '../arch/masks.ts'
import { rotationInputs } from '../arch/position-inputs.ts'
import type { Graph, Shape, Value } from '../graph/graph.ts'
import { packRows, unpackRows, type Packing } from '../graph/ops/packed-rows.ts'
import { reshape } from '../graph/ops/reshape.ts'

export interface PackedLayersOptions {
  readonly graph: Graph
  readonly architecture: Architecture
  readonly config: ModelConfig
  readonly adapterOf: (module: string) => LowRankPair | undefined
  readonly dropoutOf?: ((modules: readonly string[], input: Value) => AdapterDropout) | undefined
  /** Told before the attention of each layer is written down. */
  readonly onAttention?: (() => void) | undefined
  /** Rows whose last hidden states are wanted, `[wanted]`, int64. */
  readonly wantedRows: Value
}

/**
 * What layers are written with over the packed rows of a batch (`Packing`): linear layers see all rows as one matrix. For
 * attention the rests of the sequences form a rectangle of `batch · length` places; each attends to the prefix's keys and
 * values and to its own.
 *
 * Inputs: `row_of_place [batch, length]`, `place_of_row [rows]`, cosines and sines (`rotationInputs`), and masks for each
 * window of the model's layers (`trainingMasks`).
 */
export function createPackedLayers(options: PackedLayersOptions): LayerContext {
  const { graph, architecture, config, adapterOf, dropoutOf, onAttention, wantedRows } = options
  const rowOfPlace = graph.input('row_of_place', 'int64', ['batch', 'length'])
  const placeOfRow = graph.input('place_of_row', 'int64', ['rows'])
  const rotations = rotationInputs(graph, config)
  const masks = new Map(windowsOf(config).map((window) => [window, maskInputs(graph, window)]))
  const places = graph.product('batch·length', ['batch', 'length'])
  const packing: Packing = {
    prefix: 'prefix',
    places,
    rowOfPlace: reshape(graph, rowOfPlace, [places]),
    placeOfRow,
  }
  const prefixBlock: Block = { batch: 1, length: 'prefix' }
  const suffixBlock: Block = { batch: 'batch', length: 'length' }

  const attend = (layer: number, queries: Value, keys: Value, values: Value): Value => {
    onAttention?.()
    const mask = masks.get(config.attention[layer]?.window ?? null)
    const [prefixQueries, suffixQueries] = unpackRows(graph, queries, packing)
    const [prefixKeys, suffixKeys] = unpackRows(graph, keys, packing)
    const [prefixValues, suffixValues] = unpackRows(graph, values, packing)
    const ofPrefix = {
      keys: toKeyHeads(graph, prefixKeys, prefixBlock, config),
      values: toKeyHeads(graph, prefixValues, prefixBlock, config),
      length: 'prefix',
    }
    const shared = {
      keys: reshape(graph, ofPrefix.keys, [config.keyValueHeads, 'prefix', config.headSize]),
      values: reshape(graph, ofPrefix.values, [config.keyValueHeads, 'prefix', config.headSize]),
      length: 'prefix',
      mask: mask?.shared,
    }
    const own = {
      keys: toKeyHeads(graph, suffixKeys, suffixBlock, config),
      values: toKeyHeads(graph, suffixValues, suffixBlock, config),
      length: 'length',
      mask: mask?.own,
    }
    const prefixHeads = toQueryHeads(graph, prefixQueries, prefixBlock, config)
    const suffixHeads = toQueryHeads(graph, suffixQueries, suffixBlock, config)
    const prefixOutput = attention(
      graph,
      prefixHeads,
      [{ ...ofPrefix, mask: mask?.prefix }],
      prefixBlock,
      config,
    )
    const suffixOutput = attention(graph, suffixHeads, [shared, own], suffixBlock, config)
    return packRows(graph, prefixOutput, suffixOutput, packing)
  }
  return createLayerContext({
    graph,
    architecture,
    config,
    rotations,
    attend,
    wantedRows,
    dropoutOf,
    adapterOf,
  })
}

interface Masks {
  readonly prefix: Value
  readonly own: Value
  readonly shared?: Value
}

function maskInputs(graph: Graph, window: number | null): Masks {
  const input = (mask: string, shape: Shape): Value => graph.input(maskName(mask, window), 'float32', shape)
  const prefix = input('prefix_mask', ['prefix', 'prefix'])
  const own = input('mask', ['length', 'length'])
  if (window === null) return { prefix, own }
  const shape = [1, 1, 1, `sharedQueries ${window}`, `sharedKeys ${window}`]
  return { prefix, own, shared: input('shared_mask', shape) }
}
