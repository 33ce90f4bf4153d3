import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createRandom } from '../../lib/random.ts'
import { temporaryFolder } from '../weights/testing/temporary-folder.ts'
import { Graph } from './graph.ts'
import { writeModel } from './onnx-model.ts'
import { gemm } from './ops/gemm.ts'
import { softmax } from './ops/softmax.ts'
import { openSession, type Tensor } from './session.ts'

/** Softmax of x xᵀ, and the largest of each row's indices as an integer. */
function model(): Uint8Array {
  const graph = new Graph()
  const x = graph.input('x', 'float32', ['rows', 'width'])
  const product = gemm(graph, x, x, ['rows', 'rows'], { transposeRight: true })
  graph.output('shares', softmax(graph, product))
  const best = graph.node('ArgMax', [product], ['rows'], {
    attributes: { axis: 1, keepdims: 0 },
    type: 'int64',
  })
  graph.output('best', best)
  return writeModel(graph)
}

function matrix(rows: number, width: number): Tensor {
  const random = createRandom(`${rows} ${width}`)
  return {
    data: Float32Array.from({ length: rows * width }, () => random.next() - 0.5),
    shape: [rows, width],
  }
}

test('answers all outputs or those asked for, of both element types', async () => {
  await using session = await openSession(model(), { threads: 1 })
  const x = { data: Float32Array.of(1, 0, 0, 2), shape: [2, 2] }
  const all = await session.run({ x })
  expect(Object.keys(all)).toEqual(['shares', 'best'])
  expect(all['best']).toEqual({ data: BigInt64Array.of(0n, 1n), shape: [2] })
  expect(all['shares']?.data[0]).toBeCloseTo(Math.E / (Math.E + 1), 6)
  expect(Object.keys(await session.run({ x }, ['best']))).toEqual(['best'])
})

test('one session takes one shape after the other', async () => {
  await using session = await openSession(model(), { threads: 1 })
  for (const rows of [5, 1, 9, 5]) {
    const outputs = await session.run({ x: matrix(rows, 3) })
    expect(outputs['shares']?.shape).toEqual([rows, rows])
  }
})

test('is bitwise equal from run to run and from session to session', async () => {
  await using first = await openSession(model(), { threads: 2 })
  await using second = await openSession(model(), { threads: 2 })
  const x = matrix(67, 129)
  const bits = await first.run({ x })
  expect(bits['shares']?.data.some((share) => share !== 0)).toBe(true)
  // Other shapes in between leave other memory behind.
  await first.run({ x: matrix(31, 300) })
  expect(await first.run({ x })).toEqual(bits)
  expect(await second.run({ x })).toEqual(bits)
})

test('outputs are not overwritten by the next run', async () => {
  await using session = await openSession(model(), { threads: 1 })
  const x = matrix(4, 4)
  const before = await session.run({ x })
  const copy = Float32Array.from(before['shares']?.data as Float32Array)
  await session.run({ x: { ...x, data: new Float32Array(16) } })
  expect(before['shares']?.data).toEqual(copy)
})

test.each<[string, Record<string, Tensor>, RegExp]>([
  ['a missing input', {}, /'x' is missing/],
  ['another type', { x: { data: BigInt64Array.of(1n), shape: [1, 1] } }, /data type/],
  ['another rank', { x: { data: Float32Array.of(1), shape: [1] } }, /rank for input: x/],
])('%s is an error of the run, after which the session goes on', async (_, feeds, message) => {
  await using session = await openSession(model(), { threads: 1 })
  await expect(session.run(feeds)).rejects.toThrow(message)
  expect(await session.run({ x: matrix(2, 2) })).toHaveProperty('best')
})

test('what is no model is refused', async () => {
  await expect(openSession(new Uint8Array([1, 2, 3]))).rejects.toThrow('protobuf')
  const file = join(temporaryFolder(), 'model.onnx')
  await expect(openSession(file)).rejects.toThrow(/model\.onnx/)
  writeFileSync(file, model().subarray(0, 40))
  await expect(openSession(file)).rejects.toThrow(/model\.onnx/)
})
