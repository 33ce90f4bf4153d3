import { bigInt, assert, float, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ProtobufWriter } from './protobuf.ts'

const hex = (writer: ProtobufWriter): string => Buffer.from(writer.finish()).toString('hex')

// Bytes of https://protobuf.dev/programming-guides/encoding/
describe('the examples of the specification', () => {
  test.each<[string, ProtobufWriter, string]>([
    ['a: 150', new ProtobufWriter().integer(1, 150), '089601'],
    ['b: "testing"', new ProtobufWriter().bytes(2, 'testing'), '120774657374696e67'],
    ['c: { a: 150 }', new ProtobufWriter().bytes(3, new ProtobufWriter().integer(1, 150)), '1a03089601'],
    ['int64 −2', new ProtobufWriter().integer(1, -2), '08feffffffffffffffff01'],
    ['packed f: 3, 270, 86942', new ProtobufWriter().packed(6, [3, 270, 86_942]), '3206038e029ea705'],
    ['nothing packed', new ProtobufWriter().packed(6, []), '3200'],
    ['float 1', new ProtobufWriter().float(2, 1), '150000803f'],
    ['a field number of two bytes', new ProtobufWriter().integer(16, 1), '800101'],
    ['characters of several bytes', new ProtobufWriter().bytes(2, 'é·'), '1204c3a9c2b7'],
    ['no field', new ProtobufWriter(), ''],
  ])('%s', (_, writer, bytes) => {
    expect(hex(writer)).toBe(bytes)
  })
})

test('fields keep their order', () => {
  expect(hex(new ProtobufWriter().integer(2, 1).integer(1, 0).bytes(3, Uint8Array.of(255)))).toBe(
    '100108001a01ff',
  )
})

test('any 64-bit integer reads back', () => {
  assert(
    property(bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
      const [, ...bytes] = new ProtobufWriter().integer(1, value).finish()
      const read = bytes.reduce((sum, byte, index) => sum | (BigInt(byte & 0x7f) << BigInt(7 * index)), 0n)
      expect(BigInt.asIntN(64, read)).toBe(value)
      expect(bytes.findIndex((byte) => byte < 0x80)).toBe(bytes.length - 1)
    }),
  )
})

test('any float is its four bytes, the lowest first', () => {
  assert(
    property(float(), (value) => {
      const bytes = new ProtobufWriter().float(1, value).finish()
      expect(new DataView(bytes.buffer, bytes.byteOffset).getFloat32(1, true)).toBe(value)
    }),
  )
})
