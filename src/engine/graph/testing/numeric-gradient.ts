import { createRandom } from '../../../lib/random.ts'
import { gradients } from '../gradient.ts'
import { Graph, type Dimension, type Shape, type Value } from '../graph.ts'
import { writeModel } from '../onnx-model.ts'
import { openSession, type Tensor } from '../session.ts'

/** A dense tensor in double precision, row-major: what references are computed with. */
export interface DoubleTensor {
  readonly shape: readonly number[]
  readonly data: readonly number[]
}

/** An input of the operation under test. */
interface OperationInput {
  readonly tensor: DoubleTensor
  /** Default: float32, with its gradient checked. */
  readonly kind?: 'frozen' | 'integers'
  /** The shape under which the graph knows it, where it names dimensions; default: the sizes. */
  readonly shape?: Shape
}

export interface OperationCase {
  readonly inputs: Readonly<Record<string, OperationInput>>
  /** The operation, written into the graph; the value whose gradient is followed. */
  readonly build: (graph: Graph, inputs: Readonly<Record<string, Value>>) => Value
  /** The same by the book. */
  readonly reference: (inputs: Readonly<Record<string, DoubleTensor>>) => DoubleTensor
}

/** Largest differences from the reference, each divided by the largest value of the reference or 1, whichever is more. */
export interface OperationErrors {
  readonly forward: number
  /** By input; of what the graph computes against central differences of the reference. */
  readonly gradients: Readonly<Record<string, number>>
}

// Of a function in double precision: the error of the difference is about the square of this.
const stepSize = 1e-5

/**
 * Runs an operation and its backward pass, each weighted by random numbers, and compares them with a reference in double
 * precision and its central differences.
 */
export async function operationErrors(operation: OperationCase, seed: number): Promise<OperationErrors> {
  const entries = Object.entries(operation.inputs)
  const followed = entries.filter(([, { kind }]) => kind === undefined).map(([name]) => name)
  const tensors = Object.fromEntries(entries.map(([name, { tensor }]) => [name, tensor]))
  const expected = operation.reference(tensors)
  const weights = randomTensor(seed, expected.shape)

  const graph = new Graph()
  const values = Object.fromEntries(
    entries.map(([name, { tensor, kind, shape }]) => {
      const type = kind === 'integers' ? 'int64' : 'float32'
      return [name, graph.input(name, type, shape ?? tensor.shape, { differentiable: kind === undefined })]
    }),
  )
  const weightInput = graph.input('weights', 'float32', expected.shape)
  const output = operation.build(graph, values)
  const inputs = followed.map((name) => values[name] as Value)
  graph.output('output', output)
  for (const [index, value] of gradients(graph, output, inputs, weightInput).entries()) {
    graph.output(`gradient ${followed[index]}`, value)
  }
  await using session = await openSession(writeModel(graph), { threads: 1 })
  const feeds = entries.map(([name, { tensor, kind }]) => [name, toTensor(tensor, kind === 'integers')])
  const outputs = await session.run({ ...Object.fromEntries(feeds), weights: toTensor(weights, false) })

  const objective = (changed: Readonly<Record<string, DoubleTensor>>): number =>
    operation
      .reference(changed)
      .data.reduce((sum, value, index) => sum + value * (weights.data[index] ?? 0), 0)
  const errors = followed.map((name) => {
    const numeric = centralDifferences(tensors, name, objective)
    return [name, difference(outputs[`gradient ${name}`], numeric)]
  })
  return { forward: difference(outputs['output'], expected), gradients: Object.fromEntries(errors) }
}

function centralDifferences(
  tensors: Readonly<Record<string, DoubleTensor>>,
  name: string,
  objective: (tensors: Readonly<Record<string, DoubleTensor>>) => number,
): DoubleTensor {
  const { shape, data } = tensors[name] as DoubleTensor
  const at = (index: number, value: number): number =>
    objective({ ...tensors, [name]: { shape, data: data.with(index, value) } })
  const slopes = data.map(
    (value, index) => (at(index, value + stepSize) - at(index, value - stepSize)) / (2 * stepSize),
  )
  return { shape, data: slopes }
}

/** Infinite where the shapes differ. */
function difference(actual: Tensor | undefined, expected: DoubleTensor): number {
  if (actual === undefined || actual.shape.join() !== expected.shape.join()) return Number.POSITIVE_INFINITY
  let largest = 1
  let distance = 0
  for (const [index, value] of expected.data.entries()) {
    const own = Number(actual.data[index])
    if (!Number.isFinite(own)) return Number.POSITIVE_INFINITY
    largest = Math.max(largest, Math.abs(value))
    distance = Math.max(distance, Math.abs(own - value))
  }
  return distance / largest
}

function toTensor({ shape, data }: DoubleTensor, integers: boolean): Tensor {
  return { shape, data: integers ? BigInt64Array.from(data, BigInt) : Float32Array.from(data) }
}

/** Numbers in [-1.5, 1.5) that single precision holds exactly. */
export function randomTensor(seed: number | string, shape: readonly number[]): DoubleTensor {
  const random = createRandom(seed)
  const data = Array.from({ length: sizeOf(shape) }, () => Math.fround(random.next() * 3 - 1.5))
  return { shape, data }
}

const sizeOf = (shape: readonly Dimension[]): number =>
  shape.reduce<number>((product, size) => product * Number(size), 1)

/** A tensor from its element at each place. */
export function tensorOf(
  shape: readonly number[],
  element: (place: readonly number[]) => number,
): DoubleTensor {
  const data = Array.from({ length: sizeOf(shape) }, (_, index) => element(placeOf(index, shape)))
  return { shape, data }
}

/** The element at a place. */
export function elementAt({ shape, data }: DoubleTensor, place: readonly number[]): number {
  const index = place.reduce((sum, position, axis) => sum * (shape[axis] ?? 1) + position, 0)
  return data[index] ?? Number.NaN
}

/** Σ of a function over 0 … count − 1. */
export function sumOf(count: number, term: (index: number) => number): number {
  let sum = 0
  for (let index = 0; index < count; index++) sum += term(index)
  return sum
}

function placeOf(index: number, shape: readonly number[]): number[] {
  const place: number[] = []
  let rest = index
  for (const size of shape.toReversed()) {
    place.unshift(rest % size)
    rest = Math.floor(rest / size)
  }
  return place
}
