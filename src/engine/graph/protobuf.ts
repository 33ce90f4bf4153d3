/**
 * Writer for the Protocol Buffers wire format: the few field kinds that an ONNX model needs.
 * Source: https://protobuf.dev/programming-guides/encoding/
 */
export class ProtobufWriter {
  readonly #parts: Uint8Array[] = []

  /** A field of kind int32, int64, enum or bool. */
  integer(field: number, value: number | bigint): this {
    this.#parts.push(varint(field << 3), varint(value))
    return this
  }

  /** A field of kind float. */
  float(field: number, value: number): this {
    const bytes = new Uint8Array(4)
    new DataView(bytes.buffer).setFloat32(0, value, true)
    this.#parts.push(varint((field << 3) | 5), bytes)
    return this
  }

  /** A field of kind string, bytes or embedded message. */
  bytes(field: number, value: Uint8Array | string | ProtobufWriter): this {
    const bytes =
      value instanceof ProtobufWriter
        ? value.finish()
        : typeof value === 'string'
          ? Buffer.from(value)
          : value
    this.#parts.push(varint((field << 3) | 2), varint(bytes.byteLength), bytes)
    return this
  }

  /** A packed repeated field of varints. */
  packed(field: number, values: readonly (number | bigint)[]): this {
    return this.bytes(field, Buffer.concat(values.map(varint)))
  }

  finish(): Uint8Array {
    return Buffer.concat(this.#parts)
  }
}

// Nearly all numbers of a model: tags, lengths of names, small sizes.
const oneByte = Array.from({ length: 0x80 }, (_, value) => Uint8Array.of(value))

function varint(value: number | bigint): Uint8Array {
  const known = typeof value === 'number' ? oneByte[value] : undefined
  if (known !== undefined) return known
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  bytes.push(Number(rest))
  return Uint8Array.from(bytes)
}
