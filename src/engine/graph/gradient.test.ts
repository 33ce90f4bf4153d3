import { expect, test } from 'vitest'
import { gradients } from './gradient.ts'
import { Graph, type Value } from './graph.ts'
import { writeModel } from './onnx-model.ts'
import { add } from './ops/add.ts'
import { concat } from './ops/concat.ts'
import { linear } from './ops/linear.ts'
import { matmul } from './ops/matmul.ts'
import { split } from './ops/split.ts'
import { transpose } from './ops/transpose.ts'
import { openSession } from './session.ts'

const wanted = { differentiable: true }

/** Runs a graph without weights; every input is handed the same numbers of its shape. */
async function run(graph: Graph, feeds: Record<string, number[]>): Promise<Record<string, number[]>> {
  await using session = await openSession(writeModel(graph), { threads: 1 })
  const tensors = graph.inputs.map(({ name, shape }) => [
    name,
    { data: Float32Array.from(feeds[name] ?? []), shape: shape.map(Number) },
  ])
  const outputs = await session.run(Object.fromEntries(tensors))
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { data }]) => [name, Array.from(data, Number)]),
  )
}

test('a value that is used twice gets the sum of both ways', async () => {
  const graph = new Graph()
  const x = graph.input('x', 'float32', [2, 2], wanted)
  const weights = graph.input('weights', 'float32', [2, 2])
  // x·x + xᵀ
  const output = add(graph, matmul(graph, x, x), transpose(graph, x, [1, 0]))
  for (const value of gradients(graph, output, [x], weights)) graph.output('gradient', value)
  // G = E₁₂: G Xᵀ + Xᵀ G + Gᵀ for X = [[1, 2], [3, 4]].
  const { gradient } = await run(graph, { x: [1, 2, 3, 4], weights: [0, 1, 0, 0] })
  expect(gradient).toEqual([2, 4 + 1, 0 + 1, 2])
})

test('a scalar loss starts from 1', async () => {
  const graph = new Graph()
  const x = graph.input('x', 'float32', [], wanted)
  for (const value of gradients(graph, add(graph, x, x), [x])) graph.output('gradient', value)
  expect(await run(graph, { x: [3] })).toEqual({ gradient: [2] })
})

test('several gradients come in the order of the inputs', async () => {
  const graph = new Graph()
  const [a, b] = ['a', 'b'].map((name) => graph.input(name, 'float32', [1, 1], wanted)) as [Value, Value]
  const one = graph.input('one', 'float32', [1, 1])
  const [ofB, ofA] = gradients(graph, matmul(graph, a, b), [b, a], one) as [Value, Value]
  graph.output('of a', ofA)
  graph.output('of b', ofB)
  expect(await run(graph, { a: [3], b: [5], one: [1] })).toEqual({ 'of a': [5], 'of b': [3] })
})

test('nothing is computed for what leads to no wanted input', () => {
  const graph = new Graph()
  const frozen = graph.input('frozen', 'float32', [2, 4])
  const adapted = {
    a: graph.input('a', 'float32', [1, 4], wanted),
    b: graph.input('b', 'float32', [4, 1], wanted),
  }
  const weight = graph.weight('w', [4, 4])
  // Two frozen layers, then an adapted one, then a frozen one: the backward pass ends at the adapted one.
  const before = linear(graph, linear(graph, frozen, weight), weight)
  const layer = linear(graph, before, weight, { ...adapted, scale: 1 })
  const output = linear(graph, layer, weight)
  expect(graph.tape).toHaveLength(2)
  const forward = graph.nodes.length
  gradients(graph, output, [adapted.a, adapted.b], graph.input('weights', 'float32', [2, 4]))
  const backward = graph.nodes.slice(forward).map(({ operator }) => operator)
  // The last layer's input; the adapter's reduced gradient, A and B; and not the input of the adapted layer.
  expect(backward).toEqual(['Gemm', 'Gemm', 'Gemm', 'Gemm'])
})

test('a branch on which the output does not depend is not differentiated', () => {
  const graph = new Graph()
  const x = graph.input('x', 'float32', [2, 2], wanted)
  const [used] = split(graph, x, 0, [1, 1]) as [Value, Value]
  matmul(graph, x, x)
  const forward = graph.nodes.length
  gradients(graph, used, [x], graph.input('weights', 'float32', [1, 2]))
  expect(graph.nodes.slice(forward).map(({ operator }) => operator)).toEqual(['Mul', 'Concat'])
})

test('gradients of what is frozen are not added up', () => {
  const graph = new Graph()
  const frozen = graph.input('frozen', 'float32', [1, 2])
  const x = graph.input('x', 'float32', [1, 2], wanted)
  const output = concat(graph, [frozen, x, frozen], 0, 3)
  const forward = graph.nodes.length
  gradients(graph, output, [x], graph.input('weights', 'float32', [3, 2]))
  expect(graph.nodes.slice(forward).map(({ operator }) => operator)).toEqual(['Split'])
})

test('an input on which the output does not depend is refused by name', () => {
  const graph = new Graph()
  const x = graph.input('x', 'float32', [1, 1], wanted)
  const other = graph.input('other', 'float32', [1, 1], wanted)
  expect(() => gradients(graph, matmul(graph, x, x), [x, other])).toThrow(/does not depend on other/)
})
