import type { Graph, Node, Shape, Value } from './graph.ts'

/**
 * Takes out what only says again how numbers lie: a transposition that moves nothing but axes of size 1 becomes a reshape, of
 * reshapes one after another the last remains, and nodes whose output nobody reads go. Starting a node takes about as long
 * as a short row's arithmetic, so this is for graphs of few rows.
 */
export function simplifyShapes(graph: Graph): void {
  const madeBy = new Map<string, Node>()
  const sameAs = new Map<string, string>()
  const outputs = new Set(graph.outputs.map(({ value }) => value.name))
  const nodes: Node[] = []
  for (const original of graph.nodes) {
    const inputs = original.inputs.map((name) => sameAs.get(name) ?? name)
    let node: Node = asReshape(graph, { ...original, inputs }) ?? { ...original, inputs }
    if (node.operator === 'Reshape') {
      const [data = '', ...rest] = node.inputs
      const before = madeBy.get(data)
      const source = before?.operator === 'Reshape' ? (before.inputs[0] ?? data) : data
      node = { ...node, inputs: [source, ...rest] }
      const [output = ''] = node.outputs
      if (!outputs.has(output) && isSame(graph.value(source).shape, graph.value(output).shape)) {
        sameAs.set(output, source)
        continue
      }
    }
    for (const output of node.outputs) madeBy.set(output, node)
    nodes.push(node)
  }
  graph.nodes.splice(0, graph.nodes.length, ...usedNodes(nodes, outputs))
}

/** A transposition as a reshape, where the axes that are not of size 1 keep their order. */
function asReshape(graph: Graph, node: Node): Node | undefined {
  const order = node.attributes['perm']
  const [input = ''] = node.inputs
  const [output = ''] = node.outputs
  if (node.operator !== 'Transpose' || !Array.isArray(order)) return undefined
  const from = graph.value(input).shape
  const moved = order.filter((axis: number) => from[axis] !== 1)
  if (moved.some((axis: number, place) => place > 0 && axis < (moved[place - 1] ?? 0))) return undefined
  const shape = graph.value(output).shape
  if (shape.filter((size) => typeof size === 'string').length > 1 || shape.includes(0)) return undefined
  const sizes: Value = graph.integers(shape.map((size) => (typeof size === 'number' ? size : -1)))
  return { ...node, operator: 'Reshape', inputs: [input, sizes.name], attributes: {} }
}

function usedNodes(nodes: readonly Node[], outputs: ReadonlySet<string>): Node[] {
  const used = new Set(outputs)
  const kept: Node[] = []
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((output) => used.has(output))) continue
    for (const input of node.inputs) used.add(input)
    kept.push(node)
  }
  return kept.toReversed()
}

const isSame = (left: Shape, right: Shape): boolean =>
  left.length === right.length && left.every((size, axis) => size === right[axis])
