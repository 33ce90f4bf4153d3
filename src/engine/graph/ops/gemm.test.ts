import { boolean, constantFrom, sample, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { Graph } from '../graph.ts'
import { writeModel } from '../onnx-model.ts'
import { openSession } from '../session.ts'
import { elementAt, randomTensor, sumOf, tensorOf } from '../testing/numeric-gradient.ts'
import { size } from '../testing/operation-mismatches.ts'
import { gemm } from './gemm.ts'

// No gradient of its own: what is checked is each way of calling it.
test('is scale times the product, transposed or not, plus an addend or not', async () => {
  const cases = tuple(size(), size(), size(), boolean(), boolean(), boolean(), constantFrom(1, 0.125, -3))
  const samples = sample(cases, { seed: 1, numRuns: 16 })
  expect(samples).toHaveLength(16)
  for (const [n, k, m, transposeLeft, transposeRight, withAddend, scale] of samples) {
    const left = randomTensor('left', transposeLeft ? [k, n] : [n, k])
    const right = randomTensor('right', transposeRight ? [m, k] : [k, m])
    const addend = randomTensor('addend', [n, m])
    const graph = new Graph()
    const input = (name: string, shape: readonly number[]) => graph.input(name, 'float32', shape)
    const product = gemm(graph, input('left', left.shape), input('right', right.shape), [n, m], {
      transposeLeft,
      transposeRight,
      scale,
      addend: withAddend ? input('addend', addend.shape) : undefined,
    })
    graph.output('product', product)
    await using session = await openSession(writeModel(graph), { threads: 1 })
    const feed = ({ shape, data }: typeof left) => ({ shape, data: Float32Array.from(data) })
    const outputs = await session.run({
      left: feed(left),
      right: feed(right),
      ...(withAddend ? { addend: feed(addend) } : {}),
    })
    const expected = tensorOf([n, m], ([row, column]) => {
      const dot = sumOf(
        k,
        (at) =>
          elementAt(left, transposeLeft ? [at, row!] : [row!, at]) *
          elementAt(right, transposeRight ? [column!, at] : [at, column!]),
      )
      return scale * dot + (withAddend ? elementAt(addend, [row!, column!]) : 0)
    })
    expect(outputs['product']?.shape).toEqual([n, m])
    for (const [index, value] of expected.data.entries())
      expect(Number(outputs['product']?.data[index])).toBeCloseTo(value, 4)
  }
})
