import type { Graph, Value } from '../graph.ts'
import { gemm } from './gemm.ts'

/** The trainable matrices of one adapted linear layer, in PEFT's layout. */
export interface LowRankPair {
  /** `[rank, inputs]` */
  readonly a: Value
  /** `[outputs, rank]` */
  readonly b: Value
  /** Factor of the adapter's part: alpha / rank. */
  readonly scale: number
}

export interface LinearLayer {
  /** `[outputs, inputs]`; it is frozen: no gradient is computed for it. */
  readonly weight: Value
  /** `[outputs]`, frozen too. */
  readonly bias?: Value | undefined
  readonly adapter?: LowRankPair | undefined
}

/** Zeroes elements of the input on its way to the adapters; the frozen layers see all of it. */
export interface AdapterDropout {
  /** Of the input's shape, bool: true where an element is kept. */
  readonly mask: Value
  /** Probability with which an element is kept, by whose inverse those are scaled. */
  readonly keep: number
}

/**
 * Linear layers of one input, each `x Wᵀ`, with an optional bias and low-rank adapter: `x Wᵀ + bias + scale · (x Aᵀ) Bᵀ`.
 * LoRA: Hu et al. 2021, https://arxiv.org/abs/2106.09685
 *
 * The low-rank matrices are thin, and reading the input for each of them costs more than the product: those of all layers
 * are stacked, so that the input and its gradient are passed over once. So is its dropout: one mask for all of them.
 *
 * @param input `[rows, inputs]`
 * @param productsOf `x Wᵀ` of every layer, from another form of the weights; by default from the weights themselves
 * @returns `[rows, outputs]` of each layer
 */
export function linears(
  graph: Graph,
  input: Value,
  layers: readonly LinearLayer[],
  dropout?: AdapterDropout,
  productsOf?: (input: Value) => readonly Value[],
): Value[] {
  const [rows = 1, width = 1] = input.shape
  const masked = (value: Value): Value =>
    dropout === undefined
      ? value
      : graph.node('Where', [dropout.mask, value, graph.scalar(0)], value.shape, { type: 'float32' })
  const keep = dropout?.keep ?? 1
  const pairs = layers.flatMap(({ adapter }) => adapter ?? [])
  const adapted = pairs.length === 0 ? input : masked(input)
  const ranks = pairs.map(({ a }) => Number(a.shape[0]))
  const rank = ranks.reduce((sum, own) => sum + own, 0)
  const stacked = stack(
    graph,
    pairs.map(({ a }) => a),
    0,
    [rank, width],
  )
  const reduced =
    stacked === undefined
      ? []
      : cut(graph, gemm(graph, adapted, stacked, [rows, rank], { transposeRight: true }), 1, ranks)

  const reducedOf = new Map(pairs.map((pair, index) => [pair, reduced[index] as Value]))
  const given = productsOf?.(input)
  const outputs = layers.map(({ weight, bias, adapter }, index) => {
    const shape = [rows, weight.shape[0] ?? 1]
    const product = given?.[index]
    const frozen =
      product === undefined
        ? gemm(graph, input, weight, shape, { transposeRight: true, addend: bias })
        : withBias(graph, product, bias)
    if (adapter === undefined) return frozen
    const { b, scale } = adapter
    const left = reducedOf.get(adapter) as Value
    return gemm(graph, left, b, shape, { transposeRight: true, scale: scale / keep, addend: frozen })
  })

  const operands = [input, ...pairs.flatMap(({ a, b }) => [a, b])]
  graph.differentiateTogether(outputs, operands, (known) => {
    const gradients = known.map((gradient, index) => gradient ?? zerosLike(graph, outputs[index] as Value))
    const parts = layers.flatMap(({ adapter }, index) =>
      adapter === undefined
        ? []
        : { ...adapter, reduced: reducedOf.get(adapter) as Value, gradient: gradients[index] as Value },
    )
    const reducedGradient = stack(
      graph,
      parts.map(({ gradient, b, scale }) =>
        gemm(graph, gradient, b, [rows, b.shape[1] ?? 1], { scale: scale / keep }),
      ),
      1,
      [rows, rank],
    )
    let inputGradient: Value | undefined
    if (input.differentiable) {
      const products = layers.map(({ weight }, index) => [gradients[index] as Value, weight] as const)
      const isAdapted = reducedGradient !== undefined && stacked !== undefined
      if (isAdapted && dropout === undefined) products.push([reducedGradient, stacked])
      for (const [left, right] of products)
        inputGradient = gemm(graph, left, right, input.shape, { addend: inputGradient })
      if (isAdapted && dropout !== undefined && inputGradient !== undefined) {
        const kept = masked(gemm(graph, reducedGradient, stacked, input.shape))
        inputGradient = graph.node('Add', [inputGradient, kept], input.shape)
      }
    }
    if (reducedGradient === undefined) return [inputGradient]
    const stackedGradient = gemm(graph, reducedGradient, adapted, [rank, width], { transposeLeft: true })
    const gradientsOfA = cut(graph, stackedGradient, 0, ranks)
    return [
      inputGradient,
      ...parts.flatMap(({ gradient, reduced: left, b, scale }, index) => [
        gradientsOfA[index],
        gemm(graph, gradient, left, b.shape, { transposeLeft: true, scale: scale / keep }),
      ]),
    ]
  })
  return outputs
}

/** One linear layer: see `linears`. */
export function linear(graph: Graph, input: Value, weight: Value, adapter?: LowRankPair): Value {
  return linears(graph, input, [{ weight, adapter }])[0] as Value
}

function stack(
  graph: Graph,
  parts: readonly Value[],
  axis: number,
  shape: readonly (number | string)[],
): Value | undefined {
  return parts.length < 2 ? parts[0] : graph.node('Concat', parts, shape, { attributes: { axis } })
}

function cut(graph: Graph, whole: Value, axis: number, sizes: readonly number[]): Value[] {
  if (sizes.length === 1) return [whole]
  const shapes = sizes.map((size) => whole.shape.with(axis, size))
  return graph.multiple('Split', [whole, graph.integers(sizes)], shapes, { attributes: { axis } })
}

function zerosLike(graph: Graph, value: Value): Value {
  return graph.node('Mul', [value, graph.scalar(0)], value.shape)
}

const withBias = (graph: Graph, output: Value, bias: Value | undefined): Value =>
  bias === undefined ? output : graph.node('Add', [output, bias], output.shape)
