import type { Graph, Node, Value } from './graph.ts'

export interface RecomputeOptions {
  /** Nodes of the forward pass; those after them are the backward pass. */
  readonly forwardNodes: number
  /** For each segment, the index of a forward node inside it, in order: such as the attention of each layer. */
  readonly starts: readonly number[]
  /** Gradients that the backward pass computes, by the name of their value. */
  readonly gradientOf: ReadonlyMap<string, Value>
  /** Operators whose results are kept all the same. */
  readonly kept: ReadonlySet<string>
}

interface ForwardPass extends Pick<RecomputeOptions, 'forwardNodes' | 'kept'> {
  readonly activations: ReadonlySet<string>
}

interface Segment {
  /** Index of its first node. */
  readonly from: number
  /** Index after its last node. */
  readonly to: number
  /** The only activation that it takes from before it, which is kept. */
  readonly input: Value
  /** The only activation that is used after it, which is kept. */
  readonly output: Value
}

/**
 * Rewrites the backward pass so that it computes the forward activations of each segment but the last again from the
 * segment's input, right when it needs them, instead of keeping them all: the same operations on the same numbers, so the
 * same result. Gradient checkpointing: Chen et al. 2016, https://arxiv.org/abs/1604.06174
 *
 * A segment begins where a single activation leads on, which every residual network has between its layers. The runtime
 * chooses the order of nodes by what they depend on alone. So that nothing is computed again too early, the kept input is
 * first joined to empty pieces of the gradients that come before: of the segment's output, and of the trained matrices of
 * the segment after it.
 */
export function recomputeSegments(
  graph: Graph,
  { forwardNodes, starts, gradientOf, kept }: RecomputeOptions,
): void {
  const forward = graph.nodes.slice(0, forwardNodes)
  const activations = activationsOf(graph, forward)
  const cuts = cutsBefore(graph, forward, activations, starts)
  const segments = cuts.slice(0, -1).map(({ at, value }, index): Segment => {
    const next = cuts[index + 1] as Cut
    return { from: at, to: next.at, input: value, output: next.value }
  })
  const nextEnds = [...segments.slice(1).map(({ to }) => to), forwardNodes]
  // From the last one on, in the order of the backward pass.
  for (const [index, segment] of [...segments.entries()].toReversed()) {
    const gradient = gradientOf.get(segment.output.name)
    if (gradient === undefined) continue
    const trained = trainedGradients(forward.slice(segment.to, nextEnds[index]), gradientOf)
    recompute(graph, { forwardNodes, activations, kept }, segment, [gradient, ...trained])
  }
}

/** Floating-point values that depend on the weights: what takes memory. Masks and rotations do not. */
function activationsOf(graph: Graph, forward: readonly Node[]): ReadonlySet<string> {
  const sources = new Set([
    ...graph.weights.map(({ value }) => value.name),
    ...graph.inputs.filter(({ differentiable }) => differentiable).map(({ name }) => name),
  ])
  const activations = new Set<string>()
  for (const { inputs, outputs } of forward) {
    if (!inputs.some((name) => activations.has(name) || sources.has(name))) continue
    for (const name of outputs) if (graph.value(name).type === 'float32') activations.add(name)
  }
  return activations
}

interface Cut {
  readonly at: number
  readonly value: Value
}

/** For each of `starts`, the last place before it at which one activation alone is used later on. */
function cutsBefore(
  graph: Graph,
  forward: readonly Node[],
  activations: ReadonlySet<string>,
  starts: readonly number[],
): Cut[] {
  const lastUse = new Map<string, number>()
  for (const [index, { inputs }] of forward.entries()) for (const name of inputs) lastUse.set(name, index)
  const live = new Set<string>()
  const cuts: Cut[] = []
  let latest: Cut | undefined
  for (const [index, node] of forward.entries()) {
    const [only] = live
    if (live.size === 1 && only !== undefined) latest = { at: index, value: graph.value(only) }
    if (starts.includes(index) && latest !== undefined && latest.at !== cuts.at(-1)?.at) cuts.push(latest)
    for (const name of node.outputs)
      if (activations.has(name) && (lastUse.get(name) ?? -1) > index) live.add(name)
    for (const name of node.inputs) if (lastUse.get(name) === index) live.delete(name)
  }
  return cuts
}

function trainedGradients(nodes: readonly Node[], gradientOf: ReadonlyMap<string, Value>): Value[] {
  const produced = new Set(nodes.flatMap(({ outputs }) => outputs))
  const names = new Set(nodes.flatMap(({ inputs }) => inputs).filter((name) => !produced.has(name)))
  return [...names].flatMap((name) => {
    const gradient = gradientOf.get(name)
    return gradient === undefined || gradient.shape.some((size) => typeof size === 'string') ? [] : [gradient]
  })
}

function recompute(
  graph: Graph,
  { forwardNodes, activations, kept }: ForwardPass,
  { from, to, input, output }: Segment,
  after: readonly Value[],
): void {
  const nodes = graph.nodes.slice(from, to)
  const dropped = nodes.filter(({ operator }) => !kept.has(operator))
  const inside = new Set(dropped.flatMap(({ outputs }) => outputs).filter((name) => activations.has(name)))
  inside.delete(output.name)
  const wanted = new Set<string>()
  let first: number | undefined
  for (let index = forwardNodes; index < graph.nodes.length; index++) {
    for (const name of graph.nodes[index]?.inputs ?? []) {
      if (!inside.has(name)) continue
      wanted.add(name)
      first ??= index
    }
  }
  if (first === undefined) return
  const again = new Set<Node>()
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((name) => wanted.has(name))) continue
    again.add(node)
    for (const name of node.inputs) if (inside.has(name)) wanted.add(name)
  }

  const tail = graph.nodes.splice(first)
  const restarted = startAfter(graph, input, after)
  const renamed = new Map([[input.name, restarted.name]])
  for (const node of nodes.filter((candidate) => again.has(candidate))) {
    for (const name of node.outputs) if (inside.has(name)) renamed.set(name, graph.copyOf(name).name)
    graph.nodes.push({
      ...node,
      inputs: node.inputs.map((name) => renamed.get(name) ?? name),
      outputs: node.outputs.map((name) => renamed.get(name) ?? graph.copyOf(name).name),
    })
  }
  // The input itself is kept anyway; the backward pass may use it as it is.
  renamed.delete(input.name)
  for (const node of tail) {
    graph.nodes.push({ ...node, inputs: node.inputs.map((name) => renamed.get(name) ?? name) })
  }
}

/** The value, in a way that cannot be computed before others are: joined to an empty slice of each. */
function startAfter(graph: Graph, value: Value, others: readonly Value[]): Value {
  const [, width = 1] = value.shape
  const empties = others.map((other) => {
    const slice = graph.node(
      'Slice',
      [other, graph.integers([0]), graph.integers([0]), graph.integers([0])],
      [0, ...other.shape.slice(1)],
    )
    return graph.node('Reshape', [slice, graph.integers([0, Number(width)])], [0, width], {
      attributes: { allowzero: 1 },
    })
  })
  return graph.node('Concat', [value, ...empties], value.shape, { attributes: { axis: 0 } })
}
