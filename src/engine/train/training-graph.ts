import type { GradientCheckpointing, PreferenceSettings } from '../../core/training-settings.ts'
import { adaptedModules, adapterTensorSpecs, matrixNames, type AdapterConfig } from '../adapter/adapter.ts'
import type { Architecture, ModelConfig } from '../arch/architecture.ts'
import { gradients } from '../graph/gradient.ts'
import { Graph, type Shape, type Value } from '../graph/graph.ts'
import type { AdapterDropout } from '../graph/ops/linear.ts'
import { linearCrossEntropy, linearLogProbabilities } from '../graph/ops/linear-cross-entropy.ts'
import { preferenceLoss } from '../graph/ops/preference-loss.ts'
import { recomputeSegments } from '../graph/recompute.ts'
import { createPackedLayers } from './packed-layers.ts'

export const gradientName = (tensor: string): string => `gradient ${tensor}`

export interface TrainingGraphOptions {
  /** Probability with which an element of the adapters' input is dropped, for gradients only; default 0. */
  readonly dropout?: number
  /** Default `none`. */
  readonly gradientCheckpointing?: GradientCheckpointing
  /** The loss of preference pairs, instead of cross-entropy. */
  readonly preference?: PreferenceSettings | null
  /**
   * The lowest layer that is computed, default 0. What comes out of those below it is the input `hidden [rows, hidden]`, which
   * takes the place of `tokens`; none of them has an adapter.
   */
  readonly fromLayer?: number
}

/** Operators that multiply with weights: nearly all of a step's time. */
const weightProducts: ReadonlySet<string> = new Set(['Gemm'])

/** The dropout masks that a training graph is fed with. */
export const dropoutInputs = (graph: Graph): { readonly name: string; readonly shape: Shape }[] =>
  graph.inputs.filter(({ type }) => type === 'bool')

/**
 * One training step as a graph: the loss of a batch and the gradient of every adapter matrix.
 *
 * The rows of a batch are its common prefix, once, and then the rest of each sequence, without padding between them
 * (`createPackedLayers`), so the prefix's gradient is the sum over the batch.
 *
 * Inputs: `tokens [rows]`, those of `createPackedLayers`, `loss_rows`, `targets`, `loss_weights` `[lossRows]`, and the
 * adapter's matrices by name. Outputs: `loss`, `log_probabilities [lossRows]`, and `gradient <name>` for each matrix. With
 * dropout also a bool mask `[rows, width]` for each input of adapted layers. For preference pairs,
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
  const { dropout = 0, gradientCheckpointing = 'none', preference = null, fromLayer = 0 } = options
  const graph = new Graph()
  const below =
    fromLayer === 0
      ? graph.input('tokens', 'int64', ['rows'])
      : graph.input('hidden', 'float32', ['rows', config.hiddenSize])
  const lossRows = graph.input('loss_rows', 'int64', ['lossRows'])
  const targets = graph.input('targets', 'int64', ['lossRows'])
  const matrices = new Map(
    adapterTensorSpecs(architecture, config, adapter).map(({ name, shape }) => [
      name,
      graph.input(name, 'float32', shape, { differentiable: purpose === 'gradients' }),
    ]),
  )

  const adapted = adaptedModules(architecture, config, adapter)
  const dropoutOf = (modules: readonly string[], input: Value): AdapterDropout => ({
    mask: graph.input(`dropout ${modules.join(' ')}`, 'bool', input.shape),
    keep: 1 - dropout,
  })
  const layerStarts: number[] = []
  const context = createPackedLayers({
    graph,
    architecture,
    config,
    wantedRows: lossRows,
    onAttention: () => layerStarts.push(graph.nodes.length),
    dropoutOf: dropout > 0 && purpose === 'gradients' ? dropoutOf : undefined,
    adapterOf: (module) => {
      const names = matrixNames(module)
      const [a, b, scale] = [matrices.get(names.a), matrices.get(names.b), adapted.get(module)?.scale]
      return a === undefined || b === undefined || scale === undefined ? undefined : { a, b, scale }
    },
  })

  const embedded = fromLayer === 0 ? architecture.embed(context, config, below) : below
  const hidden = architecture.layers(context, config, embedded, { from: fromLayer, to: config.layers })
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
