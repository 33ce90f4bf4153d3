import type { GradientCheckpointing, PreferenceSettings } from '../../core/training-settings.ts'
import { adaptedModules, adapterTensorSpecs, matrixNames, type AdapterConfig } from '../adapter/adapter.ts'
import type { Architecture, ModelConfig } from '../arch/architecture.ts'
import { attention, toKeyHeads, toQueryHeads, type Block } from '../arch/attention.ts'
import { createLayerContext } from '../arch/layer-context.ts'
import { maskName, windowsOf } from '../arch/masks.ts'
import { rotationInputs } from '../arch/position-inputs.ts'
import { gradients } from '../graph/gradient.ts'
import { Graph, type Shape, type Value } from '../graph/graph.ts'
import type { AdapterDropout } from '../graph/ops/linear.ts'
import { linearCrossEntropy, linearLogProbabilities } from '../graph/ops/linear-cross-entropy.ts'
import { packRows, unpackRows, type Packing } from '../graph/ops/packed-rows.ts'
import { preferenceLoss } from '../graph/ops/preference-loss.ts'
import { reshape } from '../graph/ops/reshape.ts'
import { recomputeSegments } from '../graph/recompute.ts'

export const gradientName = (tensor: string): string => `gradient ${tensor}`

export interface TrainingGraphOptions {
  /** Probability with which an element of the adapters' input is dropped, for gradients only; default 0. */
  readonly dropout?: number
  /** Default `none`. */
  readonly gradientCheckpointing?: GradientCheckpointing
  /** The loss of preference pairs, instead of cross-entropy. */
  readonly preference?: PreferenceSettings | null
}

/** Operators that multiply with weights: nearly all of a step's time. */
const weightProducts: ReadonlySet<string> = new Set(['Gemm'])

/** The dropout masks that a training graph is fed with. */
export const dropoutInputs = (graph: Graph): { readonly name: string; readonly shape: Shape }[] =>
  graph.inputs.filter(({ type }) => type === 'bool')

/**
 * One training step as a graph: the loss of a batch and the gradient of every adapter matrix.
 *
 * The rows of a batch are its common prefix, once, and then the rest of each sequence, without padding between them. Linear
 * layers see all rows as one matrix. For attention the rests form a rectangle of `batch · length` places; each attends to
 * the prefix's keys and values and to its own, so the prefix's gradient is the sum over the batch.
 *
 * Inputs: `tokens [rows]`, `row_of_place [batch, length]` and `place_of_row [rows]` (see `Packing`), cosines and sines
 * (`rotationInputs`), masks for each window of the model's layers (`trainingMasks`), `loss_rows`, `targets`, `loss_weights`
 * `[lossRows]`, and the adapter's matrices by name. Outputs: `loss`, `log_probabilities [lossRows]`, and `gradient <name>`
 * for each matrix. With dropout also a bool mask `[rows, width]` for each input of adapted layers. For preference pairs,
 * `pair_signs [pairs, lossRows]`, `pair_references` and `pair_weights` `[pairs]` take the place of `loss_weights`
 * (`preferenceLoss`), and `margins [pairs]` is an output.
 *
 * @param purpose `loss` leaves the backward pass out, for validation
 */
