import type { Graph, Value } from '../graph.ts'
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
  const [rows = 1, width = 1] = hidden.shape
  const [vocabulary = 1] = projection.shape
  const column = [rows, 1]
  const lastAxis = graph.integers([-1])

  const logits = gemm(graph, hidden, projection, [rows, vocabulary], { transposeRight: true })
  const largest = graph.node('ReduceMax', [logits, lastAxis], column)
  const exponentials = graph.node('Exp', [graph.node('Sub', [logits, largest], logits.shape)], logits.shape)
  const total = graph.node('ReduceSum', [exponentials, lastAxis], column)
  const targetRows = graph.node('Gather', [projection, targets], [rows, width], { attributes: { axis: 0 } })
  const targetLogits = graph.node(
    'ReduceSum',
    [graph.node('Mul', [hidden, targetRows], hidden.shape), lastAxis],
    column,
  )
  const normalizer = graph.node('Add', [largest, graph.node('Log', [total], column)], column)
  const logProbabilityColumn = graph.node('Sub', [targetLogits, normalizer], column)
  const logProbabilities = reshapeNode(graph, logProbabilityColumn, [rows])
  const weighted = graph.node('Mul', [logProbabilities, weights], [rows])
  const sum = graph.node('ReduceSum', [weighted, graph.integers([0])], [], { attributes: { keepdims: 0 } })
  const loss = graph.node('Neg', [sum], [])

  graph.differentiate(loss, [hidden], (gradient) => {
    const expected = gemm(graph, exponentials, projection, [rows, width])
    const mean = graph.node('Div', [expected, total], hidden.shape)
    const difference = graph.node('Sub', [mean, targetRows], hidden.shape)
    const factors = graph.node('Mul', [weights, gradient], [rows])
    const factorColumn = reshapeNode(graph, factors, column)
    return [graph.node('Mul', [difference, factorColumn], hidden.shape)]
  })
  return { loss, logProbabilities }
}
