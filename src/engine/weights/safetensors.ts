import type { FileHandle } from 'node:fs/promises'
import { HoneError } from '../../core/errors.ts'
import { widenBfloat16, widenHalf } from '../../lib/half-precision.ts'
import { replaceFile } from '../../lib/replace-file.ts'
import { readFully } from './read-fully.ts'
import { openSafetensors, type SafetensorsEntry } from './safetensors-header.ts'

/** A tensor in memory; `data` is in row-major order of `shape`, outermost dimension first. */
export interface Tensor {
  readonly shape: readonly number[]
  readonly data: Float32Array
}

export interface SafetensorsContent {
  readonly metadata: Readonly<Record<string, string>>
  readonly tensors: ReadonlyMap<string, Tensor>
}

const widenChunk = 1 << 22

/**
 * Reads a whole file of F32, F16 or BF16 tensors, widened to F32; meant for adapters and checkpoints.
 *
 * @throws HoneError `E_MODEL_FILE` for a file that lies, `E_MODEL_UNSUPPORTED` for another type of number
 */
export async function readSafetensors(path: string): Promise<SafetensorsContent> {
  const { handle, header } = await openSafetensors(path)
  try {
    const tensors = new Map<string, Tensor>()
    for (const [name, entry] of header.tensors) {
      tensors.set(name, { shape: entry.shape, data: await readEntry(handle, entry, name, path) })
    }
    return { metadata: header.metadata, tensors }
  } finally {
    await handle.close()
  }
}

/** Reads one tensor of an open file as F32. */
export async function readEntry(
  handle: FileHandle,
  entry: SafetensorsEntry,
  name: string,
  file: string,
): Promise<Float32Array> {
  const out = new Float32Array(entry.size)
  if (entry.type === 'F32') {
    await readFully(handle, new Uint8Array(out.buffer), entry.offset, file)
    return out
  }
  const widen = entry.type === 'F16' ? widenHalf : entry.type === 'BF16' ? widenBfloat16 : undefined
  if (widen === undefined) {
    throw new HoneError('E_MODEL_UNSUPPORTED', `tensor "${name}" is stored as ${entry.type}`, {
      at: { file },
      hint: 'supported: F32, F16, BF16',
    })
  }
  const chunk = new Uint16Array(Math.min(widenChunk, entry.size))
  for (let from = 0; from < entry.size; from += chunk.length) {
    const bits = chunk.subarray(0, Math.min(chunk.length, entry.size - from))
    const bytes = new Uint8Array(bits.buffer, 0, bits.byteLength)
    await readFully(handle, bytes, entry.offset + from * 2, file)
    widen(bits, out.subarray(from, from + bits.length))
  }
  return out
}

/**
 * Writes F32 tensors, whole or not at all. The bytes depend on nothing but the content: names and metadata keys are
 * sorted by code unit, and the header is padded with spaces to a multiple of eight.
 *
 * @throws HoneError `E_DISK`
 */
export async function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const inOrder = [...tensors].toSorted(([left], [right]) => (left < right ? -1 : 1))
  const header: [string, unknown][] = []
  const metadataEntries = Object.entries(metadata).toSorted(([left], [right]) => (left < right ? -1 : 1))
  if (metadataEntries.length > 0) header.push(['__metadata__', Object.fromEntries(metadataEntries)])
  let end = 0
  for (const [name, { shape, data }] of inOrder) {
    const size = shape.reduce((product, length) => product * length, 1)
    if (size !== data.length) {
      throw new HoneError(
        'E_INTERNAL',
        `tensor "${name}" has ${data.length} numbers for ${shape.join(' × ')}`,
      )
    }
    header.push([name, { dtype: 'F32', shape, data_offsets: [end, end + data.byteLength] }])
    end += data.byteLength
  }
  const json = Buffer.from(JSON.stringify(Object.fromEntries(header)))
  const padded = Math.ceil(json.length / 8) * 8
  const prefix = Buffer.alloc(8 + padded, ' ')
  prefix.writeBigUInt64LE(BigInt(padded))
  json.copy(prefix, 8)
  const fill = async (writer: { write(bytes: Uint8Array): Promise<void> }): Promise<void> => {
    await writer.write(prefix)
    for (const [, { data }] of inOrder) {
      await writer.write(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    }
  }
  await replaceFile(path, fill, { expectedBytes: prefix.length + end })
}
