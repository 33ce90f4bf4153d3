import type { Graph, Value } from '../graph.ts'

/**
 * Root-mean-square normalisation over the last axis, times a frozen weight: `x / √(mean(x²) + ε) · w`.
 * Zhang and Sennrich 2019, https://arxiv.org/abs/1910.07467
 *
 * @param input `[rows, hidden]`
 * @param weight `[hidden]`
 */
export function rmsNorm(graph: Graph, input: Value, weight: Value, epsilon: number): Value {
  const statistic = input.shape.with(input.shape.length - 1, 1)
  const [output, inverse] = graph.multiple(
    'SimplifiedLayerNormalization',
    [input, weight],
    [input.shape, statistic],
    {
      attributes: { axis: -1, epsilon: { float: epsilon } },
    },
  ) as [Value, Value]
  return graph.differentiate(output, [input], (gradient) => {
    const multiply = (left: Value, right: Value): Value => graph.node('Mul', [left, right], input.shape)
    const normalized = multiply(input, inverse)
    const weighted = multiply(gradient, weight)
    const projection = graph.node(
      'ReduceMean',
      [multiply(weighted, normalized), graph.integers([-1])],
      statistic,
    )
    const difference = graph.node('Sub', [weighted, multiply(normalized, projection)], input.shape)
    return [multiply(difference, inverse)]
  })
}
