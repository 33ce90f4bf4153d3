import { mkdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { HoneError } from '../../core/errors.ts'
import { diskError } from '../../lib/disk-error.ts'
import { withFileLock } from '../../lib/file-lock.ts'
import { replaceFile, replaceFileWith, type FileWriter } from '../../lib/replace-file.ts'
import type { TensorSpec } from '../arch/architecture.ts'

/** Where a tensor is in the cached file. */
interface CachedTensor {
  /** Bytes from the start of the file, a multiple of 64 KiB. */
  readonly offset: number
  /** Bytes. */
  readonly length: number
  readonly shape: readonly number[]
  /** Default `float32`. */
  readonly type?: 'uint8'
}

/** A tensor that the file shall hold. */
export interface CachedSpec extends TensorSpec {
  /** Default `float32`. */
  readonly type?: 'uint8'
}

/** What the file is written from. */
export interface CacheSource {
  read(name: string): Promise<Float32Array | Uint8Array>
  close(): Promise<void>
}

export interface CachedWeights {
  /** Raw little-endian numbers. */
  readonly file: string
  readonly tensors: ReadonlyMap<string, CachedTensor>
}

export interface WeightCacheOptions {
  readonly cacheFolder: string
  /** Content hash of the weights, in letters and digits; the same key means the same numbers. */
  readonly key: string
  /** What the file holds in place of the weights as fp32 numbers. */
  readonly form?: 'levels' | undefined
  readonly signal?: AbortSignal | undefined
  /** Told after each tensor while the cache is written, in bytes. */
  readonly onProgress?: (done: number, total: number) => void
  readonly openWriter?: (path: string) => Promise<FileWriter>
}

/** Offset alignment that memory-mapping asks for on every system: the allocation granularity of Windows. */
const alignment = 65_536
/** Goes into the file names: a change of the layout makes old files unused, not wrong. */
const layoutVersion = 1

/**
 * The weights as one raw file, mostly of fp32 numbers, that ONNX Runtime maps into memory. The first call writes it, tensor by tensor, never
 * more than one in memory; later calls read only the small index. A file that was cut or changed in size is written anew.
 *
 * @param openSource called only when the file has to be written; closed here
 * @param specs tensors to hold, in this order
 * @throws HoneError `E_DISK` when there is no room, `E_MODEL_FILE` for a tensor of another shape or with numbers that
 *   are not finite
 */
export async function cachedWeights(
  openSource: () => Promise<CacheSource>,
  specs: readonly CachedSpec[],
  options: WeightCacheOptions,
): Promise<CachedWeights> {
  const { cacheFolder, key, signal } = options
  if (!/^\w+$/.test(key)) throw new HoneError('E_INTERNAL', `"${key}" is not a key of the weight cache`)
  await mkdir(cacheFolder, { recursive: true }).catch(async (error: unknown) => {
    throw await diskError(error, cacheFolder)
  })
  const name =
    options.form === undefined ? `${key}.v${layoutVersion}` : `${key}.${options.form}.v${layoutVersion}`
  const file = join(cacheFolder, `${name}.${options.form ?? 'fp32'}`)
  const index = join(cacheFolder, `${name}.json`)
  const layout = layoutOf(specs)
  const cached: CachedWeights = { file, tensors: layout.tensors }
  if (await isComplete(file, index, layout)) return cached
  return withFileLock(join(cacheFolder, `${name}.lock`), { signal }, async () => {
    if (await isComplete(file, index, layout)) return cached
    const source = await openSource()
    try {
      await replaceFile(file, (writer) => writeTensors(writer, source, layout, options), {
        expectedBytes: layout.bytes,
        ...(options.openWriter === undefined ? {} : { openWriter: options.openWriter }),
      })
    } finally {
      await source.close()
    }
    await replaceFileWith(index, indexText(layout))
    return cached
  })
}

interface Layout {
  readonly bytes: number
  readonly tensors: ReadonlyMap<string, CachedTensor>
}

function layoutOf(specs: readonly CachedSpec[]): Layout {
  const tensors = new Map<string, CachedTensor>()
  let end = 0
  for (const { name, shape, type } of specs) {
    const width = type === 'uint8' ? 1 : Float32Array.BYTES_PER_ELEMENT
    const length = shape.reduce((product, each) => product * each, 1) * width
    tensors.set(name, { offset: end, length, shape, ...(type === undefined ? {} : { type }) })
    end = Math.ceil((end + length) / alignment) * alignment
  }
  return { bytes: end, tensors }
}

const indexText = ({ bytes, tensors }: Layout): string =>
  `${JSON.stringify({ schema: 1, bytes, tensors: Object.fromEntries(tensors) })}\n`

/** The index is written last and follows from the tensors alone, so that equal text means a finished, fitting file. */
async function isComplete(file: string, index: string, layout: Layout): Promise<boolean> {
  const text = await readFile(index, 'utf8').catch(() => '')
  if (text !== indexText(layout)) return false
  const size = (await stat(file).catch(() => undefined))?.size
  return size === layout.bytes
}

async function writeTensors(
  writer: FileWriter,
  source: CacheSource,
  layout: Layout,
  options: WeightCacheOptions,
): Promise<void> {
  let end = 0
  for (const [name, { offset, length, shape }] of layout.tensors) {
    options.signal?.throwIfAborted()
    await writer.write(new Uint8Array(offset - end))
    const numbers = await source.read(name)
    if (numbers.byteLength !== length) {
      throw new HoneError(
        'E_MODEL_FILE',
        `tensor "${name}" has ${numbers.length} numbers, not ${shape.join(' × ')}`,
      )
    }
    if (numbers instanceof Float32Array) refuseNonFinite(numbers, name)
    await writer.write(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength))
    end = offset + length
    options.onProgress?.(end, layout.bytes)
  }
  await writer.write(new Uint8Array(layout.bytes - end))
}

function refuseNonFinite(numbers: Float32Array, name: string): void {
  for (let index = 0; index < numbers.length; index++) {
    // A difference with itself is 0 for finite numbers only.
    if (numbers[index]! - numbers[index]! !== 0) {
      throw new HoneError('E_MODEL_FILE', `tensor "${name}" holds ${numbers[index]} at element ${index}`, {
        hint: 'the file is damaged: pull or import the model again',
      })
    }
  }
}
