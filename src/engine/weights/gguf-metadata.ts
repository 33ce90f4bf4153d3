import { isUtf8 } from 'node:buffer'
import type { FileCursor } from './file-cursor.ts'

/** What makes a header refused; the reader adds the file. */
export class MalformedHeader extends Error {
  override readonly name = 'MalformedHeader'
}

/** Value types of GGUF metadata (`gguf_metadata_value_type` of the specification). */
const stringType = 8
const arrayType = 9

interface ScalarType {
  readonly bytes: number
  read(cursor: FileCursor): unknown
  /** The elements of a whole array from its bytes, which start at offset 0 of their own buffer. */
  readArray(buffer: ArrayBuffer): unknown
}

const scalarTypes: Readonly<Record<number, ScalarType>> = {
  0: { bytes: 1, read: (cursor) => cursor.u8(), readArray: (buffer) => new Uint8Array(buffer) },
  1: { bytes: 1, read: (cursor) => cursor.i8(), readArray: (buffer) => new Int8Array(buffer) },
  2: { bytes: 2, read: (cursor) => cursor.u16(), readArray: (buffer) => new Uint16Array(buffer) },
  3: { bytes: 2, read: (cursor) => cursor.i16(), readArray: (buffer) => new Int16Array(buffer) },
  4: { bytes: 4, read: (cursor) => cursor.u32(), readArray: (buffer) => new Uint32Array(buffer) },
  5: { bytes: 4, read: (cursor) => cursor.i32(), readArray: (buffer) => new Int32Array(buffer) },
  6: { bytes: 4, read: (cursor) => cursor.f32(), readArray: (buffer) => new Float32Array(buffer) },
  7: {
    bytes: 1,
    read: (cursor) => toBoolean(cursor.u8()),
    readArray: (buffer) => Array.from(new Uint8Array(buffer), toBoolean),
  },
  10: {
    bytes: 8,
    read: (cursor) => toNumber(cursor.u64()),
    readArray: (buffer) => Array.from(new BigUint64Array(buffer), toNumber),
  },
  11: {
    bytes: 8,
    read: (cursor) => toNumber(cursor.i64()),
    readArray: (buffer) => Array.from(new BigInt64Array(buffer), toNumber),
  },
  12: { bytes: 8, read: (cursor) => cursor.f64(), readArray: (buffer) => new Float64Array(buffer) },
}

/** Bytes of the shortest possible string: its length field. */
const shortestString = 8

/**
 * The next metadata value: a number (a bigint beyond 2^53), boolean or string, or an array of these (numbers in a typed
 * array, 64-bit integers in a plain one).
 */
export function readMetadataValue(cursor: FileCursor, key: string): unknown {
  const type = cursor.u32()
  if (type === stringType) return readString(cursor, `the value of "${key}"`)
  if (type === arrayType) return readArray(cursor, key)
  return scalarType(type, key).read(cursor)
}

/** A string of the file. `what` names it in the error for a length that lies. */
export function readString(cursor: FileCursor, what: string): string {
  const length = readLength(cursor, 1, `the length of ${what}`)
  const bytes = cursor.bytes(length)
  if (!isUtf8(bytes)) throw new MalformedHeader(`${what} is not UTF-8`)
  return bytes.toString('utf8')
}

/** A 64-bit count of things of at least `bytesEach` bytes, which the rest of the file must have room for. */
export function readLength(cursor: FileCursor, bytesEach: number, what: string): number {
  const length = cursor.u64()
  if (length > BigInt(Math.floor(cursor.remaining / bytesEach))) {
    throw new MalformedHeader(
      `${what} is ${length}, more than the ${cursor.remaining.toLocaleString('en')} bytes that follow can hold`,
    )
  }
  return Number(length)
}

function readArray(cursor: FileCursor, key: string): unknown {
  const type = cursor.u32()
  const what = `the length of the array "${key}"`
  if (type === stringType) {
    const length = readLength(cursor, shortestString, what)
    const values: string[] = []
    for (let index = 0; index < length; index++) values.push(readString(cursor, `"${key}"[${index}]`))
    return values
  }
  if (type === arrayType) throw new MalformedHeader(`"${key}" is an array of arrays`)
  const scalar = scalarType(type, key)
  const length = readLength(cursor, scalar.bytes, what)
  const bytes = new Uint8Array(length * scalar.bytes)
  bytes.set(cursor.bytes(bytes.length))
  return scalar.readArray(bytes.buffer)
}

function scalarType(type: number, key: string): ScalarType {
  const found = scalarTypes[type]
  if (found === undefined) throw new MalformedHeader(`"${key}" has the unknown value type ${type}`)
  return found
}

function toBoolean(byte: number): boolean {
  if (byte > 1) throw new MalformedHeader(`a boolean has the value ${byte}`)
  return byte === 1
}

function toNumber(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value
}
