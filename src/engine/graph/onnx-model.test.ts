import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../weights/testing/temporary-folder.ts'
import { Graph } from './graph.ts'
import { writeModel } from './onnx-model.ts'
import { linear } from './ops/linear.ts'
import { reshape } from './ops/reshape.ts'
import { openSession } from './session.ts'

/** x Wᵀ Vᵀ with the weights in files. */
function twoLayers(): Graph {
  const graph = new Graph()
  const x = graph.input('x', 'float32', ['rows', 2])
  graph.output('y', linear(graph, linear(graph, x, graph.weight('w', [2, 2])), graph.weight('v', [1, 2])))
  return graph
}

const bytesOf = (numbers: readonly number[]): Uint8Array => new Uint8Array(Float32Array.from(numbers).buffer)

test('weights are read from their places in other files', async () => {
  const folder = temporaryFolder()
  // 64 bytes of something else come first.
  writeFileSync(join(folder, 'one.bin'), Buffer.concat([new Uint8Array(64).fill(9), bytesOf([1, 2, 3, 4])]))
  writeFileSync(join(folder, 'two.bin'), bytesOf([10, 100]))
  const places = new Map([
    ['w', { file: 'one.bin', offset: 64, length: 16 }],
    ['v', { file: 'two.bin', offset: 0, length: 8 }],
  ])
  const file = join(folder, 'model.onnx')
  writeFileSync(file, writeModel(twoLayers(), places))
  await using session = await openSession(file, { threads: 1 })
  const outputs = await session.run({ x: { data: Float32Array.of(1, 1, 0, 1), shape: [2, 2] } })
  // Rows of W: [1, 2] and [3, 4]; V = [10, 100].
  expect(outputs['y']).toEqual({ data: Float32Array.of(30 + 700, 20 + 400), shape: [2, 1] })
})

test('a weight that no file holds is refused by name', () => {
  const places = new Map([['w', { file: 'one.bin', offset: 0, length: 16 }]])
  expect(() => writeModel(twoLayers(), places)).toThrow('no file holds the tensor v')
})

test('a weight that is used twice is stored once', () => {
  const graph = new Graph()
  const x = graph.input('x', 'float32', ['rows', 2])
  linear(graph, linear(graph, x, graph.weight('w', [2, 2])), graph.weight('w', [2, 2]))
  expect(graph.weights).toHaveLength(1)
})

test('attributes and constants of every kind arrive', async () => {
  const graph = new Graph()
  const x = graph.input('x', 'float32', [2, 3])
  // A list, a number, a string and a float; constants without and with dimensions, of both types.
  const turned = graph.node('Transpose', [x], [3, 2], { attributes: { perm: [1, 0] } })
  const scaled = graph.node('Gemm', [turned, turned], [3, 3], {
    attributes: { transB: 1, alpha: { float: 0.5 } },
  })
  const sum = graph.node('Add', [scaled, graph.constant(Float32Array.of(0, 10, 20), [3])], [3, 3])
  const zeros = graph.node('ConstantOfShape', [graph.integers([3, 3])], [3, 3], { type: 'float32' })
  const places = graph.constant(BigInt64Array.of(0n, 2n), [2, 1])
  const rows = graph.constant(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3])
  const scattered = graph.node('ScatterND', [zeros, places, rows], [3, 3], {
    attributes: { reduction: 'add' },
  })
  graph.output('y', graph.node('Add', [sum, scattered], [3, 3]))
  graph.output('three', graph.scalar(3))
  await using session = await openSession(writeModel(graph), { threads: 1 })
  const outputs = await session.run({ x: { data: Float32Array.of(1, 0, 0, 0, 2, 0), shape: [2, 3] } })
  expect(outputs['y']?.data).toEqual(
    Float32Array.of(0.5 + 1, 10 + 2, 20 + 3, 0, 2 + 10, 20, 4, 5 + 10, 6 + 20),
  )
  expect(outputs['three']).toEqual({ data: Float32Array.of(3), shape: [] })
})

test('one value may be several outputs, and feed other nodes too', async () => {
  const graph = new Graph()
  const x = graph.input('x', 'float32', [1])
  const twice = graph.node('Add', [x, x], [1])
  graph.output('a', twice)
  graph.output('b', twice)
  graph.output('c', graph.node('Add', [twice, x], [1]))
  graph.output('d', x)
  await using session = await openSession(writeModel(graph), { threads: 1 })
  const outputs = await session.run({ x: { data: Float32Array.of(2), shape: [1] } })
  expect(Object.entries(outputs).map(([name, { data }]) => [name, data[0]])).toEqual([
    ['a', 4],
    ['b', 4],
    ['c', 6],
    ['d', 2],
  ])
})

test('every tensor between nodes carries its shape, also one that the runtime cannot infer', () => {
  const graph = new Graph()
  const x = graph.input('x', 'float32', ['rows', 4])
  const folded = reshape(graph, x, [graph.product('rows·2', ['rows', 2]), 2])
  graph.output('y', graph.node('Add', [folded, folded], folded.shape))
  const [body] = lengthDelimited(writeModel(graph), 7)
  const described = [13, 12].flatMap((field) =>
    lengthDelimited(body ?? new Uint8Array(), field).map((info) => {
      const [name = new Uint8Array()] = lengthDelimited(info, 1)
      return Buffer.from(name).toString()
    }),
  )
  const between = graph.nodes.flatMap(({ outputs }) => outputs).slice(0, -1)
  expect(between).toHaveLength(4)
  expect(described).toEqual([...between, 'y'])
  expect(Buffer.from(body ?? []).toString()).toContain('rows·2')
})

/** The contents of a message's fields of this number, all of its fields being numbers or length-delimited. */
function lengthDelimited(message: Uint8Array, wanted: number): Uint8Array[] {
  const found: Uint8Array[] = []
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = message[at++] ?? 0
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
  }
  while (at < message.length) {
    const tag = varint()
    const size = varint()
    if ((tag & 7) === 0) continue
    if (tag >> 3 === wanted) found.push(message.subarray(at, at + size))
    at += size
  }
  return found
}
