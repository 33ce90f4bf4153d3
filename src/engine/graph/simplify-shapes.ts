import type { Graph, Node, Shape } from './graph.ts'

/**
 * Takes out what only says again how numbers lie: of reshapes one after another the last remains, and nodes whose output nobody
 * reads go. Starting a node takes about as long as a short row's arithmetic, so this is for graphs of few rows.
 */
export function simplifyShapes(graph: Graph): void {
  const madeBy = new Map<string, Node>()
  const sameAs = new Map<string, string>()
  const outputs = new Set(graph.outputs.map(({ value }) => value.name))
  const nodes: Node[] = []
  for (const original of graph.nodes) {
    let node: Node = { ...original, inputs: original.inputs.map((name) => sameAs.get(name) ?? name) }
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
