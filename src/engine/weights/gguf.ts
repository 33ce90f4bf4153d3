import type { FileHandle } from 'node:fs/promises'
import { HoneError } from '../../core/errors.ts'
import { EndOfFile, FileCursor } from './file-cursor.ts'
import { MalformedHeader, readLength, readMetadataValue, readString } from './gguf-metadata.ts'
import { emptyLevelMatrix, type LevelMatrix } from './level-matrix.ts'
import type { Quantization } from './quantization/quantization.ts'
import { findQuantization } from './quantization/quantizations.ts'
import { openModelFile } from './open-model-file.ts'
import { readFully } from './read-fully.ts'

export interface GgufTensor {
  /** Outermost dimension first, as in PyTorch: the reverse of the file's order. */
  readonly shape: readonly number[]
  readonly quantization: Quantization
  /** Bytes from the start of the file. */
  readonly offset: number
  readonly bytes: number
  /** Number of elements. */
  readonly size: number
}

interface GgufHeader {
  readonly version: number
  readonly metadata: ReadonlyMap<string, unknown>
  readonly tensors: ReadonlyMap<string, GgufTensor>
}

/** An open GGUF file. */
export interface GgufFile extends GgufHeader {
  readonly path: string
  /** Numbers of a tensor in row-major order of its shape. */
  read(name: string): Promise<Float32Array>
  /** The same numbers as levels, for types that have them (`quantization.levels`). */
  readLevels(name: string): Promise<LevelMatrix>
  close(): Promise<void>
}

const magic = 0x4655_4747 // "GGUF"
const supportedVersions = [2, 3]
/** A vocabulary of a million tokens takes about 40 MB; what claims more is not a header. */
const headerLimit = 256 << 20
const defaultAlignment = 32
/** `GGML_MAX_DIMS` */
const maximumDimensions = 4
/** An empty name, one dimension, a type and an offset. */
const shortestTensorInfo = 8 + 4 + 8 + 4 + 8
/** An empty key and a value of one byte. */
const shortestPair = 8 + 4 + 1
const chunkBlocks = 1 << 17

/**
 * Opens a GGUF file (version 2 or 3, little-endian) and checks everything in its header against its size, before
 * anything of a size that the file names is allocated.
 *
 * Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 *
 * @throws HoneError `E_MODEL_FILE` for a file that is not GGUF or that lies, `E_MODEL_UNSUPPORTED` for a tensor type
 *   that cannot be read
 */
export async function openGguf(path: string): Promise<GgufFile> {
  const handle = await openModelFile(path)
  try {
    const { size } = await handle.stat()
    const header = parseHeader(handle, size, path)
    return {
      ...header,
      path,
      read: (name) => readTensor(handle, header, name, path),
      readLevels: (name) => readLevels(handle, header, name, path),
      close: () => handle.close(),
    }
  } catch (error) {
    await handle.close()
    throw error
  }
}

function parseHeader(handle: FileHandle, size: number, file: string): GgufHeader {
  try {
    return readHeader(new FileCursor(handle.fd, Math.min(size, headerLimit)), size, file)
  } catch (error) {
    if (error instanceof MalformedHeader) {
      throw new HoneError('E_MODEL_FILE', `not a sound GGUF file: ${error.message}`, { at: { file } })
    }
    if (error instanceof EndOfFile) {
      const end = size > headerLimit ? `does not end within ${headerLimit} bytes` : `is cut at ${size} bytes`
      throw new HoneError('E_MODEL_FILE', `not a sound GGUF file: its header ${end}`, {
        at: { file },
        hint: 'fetch the file again',
      })
    }
    throw error
  }
}

function readHeader(cursor: FileCursor, fileSize: number, file: string): GgufHeader {
  if (cursor.remaining < 4 || cursor.u32() !== magic) {
    throw new MalformedHeader('it does not begin with "GGUF"')
  }
  const version = cursor.u32()
  if (!supportedVersions.includes(version)) {
    const bigEndian = version % 65_536 === 0 && version > 0
    throw new MalformedHeader(
      bigEndian
        ? 'it is big-endian'
        : `its version is ${version}; supported: ${supportedVersions.join(', ')}`,
    )
  }
  const tensorCount = readLength(cursor, shortestTensorInfo, 'the number of tensors')
  const pairCount = readLength(cursor, shortestPair, 'the number of metadata entries')
  const metadata = new Map<string, unknown>()
  for (let index = 0; index < pairCount; index++) {
    const key = readString(cursor, `metadata key ${index}`)
    if (metadata.has(key)) throw new MalformedHeader(`the metadata key "${key}" occurs twice`)
    metadata.set(key, readMetadataValue(cursor, key))
  }
  const alignment = readAlignment(metadata)
  const tensors = new Map<string, GgufTensor>()
  for (let index = 0; index < tensorCount; index++) {
    const name = readString(cursor, `the name of tensor ${index}`)
    if (tensors.has(name)) throw new MalformedHeader(`the tensor "${name}" occurs twice`)
    tensors.set(name, readTensorInfo(cursor, name, file))
  }
  const dataStart = Math.ceil(cursor.position / alignment) * alignment
  return { version, metadata, tensors: placeTensors(tensors, dataStart, alignment, fileSize) }
}

