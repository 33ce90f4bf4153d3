import { replaceFile, type FileWriter } from '../../lib/replace-file.ts'
import type { Quantization } from '../weights/quantization/quantization.ts'

/** A metadata value as its bytes in the file, the type in front. */
export type GgufValue = Uint8Array

/** A tensor that is to be written. */
export interface GgufTensorToWrite {
  readonly name: string
  /** Outermost dimension first. */
  readonly shape: readonly number[]
  readonly type: Quantization
  /** Its bytes, in pieces of any size. */
  readonly bytes: () => AsyncIterable<Uint8Array>
}

export interface WriteGgufOptions {
  readonly signal?: AbortSignal | undefined
  /** Told after each tensor, in bytes. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/** Value types of GGUF metadata (`gguf_metadata_value_type` of the specification). */
const valueTypes = { u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9 } as const

/** Makes metadata values of numbers and texts. */
export const ggufValue = {
  count: (value: number): GgufValue => Buffer.concat([u32(valueTypes.u32), u32(value)]),
  float: (value: number): GgufValue => Buffer.concat([u32(valueTypes.f32), f32(value)]),
  flag: (value: boolean): GgufValue => Buffer.concat([u32(valueTypes.bool), Buffer.of(value ? 1 : 0)]),
  text: (value: string): GgufValue => Buffer.concat([u32(valueTypes.string), text(value)]),
  texts: (values: readonly string[]): GgufValue =>
    Buffer.concat([
      u32(valueTypes.array),
      u32(valueTypes.string),
      u64(values.length),
      ...values.map((value) => text(value)),
    ]),
  integers: (values: readonly number[]): GgufValue =>
    Buffer.concat([
      u32(valueTypes.array),
      u32(valueTypes.i32),
      u64(values.length),
      Buffer.from(Int32Array.from(values).buffer),
    ]),
}

const alignment = 32
const version = 3

/**
 * Writes a GGUF file, whole or not at all.
 *
 * Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 *
 * @throws HoneError `E_DISK`
 */
export async function writeGguf(
  path: string,
  metadata: ReadonlyMap<string, GgufValue>,
  tensors: readonly GgufTensorToWrite[],
  { signal, onProgress }: WriteGgufOptions = {},
): Promise<void> {
  const parts: Uint8Array[] = [Buffer.from('GGUF'), u32(version), u64(tensors.length), u64(metadata.size)]
  for (const [key, value] of metadata) parts.push(text(key), value)
  let end = 0
  for (const { name, shape, type } of tensors) {
    parts.push(text(name), u32(shape.length), ...shape.toReversed().map((length) => u64(length)))
    parts.push(u32(type.id), u64(end))
    end = aligned(end + bytesOf(shape, type))
  }
  const header = Buffer.concat(parts)
  const fill = async (writer: FileWriter): Promise<void> => {
    await writer.write(header)
    await writer.write(new Uint8Array(aligned(header.length) - header.length))
    let done = 0
    for (const { name, shape, type, bytes } of tensors) {
      signal?.throwIfAborted()
      const expected = bytesOf(shape, type)
      let written = 0
      for await (const piece of bytes()) {
        await writer.write(piece)
        written += piece.length
      }
      if (written !== expected) throw new Error(`${name} has ${written} bytes, not ${expected}`)
      await writer.write(new Uint8Array(aligned(written) - written))
      done += aligned(written)
      onProgress?.(done, end)
    }
  }
  await replaceFile(path, fill, { expectedBytes: aligned(header.length) + end })
}

const aligned = (length: number): number => Math.ceil(length / alignment) * alignment

function bytesOf(shape: readonly number[], { blockSize, blockBytes }: Quantization): number {
  return (shape.reduce((product, length) => product * length, 1) / blockSize) * blockBytes
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function f32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeFloatLE(value)
  return bytes
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([u64(bytes.length), bytes])
}
