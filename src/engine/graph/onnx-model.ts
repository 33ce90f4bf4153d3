import { elementTypes, type Attribute, type Graph, type Node, type Shape, type Value } from './graph.ts'
import { ProtobufWriter } from './protobuf.ts'

/** Where a tensor's bytes lie in a file beside the model. */
export interface ExternalTensor {
  /** File name, relative to the folder of the model file. */
  readonly file: string
  /** Bytes from the start of the file. */
  readonly offset: number
  /** Bytes. */
  readonly length: number
}

export type ExternalTensors = ReadonlyMap<string, ExternalTensor>

// ONNX IR version 10 and operator set 21 are what the pinned runtime reads without an upgrade step.
const irVersion = 10
const standardOperators = 21
const attributeKinds = { float: 1, integer: 2, string: 3, integers: 7 } as const

/**
 * The graph as an ONNX `ModelProto` whose weights lie in files beside it.
 * Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3
 */
export function writeModel(graph: Graph, external: ExternalTensors = new Map()): Uint8Array {
  const model = new ProtobufWriter()
    .integer(1, irVersion)
    .bytes(2, 'hone')
    .bytes(7, writeGraph(graph, external))
  model.bytes(8, new ProtobufWriter().bytes(1, '').integer(2, standardOperators))
  model.bytes(8, new ProtobufWriter().bytes(1, 'com.microsoft').integer(2, 1))
  return model.finish()
}

function writeGraph(graph: Graph, external: ExternalTensors): ProtobufWriter {
  const writer = new ProtobufWriter()
  for (const node of namedNodes(graph)) writer.bytes(1, writeNode(node))
  writer.bytes(2, 'hone')
  for (const { value, data } of graph.constants) {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    writer.bytes(5, tensorHeader(value, value.shape).bytes(9, bytes))
  }
  const used = new Set([
    ...graph.nodes.flatMap(({ inputs }) => inputs),
    ...graph.outputs.map(({ value }) => value.name),
  ])
  for (const { value, tensor } of graph.weights.filter((weight) => used.has(weight.value.name))) {
    const place = external.get(tensor)
    if (place === undefined) throw new Error(`no file holds the tensor ${tensor}`)
    writer.bytes(
      5,
      tensorHeader(value, value.shape)
        .bytes(13, entry('location', place.file))
        .bytes(13, entry('offset', String(place.offset)))
        .bytes(13, entry('length', String(place.length)))
        .integer(14, 1),
    )
  }
  for (const input of graph.inputs) writer.bytes(11, valueInfo(input.name, input))
  for (const { name, value } of graph.outputs) writer.bytes(12, valueInfo(name, value))
  // Shapes that the runtime cannot infer. It plans which tensors share a buffer: one whose size has no name is compared
  // with every buffer that is free at its place, which takes seconds for a backward pass, and shares none.
  const asked = new Set(graph.outputs.map(({ value }) => value.name))
  for (const name of graph.nodes.flatMap(({ outputs }) => outputs))
    if (!asked.has(name)) writer.bytes(13, valueInfo(name, graph.value(name)))
  return writer
}

/**
 * The graph's nodes, with results that its readers ask for under their names. What is no node's result, or is asked for twice, is
 * copied.
 */
function namedNodes({ nodes, outputs }: Graph): Node[] {
  const results = new Set(nodes.flatMap((node) => node.outputs))
  const names = new Map<string, string>()
  const copies: Node[] = []
  for (const { name, value } of outputs) {
    if (results.has(value.name) && !names.has(value.name)) names.set(value.name, name)
    else
      copies.push({ operator: 'Identity', domain: '', inputs: [value.name], outputs: [name], attributes: {} })
  }
  const named = (values: readonly string[]): string[] => values.map((value) => names.get(value) ?? value)
  return [...nodes, ...copies].map((node) => ({
    ...node,
    inputs: named(node.inputs),
    outputs: named(node.outputs),
  }))
}

function tensorHeader(value: Value, shape: Shape): ProtobufWriter {
  const sizes = shape.map(Number)
  const writer = new ProtobufWriter()
  if (sizes.length > 0) writer.packed(1, sizes)
  return writer.integer(2, elementTypes[value.type]).bytes(8, value.name)
}

function entry(key: string, value: string): ProtobufWriter {
  return new ProtobufWriter().bytes(1, key).bytes(2, value)
}

function writeNode(node: Node): ProtobufWriter {
  const writer = new ProtobufWriter()
  for (const input of node.inputs) writer.bytes(1, input)
  for (const output of node.outputs) writer.bytes(2, output)
  writer.bytes(4, node.operator)
  for (const [name, value] of Object.entries(node.attributes)) writer.bytes(5, writeAttribute(name, value))
  return node.domain === '' ? writer : writer.bytes(7, node.domain)
}

function writeAttribute(name: string, value: Attribute): ProtobufWriter {
  const writer = new ProtobufWriter().bytes(1, name)
  if (typeof value === 'number') return writer.integer(3, value).integer(20, attributeKinds.integer)
  if (typeof value === 'string') return writer.bytes(4, value).integer(20, attributeKinds.string)
  if ('float' in value) return writer.float(2, value.float).integer(20, attributeKinds.float)
  return writer.packed(8, value).integer(20, attributeKinds.integers)
}

function valueInfo(name: string, value: Value): ProtobufWriter {
  const shape = new ProtobufWriter()
  for (const dimension of value.shape) {
    const size = new ProtobufWriter()
    shape.bytes(1, typeof dimension === 'number' ? size.integer(1, dimension) : size.bytes(2, dimension))
  }
  const tensor = new ProtobufWriter().integer(1, elementTypes[value.type]).bytes(2, shape)
  return new ProtobufWriter().bytes(1, name).bytes(2, new ProtobufWriter().bytes(1, tensor))
}
