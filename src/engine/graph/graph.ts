/** Element types of the tensors that Hone's graphs use, with their number in ONNX's `TensorProto.DataType`. */
export const elementTypes = { float32: 1, uint8: 2, int64: 7, bool: 9 } as const
export type ElementType = keyof typeof elementTypes

/** A known size, or the name of one that is known only when the graph runs. */
export type Dimension = number | string
export type Shape = readonly Dimension[]

/** A tensor of a graph: what a node, an input or a weight yields. */
export interface Value {
  readonly name: string
  readonly type: ElementType
  readonly shape: Shape
  /** True when it depends on an input whose gradient is wanted. */
  readonly differentiable: boolean
}

export type Attribute = number | string | readonly number[] | { readonly float: number }

export interface Node {
  readonly operator: string
  readonly domain: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, Attribute>>
}

export interface Constant {
  readonly value: Value
  readonly data: Float32Array | BigInt64Array
}

/** A tensor whose data lies in the model's weight file. */
export interface Weight {
  readonly value: Value
  /** Name in the weight file. */
  readonly tensor: string
}

/**
 * Gradients of the inputs of an operation from the gradients of its outputs, in their orders; `undefined` for an input that
 * needs none, and for an output on which the loss does not depend.
 */
export type Backward = (outputGradients: readonly (Value | undefined)[]) => readonly (Value | undefined)[]

interface TapeEntry {
  readonly outputs: readonly Value[]
  readonly inputs: readonly Value[]
  readonly backward: Backward
}

export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, Attribute>>
  /** Empty (default) is the standard ONNX operator set. */
  readonly domain?: string
  /** By default that of the first input. */
  readonly type?: ElementType
}

/**
 * A computation that is being written down: its nodes in order, and a tape of how each is differentiated.
 * Operations (`ops/`) append to it; `writeModel` makes an ONNX file of it.
 */
export class Graph {
  readonly inputs: Value[] = []
  readonly outputs: { name: string; value: Value }[] = []
  readonly nodes: Node[] = []
  readonly constants: Constant[] = []
  readonly weights: Weight[] = []
  readonly tape: TapeEntry[] = []
  readonly #values = new Map<string, Value>()
  readonly #constantsByKey = new Map<string, Value>()
  readonly #weightsByTensor = new Map<string, Value>()
  readonly #shapes = new Map<string, Value>()
  readonly #dimensions = new Map<string, Value>()
  #count = 0

  /** A tensor handed in with every run. The first input that names a dimension defines it. */
  input(name: string, type: ElementType, shape: Shape, options: { differentiable?: boolean } = {}): Value {
    const value = { name, type, shape, differentiable: options.differentiable ?? false }
    this.inputs.push(value)
    this.#values.set(name, value)
    for (const [axis, dimension] of shape.entries()) {
      if (typeof dimension === 'string' && !this.#dimensions.has(dimension)) {
        this.#dimensions.set(dimension, this.#dimensionOf(value, axis))
      }
    }
    return value
  }

  weight(tensor: string, shape: readonly number[], type: ElementType = 'float32'): Value {
    const known = this.#weightsByTensor.get(tensor)
    if (known !== undefined) return known
    const value: Value = { name: tensor, type, shape, differentiable: false }
    this.weights.push({ value, tensor })
    this.#values.set(value.name, value)
    this.#weightsByTensor.set(tensor, value)
    return value
  }

