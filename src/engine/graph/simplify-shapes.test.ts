import { expect, test } from 'vitest'
import { Graph, type Value } from './graph.ts'
import { reshape } from './ops/reshape.ts'
import { scale } from './ops/scale.ts'
import { transpose } from './ops/transpose.ts'
import { simplifyShapes } from './simplify-shapes.ts'
import { writeModel } from './onnx-model.ts'
import { openSession } from './session.ts'

function operatorsAfter(build: (graph: Graph, x: Value) => void): string[] {
  const graph = new Graph()
  build(graph, graph.input('x', 'float32', [1, 6, 1, 'width']))
  simplifyShapes(graph)
  return graph.nodes.map(({ operator }) => operator)
}

test('of reshapes one after another the last remains, and none that changes nothing', () => {
  const there = operatorsAfter((graph, x) =>
    graph.output('y', reshape(graph, reshape(graph, x, [6, 'width']), [2, 3, 'width'])),
  )
  expect(there).toEqual(['Reshape'])
  const back = operatorsAfter((graph, x) =>
    graph.output('y', scale(graph, reshape(graph, reshape(graph, x, [6, 'width']), x.shape), 2)),
  )
  expect(back).toEqual(['Mul'])
})

test('what nobody reads goes, what is an output stays', () => {
  const left = operatorsAfter((graph, x) => {
    scale(graph, scale(graph, x, 3), 2)
    graph.output('y', reshape(graph, x, x.shape))
  })
  expect(left).toEqual(['Reshape'])
})

test('the numbers stay where they are', async () => {
  const results: number[][] = []
  for (const simplify of [false, true]) {
    const graph = new Graph()
    const x = graph.input('x', 'float32', [1, 6, 1, 'width'])
    const moved = transpose(
      graph,
      reshape(graph, transpose(graph, x, [1, 2, 0, 3]), [2, 3, 'width']),
      [0, 2, 1],
    )
    graph.output('y', scale(graph, reshape(graph, reshape(graph, moved, ['width', 6]), [6, 'width']), 2))
    if (simplify) simplifyShapes(graph)
    await using session = await openSession(writeModel(graph, new Map()))
    const data = Float32Array.from({ length: 24 }, (_, index) => index)
    const { y } = await session.run({ x: { data, shape: [1, 6, 1, 4] } })
    results.push([...y!.shape, ...Array.from(y!.data, Number)])
  }
  expect(results[0]).toHaveLength(26)
  expect(results[1]).toEqual(results[0])
})
