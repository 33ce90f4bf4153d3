import type { Graph, Value } from '../graph.ts'
import { gatherRows } from './gather-rows.ts'
import { gemm } from './gemm.ts'
import { reshapeNode } from './reshape.ts'

export interface LinearCrossEntropy {
  /** Scalar: sum of `weights · −log p(target)`. */
  readonly loss: Value
  /** `[rows]`: log p(target), natural logarithm. */
  readonly logProbabilities: Value
}

/**
 * Vocabulary projection and weighted cross-entropy in one operation, so that neither a one-hot matrix nor a gradient of the
 * size of the logits beyond the exponentials is made: `d hidden = weight · (softmax · E − E[target])`.
 *
 * @param hidden `[rows, hidden]`
 * @param projection `[vocabulary, hidden]`, frozen
 * @param targets `[rows]`, int64
 * @param weights `[rows]`, 0 for padding
 */
export function linearCrossEntropy(
  graph: Graph,
  hidden: Value,
  projection: Value,
  targets: Value,
  weights: Value,
): LinearCrossEntropy {
  const [rows = 1] = hidden.shape
  const projected = projectTargets(graph, hidden, projection, targets)
  const { logProbabilities } = projected
  const weighted = graph.node('Mul', [logProbabilities, weights], [rows])
  const sum = graph.node('ReduceSum', [weighted, graph.integers([0])], [], { attributes: { keepdims: 0 } })
  const loss = graph.node('Neg', [sum], [])
  graph.differentiate(loss, [hidden], (gradient) => {
    const difference = hiddenGradient(graph, hidden, projection, projected)
    const factors = reshapeNode(graph, graph.node('Mul', [weights, gradient], [rows]), [rows, 1])
    return [graph.node('Mul', [difference, factors], hidden.shape)]
  })
  return { loss, logProbabilities }
}

/**
 * log p(target) of each row, with its gradient: for losses that are not a weighted sum of them. See `linearCrossEntropy`.
 *
 * @returns `[rows]`
 */
export function linearLogProbabilities(
  graph: Graph,
  hidden: Value,
  projection: Value,
  targets: Value,
): Value {
  const [rows = 1] = hidden.shape
  const projected = projectTargets(graph, hidden, projection, targets)
  return graph.differentiate(projected.logProbabilities, [hidden], (gradient) => {
    const difference = hiddenGradient(graph, hidden, projection, projected)
    const factors = reshapeNode(graph, graph.node('Neg', [gradient], [rows]), [rows, 1])
    return [graph.node('Mul', [difference, factors], hidden.shape)]
  })
}

/** Gradient of −log p(target) of each row: `softmax · E − E[target]`, `[rows, hidden]`. */
function hiddenGradient(
  graph: Graph,
  hidden: Value,
  projection: Value,
  { exponentials, total, targetRows }: ProjectedTargets,
): Value {
  const expected = gemm(graph, exponentials, projection, hidden.shape)
  const mean = graph.node('Div', [expected, total], hidden.shape)
  return graph.node('Sub', [mean, targetRows], hidden.shape)
}

export interface ProjectedTargets {
  /** `[rows, vocabulary]` */
  readonly logits: Value
  /** `[targets]`: log p(target), natural logarithm. */
  readonly logProbabilities: Value
  /** `[scored rows, vocabulary]`: of the logits less the row's largest. */
  readonly exponentials: Value
  /** `[scored rows, 1]`: sum of the exponentials. */
  readonly total: Value
  /** `[targets, hidden]`: the projection's rows of the targets. */
  readonly targetRows: Value
}

export interface ProjectionOptions {
  /** `[targets]`, int64: the row of `hidden` that each target is predicted from. Default: one target a row. */
  readonly rowOfTarget?: Value
  /** `[1]`, int64: how many rows, from the first on, may have targets; the others get logits only. Default: all. */
  readonly scoredRows?: Value
  /** `hidden · projectionᵀ`, where it is not computed from the projection itself. */
  readonly product?: ((hidden: Value) => Value) | undefined
}

/**
 * Logits and the log-probabilities of targets, without a gradient. At least one row.
 *
 * @param targets `[targets]`, int64
 */
export function projectTargets(
  graph: Graph,
  hidden: Value,
  projection: Value,
  targets: Value,
  { rowOfTarget, scoredRows, product }: ProjectionOptions = {},
): ProjectedTargets {
  const [rows = 1, width = 1] = hidden.shape
  const [count = 1] = targets.shape
  const ofTargets = (value: Value): Value =>
    rowOfTarget === undefined ? value : gatherRows(graph, value, rowOfTarget)
  const [vocabulary = 1] = projection.shape
  const scored = scoredRows === undefined ? rows : 'scored'
  const column = [scored, 1]
  const lastAxis = graph.integers([-1])
  const logits =
    product?.(hidden) ?? gemm(graph, hidden, projection, [rows, vocabulary], { transposeRight: true })
  const ofScored =
    scoredRows === undefined
      ? logits
      : graph.node(
          'Slice',
          [logits, graph.integers([0]), scoredRows, graph.integers([0])],
          [scored, vocabulary],
        )
  const largest = graph.node('ReduceMax', [ofScored, lastAxis], column)
  const differences = graph.node('Sub', [ofScored, largest], ofScored.shape)
  const exponentials = graph.node('Exp', [differences], ofScored.shape)
  const total = graph.node('ReduceSum', [exponentials, lastAxis], column)
  const targetRows = graph.node('Gather', [projection, targets], [count, width], { attributes: { axis: 0 } })
  const products = graph.node('Mul', [ofTargets(hidden), targetRows], [count, width])
  const targetLogits = graph.node('ReduceSum', [products, lastAxis], [count, 1])
  const normalizer = graph.node('Add', [largest, graph.node('Log', [total], column)], column)
  const logarithms = graph.node('Sub', [targetLogits, ofTargets(normalizer)], [count, 1])
  const logProbabilities = reshapeNode(graph, logarithms, [count])
  return { logits, logProbabilities, exponentials, total, targetRows }
}