function readAlignment(metadata: ReadonlyMap<string, unknown>): number {
  const alignment = metadata.get('general.alignment') ?? defaultAlignment
  if (typeof alignment !== 'number' || alignment < 8 || alignment > 1 << 20 || alignment % 8 !== 0) {
    throw new MalformedHeader('general.alignment is not a multiple of 8 up to 1 MiB')
  }
  return alignment
}

/** The tensor with its offset still counted from the start of the data. */
function readTensorInfo(cursor: FileCursor, name: string, file: string): GgufTensor {
  const dimensions = cursor.u32()
  if (dimensions < 1 || dimensions > maximumDimensions) {
    throw new MalformedHeader(`tensor "${name}" has ${dimensions} dimensions`)
  }
  const shape: number[] = []
  let size = 1n
  for (let index = 0; index < dimensions; index++) {
    const length = cursor.u64()
    size *= length
    if (length === 0n || size > BigInt(Number.MAX_SAFE_INTEGER)) {
      throw new MalformedHeader(`tensor "${name}" has a dimension of ${length}`)
    }
    shape.unshift(Number(length))
  }
  const quantization = findQuantization(cursor.u32(), file, name)
  const rowLength = shape.at(-1) ?? 1
  if (rowLength % quantization.blockSize !== 0) {
    throw new MalformedHeader(
      `tensor "${name}" has rows of ${rowLength}, not a multiple of the ${quantization.blockSize} of ${quantization.name}`,
    )
  }
  const offset = cursor.u64()
  const bytes = (Number(size) / quantization.blockSize) * quantization.blockBytes
  return { shape, quantization, size: Number(size), bytes, offset: toOffset(offset, name) }
}

function toOffset(offset: bigint, name: string): number {
  if (offset > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new MalformedHeader(`tensor "${name}" starts at ${offset}`)
  }
  return Number(offset)
}

function placeTensors(
  tensors: ReadonlyMap<string, GgufTensor>,
  dataStart: number,
  alignment: number,
  fileSize: number,
): ReadonlyMap<string, GgufTensor> {
  const placed = new Map<string, GgufTensor>()
  for (const [name, tensor] of tensors) {
    if (tensor.offset % alignment !== 0) {
      throw new MalformedHeader(`tensor "${name}" starts at ${tensor.offset}, not a multiple of ${alignment}`)
    }
    const offset = dataStart + tensor.offset
    if (offset + tensor.bytes > fileSize) {
      throw new MalformedHeader(
        `tensor "${name}" (${tensor.shape.join(' × ')} ${tensor.quantization.name}) ends at byte ` +
          `${offset + tensor.bytes}, the file at ${fileSize}`,
      )
    }
    placed.set(name, { ...tensor, offset })
  }
  refuseOverlaps(placed)
  return placed
}

function refuseOverlaps(tensors: ReadonlyMap<string, GgufTensor>): void {
  const inOrder = [...tensors].toSorted(([, left], [, right]) => left.offset - right.offset)
  for (const [index, [name, tensor]] of inOrder.entries()) {
    const previous = inOrder[index - 1]
    if (previous !== undefined && previous[1].offset + previous[1].bytes > tensor.offset) {
      throw new MalformedHeader(`tensors "${previous[0]}" and "${name}" share bytes`)
    }
  }
}

async function readTensor(
  handle: FileHandle,
  header: GgufHeader,
  name: string,
  file: string,
): Promise<Float32Array> {
  const tensor = tensorOf(header, name, file)
  const out = new Float32Array(tensor.size)
  for await (const { bytes, first, count } of chunksOf(handle, tensor, file)) {
    tensor.quantization.dequantize(bytes, out.subarray(first, first + count))
  }
  return out
}

async function readLevels(
  handle: FileHandle,
  header: GgufHeader,
  name: string,
  file: string,
): Promise<LevelMatrix> {
  const tensor = tensorOf(header, name, file)
  const { levels, name: type } = tensor.quantization
  if (levels === undefined) throw new Error(`${type} has no levels`)
  const matrix = emptyLevelMatrix(levels.bits, tensor.size)
  for await (const { bytes, first } of chunksOf(handle, tensor, file)) levels.read(bytes, matrix, first)
  return matrix
}

function tensorOf({ tensors }: GgufHeader, name: string, file: string): GgufTensor {
  const tensor = tensors.get(name)
  if (tensor !== undefined) return tensor
  throw new HoneError('E_MODEL_FILE', `there is no tensor "${name}"`, { at: { file } })
}

interface Chunk {
  /** Bytes of whole blocks, valid until the next chunk. */
  readonly bytes: Uint8Array
  /** Number of its first number in the tensor. */
  readonly first: number
  readonly count: number
}

async function* chunksOf(
  handle: FileHandle,
  { size, offset, quantization: { blockSize, blockBytes } }: GgufTensor,
  file: string,
): AsyncGenerator<Chunk> {
  const blocks = size / blockSize
  const buffer = new Uint8Array(Math.min(blocks, chunkBlocks) * blockBytes)
  for (let block = 0; block < blocks; block += chunkBlocks) {
    const count = Math.min(chunkBlocks, blocks - block)
    const bytes = buffer.subarray(0, count * blockBytes)
    await readFully(handle, bytes, offset + block * blockBytes, file)
    yield { bytes, first: block * blockSize, count: count * blockSize }
  }
}
