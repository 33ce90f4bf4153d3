import type { Graph, Value } from '../graph.ts'
import { gemm } from './gemm.ts'
import { reshapeNode } from './reshape.ts'

export interface PreferenceLossInputs {
  /** `[rows]`: log p of each trained token. */
  readonly logProbabilities: Value
  /** `[pairs, rows]`: 1 where the row belongs to a pair's preferred answer, −1 where to the other one, else 0. */
  readonly signs: Value
  /** `[pairs]`: log p of the preferred answer less that of the other one, at the starting point. */
  readonly references: Value
  /** `[pairs]`: how much each pair counts in the sum. */
  readonly weights: Value
}

export interface PreferenceLoss {
  /** Scalar: the weighted sum over pairs. */
  readonly loss: Value
  /** `[pairs]`: β · (log-ratio of the preferred answer − log-ratio of the other). */
  readonly margins: Value
}

/**
 * The loss of direct preference optimisation: `−(1 − ε) log σ(m) − ε log σ(−m)` for each pair's margin `m`.
 * Rafailov et al. 2023, https://arxiv.org/abs/2305.18290, equation 7; with label smoothing ε by Mitchell,
 * https://ericmitchell.ai/cdpo.pdf
 */
export function preferenceLoss(
  graph: Graph,
  { logProbabilities, signs, references, weights }: PreferenceLossInputs,
  { beta, labelSmoothing }: { readonly beta: number; readonly labelSmoothing: number },
): PreferenceLoss {
  const [pairs = 1, rows = 1] = signs.shape
  const column = reshapeNode(graph, logProbabilities, [rows, 1])
  const ratios = reshapeNode(graph, gemm(graph, signs, column, [pairs, 1]), [pairs])
  const scaled = (value: Value, factor: number): Value =>
    graph.node('Mul', [value, graph.scalar(factor)], [pairs])
  const margins = scaled(graph.node('Sub', [ratios, references], [pairs]), beta)
  // −log σ(m) = softplus(−m), which does not overflow.
  const agreeing = graph.node('Softplus', [graph.node('Neg', [margins], [pairs])], [pairs])
  const opposing = graph.node('Softplus', [margins], [pairs])
  const smoothed = graph.node(
    'Add',
    [scaled(agreeing, 1 - labelSmoothing), scaled(opposing, labelSmoothing)],
    [pairs],
  )
  const weighted = graph.node('Mul', [smoothed, weights], [pairs])
  const loss = graph.node('ReduceSum', [weighted, graph.integers([0])], [], { attributes: { keepdims: 0 } })
  graph.differentiate(loss, [logProbabilities], (gradient) => {
    const share = graph.node('Sigmoid', [margins], [pairs])
    const slope = scaled(graph.node('Sub', [share, graph.scalar(1 - labelSmoothing)], [pairs]), beta)
    const counted = graph.node('Mul', [graph.node('Mul', [slope, weights], [pairs]), gradient], [pairs])
    const ofPairs = reshapeNode(graph, counted, [1, pairs])
    return [reshapeNode(graph, gemm(graph, ofPairs, signs, [1, rows]), [rows])]
  })
  return { loss, margins }
}
