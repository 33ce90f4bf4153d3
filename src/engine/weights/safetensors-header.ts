import type { FileHandle } from 'node:fs/promises'
import { HoneError } from '../../core/errors.ts'
import { openModelFile } from './open-model-file.ts'
import { readFully } from './read-fully.ts'

/** Bits of an element by `dtype` (the safetensors format's list). */
const bitsOfType: Readonly<Record<string, number>> = {
  BOOL: 8,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  I64: 64,
  U64: 64,
  F64: 64,
}

/** Limit of the format's own implementation. */
const maximumHeaderBytes = 100_000_000

export interface SafetensorsEntry {
  readonly type: string
  readonly shape: readonly number[]
  /** Number of elements. */
  readonly size: number
  /** Bytes from the start of the file. */
  readonly offset: number
  readonly bytes: number
}

export interface SafetensorsHeader {
  readonly metadata: Readonly<Record<string, string>>
  readonly tensors: ReadonlyMap<string, SafetensorsEntry>
}

/**
 * Reads and checks the header of a safetensors file: every tensor has the bytes of its shape and type, and together
 * they cover the file without a gap or an overlap, as the format demands.
 *
 * Format: https://huggingface.co/docs/safetensors
 *
 * @throws HoneError `E_MODEL_FILE`
 */
async function readSafetensorsHeader(handle: FileHandle, file: string): Promise<SafetensorsHeader> {
  const { size } = await handle.stat()
  const prefix = new Uint8Array(8)
  const { bytesRead } = await handle.read(prefix, 0, 8, 0)
  if (bytesRead < 8) throw refusal(file, `it has ${size} bytes`)
  const claimed = new DataView(prefix.buffer).getBigUint64(0, true)
  if (claimed > BigInt(Math.min(size - 8, maximumHeaderBytes))) {
    throw refusal(file, `its header claims ${claimed} bytes, the file has ${size}`)
  }
  const headerBytes = Number(claimed)
  const text = Buffer.alloc(headerBytes)
  await readFully(handle, text, 8, file)
  const json = parseHeader(text.toString('utf8'), file)
  const dataStart = 8 + headerBytes
  const tensors = new Map<string, SafetensorsEntry>()
  for (const [name, value] of Object.entries(json)) {
    if (name !== '__metadata__') tensors.set(name, toEntry(name, value, dataStart, file))
  }
  refuseGaps(tensors, dataStart, size, file)
  return { metadata: toMetadata(json['__metadata__'], file), tensors }
}

/** Opens a file, reads its header, and leaves it open. */
export async function openSafetensors(
  file: string,
): Promise<{ readonly handle: FileHandle; readonly header: SafetensorsHeader }> {
  const handle = await openModelFile(file)
  try {
    return { handle, header: await readSafetensorsHeader(handle, file) }
  } catch (error) {
    await handle.close()
    throw error
  }
}

function parseHeader(text: string, file: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (isRecord(value)) return value
  } catch (error) {
    throw refusal(file, 'its header is not JSON', error)
  }
  throw refusal(file, 'its header is not a JSON object')
}

function toEntry(name: string, value: unknown, dataStart: number, file: string): SafetensorsEntry {
  const { dtype, shape, data_offsets: offsets } = isRecord(value) ? value : {}
  if (typeof dtype !== 'string' || !isCounts(shape) || !isCounts(offsets) || offsets.length !== 2) {
    throw refusal(file, `tensor "${name}" lacks a dtype, shape or data_offsets`)
  }
  const bits = Object.hasOwn(bitsOfType, dtype) ? bitsOfType[dtype] : undefined
  if (bits === undefined) throw refusal(file, `tensor "${name}" has the unknown type ${dtype}`)
  const [begin = 0, end = 0] = offsets
  const size = shape.reduce((product, length) => product * length, 1)
  const bytes = (size * bits) / 8
  if (bytes !== end - begin) {
    throw refusal(
      file,
      `tensor "${name}" (${shape.join(' × ')} ${dtype}) needs ${bytes} bytes, its offsets give ${end - begin}`,
    )
  }
  return { type: dtype, shape, size, bytes, offset: dataStart + begin }
}

function refuseGaps(
  tensors: ReadonlyMap<string, SafetensorsEntry>,
  dataStart: number,
  fileSize: number,
  file: string,
): void {
  const inOrder = [...tensors].toSorted(
    ([, left], [, right]) => left.offset - right.offset || left.bytes - right.bytes,
  )
  let end = dataStart
  for (const [name, entry] of inOrder) {
    if (entry.offset !== end) {
      throw refusal(file, `tensor "${name}" starts at byte ${entry.offset}, the one before ends at ${end}`)
    }
    end += entry.bytes
  }
  if (end !== fileSize) throw refusal(file, `its tensors end at byte ${end}, the file at ${fileSize}`)
}

function toMetadata(value: unknown, file: string): Record<string, string> {
  if (value === undefined) return {}
  const entries = isRecord(value) ? Object.entries(value) : undefined
  const strings = entries?.flatMap(([key, text]) => (typeof text === 'string' ? [[key, text] as const] : []))
  if (entries === undefined || strings?.length !== entries.length) {
    throw refusal(file, 'its __metadata__ is not a map of strings')
  }
  return Object.fromEntries(strings)
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((each) => Number.isSafeInteger(each) && each >= 0)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function refusal(file: string, why: string, cause?: unknown): HoneError {
  return new HoneError('E_MODEL_FILE', `not a sound safetensors file: ${why}`, {
    at: { file },
    hint: 'fetch or write the file again',
    cause,
  })
}