export function buildTrainingGraph(
  architecture: Architecture,
  config: ModelConfig,
  adapter: AdapterConfig,
  purpose: 'gradients' | 'loss' = 'gradients',
  options: TrainingGraphOptions = {},
): Graph {
  const { dropout = 0, gradientCheckpointing = 'none', preference = null } = options
  const graph = new Graph()
  const tokens = graph.input('tokens', 'int64', ['rows'])
  const rowOfPlace = graph.input('row_of_place', 'int64', ['batch', 'length'])
  const placeOfRow = graph.input('place_of_row', 'int64', ['rows'])
  const rotations = rotationInputs(graph, config)
  const masks = new Map(windowsOf(config).map((window) => [window, maskInputs(graph, window)]))
  const lossRows = graph.input('loss_rows', 'int64', ['lossRows'])
  const targets = graph.input('targets', 'int64', ['lossRows'])
  const matrices = new Map(
    adapterTensorSpecs(architecture, config, adapter).map(({ name, shape }) => [
      name,
      graph.input(name, 'float32', shape, { differentiable: purpose === 'gradients' }),
    ]),
  )

  const adapted = adaptedModules(architecture, config, adapter)
  const places = graph.product('batch·length', ['batch', 'length'])
  const packing: Packing = {
    prefix: 'prefix',
    places,
    rowOfPlace: reshape(graph, rowOfPlace, [places]),
    placeOfRow,
  }
  const prefixBlock: Block = { batch: 1, length: 'prefix' }
  const suffixBlock: Block = { batch: 'batch', length: 'length' }

  const layerStarts: number[] = []
  const attend = (layer: number, queries: Value, keys: Value, values: Value): Value => {
    layerStarts.push(graph.nodes.length)
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

  const dropoutOf = (modules: readonly string[], input: Value): AdapterDropout => ({
    mask: graph.input(`dropout ${modules.join(' ')}`, 'bool', input.shape),
    keep: 1 - dropout,
  })
  const context = createLayerContext({
    graph,
    architecture,
    config,
    rotations,
    attend,
    wantedRows: lossRows,
    dropoutOf: dropout > 0 && purpose === 'gradients' ? dropoutOf : undefined,
    adapterOf: (module) => {
      const names = matrixNames(module)
      const [a, b, scale] = [matrices.get(names.a), matrices.get(names.b), adapted.get(module)?.scale]
      return a === undefined || b === undefined || scale === undefined ? undefined : { a, b, scale }
    },
  })

  const hidden = architecture.layers(context, config, architecture.embed(context, config, tokens))
  const predicting = architecture.finalNorm(context, config, hidden)
  const projection = context.weight(architecture.projection(config))
  const loss = addLoss(graph, predicting, projection, targets, preference)
  graph.output('loss', loss)
  if (purpose === 'loss') return graph

  const forwardNodes = graph.nodes.length
  const gradientOf = new Map<string, Value>()
  const values = gradients(graph, loss, [...matrices.values()], graph.scalar(1), (value, gradient) =>
    gradientOf.set(value.name, gradient),
  )
  for (const [index, name] of [...matrices.keys()].entries()) {
    graph.output(gradientName(name), values[index] as Value)
    gradientOf.set(name, values[index] as Value)
  }
  if (gradientCheckpointing !== 'none') {
    const kept = gradientCheckpointing === 'activations' ? weightProducts : new Set<string>()
    recomputeSegments(graph, { forwardNodes, starts: layerStarts, gradientOf, kept })
  }
  return graph
}

function maskInputs(graph: Graph, window: number | null): { prefix: Value; own: Value; shared?: Value } {
  const input = (mask: string, shape: Shape): Value => graph.input(maskName(mask, window), 'float32', shape)
  const prefix = input('prefix_mask', ['prefix', 'prefix'])
  const own = input('mask', ['length', 'length'])
  if (window === null) return { prefix, own }
  const shape = [1, 1, 1, `sharedQueries ${window}`, `sharedKeys ${window}`]
  return { prefix, own, shared: input('shared_mask', shape) }
}

function addLoss(
  graph: Graph,
  hidden: Value,
  projection: Value,
  targets: Value,
  preference: PreferenceSettings | null,
): Value {
  if (preference === null) {
    const weights = graph.input('loss_weights', 'float32', ['lossRows'])
    const { loss, logProbabilities } = linearCrossEntropy(graph, hidden, projection, targets, weights)
    graph.output('log_probabilities', logProbabilities)
    return loss
  }
  const logProbabilities = linearLogProbabilities(graph, hidden, projection, targets)
  const signs = graph.input('pair_signs', 'float32', ['pairs', 'lossRows'])
  const references = graph.input('pair_references', 'float32', ['pairs'])
  const weights = graph.input('pair_weights', 'float32', ['pairs'])
  const { loss, margins } = preferenceLoss(
    graph,
    { logProbabilities, signs, references, weights },
    preference,
  )
  graph.output('log_probabilities', logProbabilities)
  graph.output('margins', margins)
  return loss
}