  constant(data: Float32Array | BigInt64Array, shape: readonly number[]): Value {
    const type = data instanceof Float32Array ? 'float32' : 'int64'
    const key = `${type} ${shape.join()} ${data.join()}`
    const known = this.#constantsByKey.get(key)
    if (known !== undefined) return known
    const value: Value = { name: this.#name('constant'), type, shape, differentiable: false }
    this.constants.push({ value, data })
    this.#values.set(value.name, value)
    this.#constantsByKey.set(key, value)
    return value
  }

  scalar(value: number): Value {
    return this.constant(Float32Array.of(value), [])
  }

  integers(values: readonly number[]): Value {
    return this.constant(BigInt64Array.from(values, BigInt), [values.length])
  }

  /** Appends an operator with one output of the given shape. */
  node(operator: string, inputs: readonly Value[], shape: Shape, options: NodeOptions = {}): Value {
    return this.multiple(operator, inputs, [shape], options)[0] as Value
  }

  /** Appends an operator with several outputs. */
  multiple(
    operator: string,
    inputs: readonly Value[],
    shapes: readonly Shape[],
    options: NodeOptions = {},
  ): Value[] {
    const type = options.type ?? inputs[0]?.type ?? 'float32'
    const differentiable = inputs.some((input) => input.differentiable)
    const outputs = shapes.map((shape) => ({ name: this.#name(operator), type, shape, differentiable }))
    for (const output of outputs) this.#values.set(output.name, output)
    this.nodes.push({
      operator,
      domain: options.domain ?? '',
      inputs: inputs.map((input) => input.name),
      outputs: outputs.map((output) => output.name),
      attributes: options.attributes ?? {},
    })
    return outputs
  }

  /** Says how `output` is differentiated. Nothing is kept where no input needs a gradient. */
  differentiate(
    output: Value,
    inputs: readonly Value[],
    backward: (outputGradient: Value) => readonly (Value | undefined)[],
  ): Value {
    this.differentiateTogether([output], inputs, ([gradient]) => backward(gradient as Value))
    return output
  }

  /** The same for an operation with several outputs. */
  differentiateTogether(outputs: readonly Value[], inputs: readonly Value[], backward: Backward): void {
    if (inputs.some((input) => input.differentiable)) this.tape.push({ outputs, inputs, backward })
  }

  /** A new tensor, like the one of this name, for a node that computes it again. */
  copyOf(name: string): Value {
    const value = { ...this.value(name), name: this.#name('again') }
    this.#values.set(value.name, value)
    return value
  }

  /** The tensor of this name. */
  value(name: string): Value {
    const value = this.#values.get(name)
    if (value === undefined) throw new Error(`the graph has no tensor ${name}`)
    return value
  }

  output(name: string, value: Value): void {
    this.outputs.push({ name, value })
  }

  /** The product of dimensions, under a name where it is known only when the graph runs, so that it can stand in a shape. */
  product(name: string, factors: readonly Dimension[]): Dimension {
    if (factors.every((factor) => typeof factor === 'number'))
      return factors.reduce((product, factor) => product * factor, 1)
    if (!this.#dimensions.has(name)) {
      const sizes = factors.map((factor) => this.sizes([factor]))
      const value = sizes.reduce((left, right) => this.node('Mul', [left, right], [1], { type: 'int64' }))
      this.#dimensions.set(name, value)
    }
    return name
  }

  /** Sizes as an int64 tensor, for operators that take lengths. */
  sizes(dimensions: readonly Dimension[]): Value {
    if (dimensions.every((dimension) => typeof dimension === 'number')) return this.integers(dimensions)
    const key = `sizes ${dimensions.join()}`
    const known = this.#shapes.get(key)
    if (known !== undefined) return known
    const parts = dimensions.map((size) =>
      typeof size === 'number' ? this.integers([size]) : this.dimension(size),
    )
    const value = this.node('Concat', parts, [parts.length], { attributes: { axis: 0 }, type: 'int64' })
    this.#shapes.set(key, value)
    return value
  }

  /** The size of a named dimension as an int64 tensor of one element. */
  dimension(name: string): Value {
    const value = this.#dimensions.get(name)
    if (value === undefined) throw new Error(`no input defines the dimension ${name}`)
    return value
  }

  #dimensionOf(value: Value, axis: number): Value {
    return this.node('Shape', [value], [1], { attributes: { start: axis, end: axis + 1 }, type: 'int64' })
  }

  #name(hint: string): string {
    this.#count += 1
    return `${hint}_${this.#count}`
  }
}
