import type { Graph, Value } from './graph.ts'

/**
 * Writes out what the runtime's WebGPU provider leaves undone: its root-mean-square normalisation never fills its second
 * output, the inverse of the root, from which gradients are computed. Changes the graph.
 */
export function writeForWebGpu(graph: Graph): void {
  const read = new Set(graph.nodes.flatMap(({ inputs }) => inputs))
  for (const node of graph.nodes.slice()) {
    const [output = '', inverse = ''] = node.outputs
    if (node.operator !== 'SimplifiedLayerNormalization' || !read.has(inverse)) continue
    const epsilon = node.attributes['epsilon']
    if (typeof epsilon !== 'object' || !('float' in epsilon)) throw new Error('a norm without an epsilon')
    const start = graph.nodes.length
    writeInverse(graph, graph.value(node.inputs[0] ?? ''), graph.value(inverse), epsilon.float)
    const written = graph.nodes.splice(start)
    graph.nodes.splice(graph.nodes.indexOf(node), 1, { ...node, outputs: [output] }, ...written)
  }
}

/** `1 / √(mean(x²) + ε)` under the name of `inverse`. */
function writeInverse(graph: Graph, input: Value, { name, shape }: Value, epsilon: number): void {
  const square = graph.node('Mul', [input, input], input.shape)
  const mean = graph.node('ReduceMean', [square, graph.integers([-1])], shape)
  const root = graph.node('Sqrt', [graph.node('Add', [mean, graph.scalar(epsilon)], shape)], shape)
  graph.node('Reciprocal', [root], shape)
  const last = graph.nodes.pop()
  if (last !== undefined) graph.nodes.push({ ...last, outputs: [name] })
}

/** Names of dimensions that must not be 0: the provider's softmax ends the process where its last one is. */
export function sizesThatWebGpuNeeds(graph: Graph): ReadonlySet<string> {
  const last = graph.nodes
    .filter(({ operator }) => operator === 'Softmax')
    .map(({ inputs }) => graph.value(inputs[0] ?? '').shape.at(-1))
  return new Set(last.filter((dimension) => typeof dimension === 'string'))
}
