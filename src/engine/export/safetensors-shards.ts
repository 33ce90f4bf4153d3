import { join } from 'node:path'
import { replaceFile, replaceFileWith } from '../../lib/replace-file.ts'
import type { TensorSpec } from '../arch/architecture.ts'
import type { WeightSource } from '../weights/weight-source.ts'
import { encodeNumbers, storageType } from './storage-types.ts'

export interface ShardOptions {
  readonly type: 'F32' | 'BF16' | 'F16'
  /** Most bytes of tensors in one file. Default 5 GB, as transformers writes them. */
  readonly maximumBytes?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Told after each tensor, in bytes. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

interface Shard {
  readonly tensors: TensorSpec[]
  bytes: number
}

const defaultMaximum = 5e9

/**
 * Writes tensors as `model.safetensors`, or as several files and an index where they are larger than one may be. One
 * tensor at a time is in memory.
 *
 * @returns names of the files
 * @throws HoneError `E_DISK`; `E_MODEL_UNSUPPORTED` for a number that the type cannot hold
 */
export async function writeShards(
  folder: string,
  source: WeightSource,
  specs: readonly TensorSpec[],
  options: ShardOptions,
): Promise<string[]> {
  const { blockBytes } = storageType(options.type)
  const bytesOf = ({ shape }: TensorSpec): number =>
    shape.reduce((product, length) => product * length, blockBytes)
  const total = specs.reduce((sum, spec) => sum + bytesOf(spec), 0)
  const shards: Shard[] = []
  for (const spec of specs) {
    const bytes = bytesOf(spec)
    const last = shards.at(-1)
    if (last === undefined || last.bytes + bytes > (options.maximumBytes ?? defaultMaximum)) {
      shards.push({ tensors: [spec], bytes })
    } else {
      last.tensors.push(spec)
      last.bytes += bytes
    }
  }
  const nameOf = (index: number): string =>
    shards.length === 1
      ? 'model.safetensors'
      : `model-${String(index + 1).padStart(5, '0')}-of-${String(shards.length).padStart(5, '0')}.safetensors`
  let done = 0
  for (const [index, shard] of shards.entries()) {
    const header = headerOf(shard.tensors, options.type, bytesOf)
    await replaceFile(
      join(folder, nameOf(index)),
      async (writer) => {
        await writer.write(header)
        for (const spec of shard.tensors) {
          options.signal?.throwIfAborted()
          const numbers = await source.read(spec.name)
          await writer.write(encodeNumbers(numbers, storageType(options.type), spec.name))
          done += bytesOf(spec)
          options.onProgress?.(done, total)
        }
      },
      { expectedBytes: header.length + shard.bytes },
    )
  }
  const names = shards.map((_, index) => nameOf(index))
  if (shards.length === 1) return names
  const places = shards.flatMap(({ tensors }, index) =>
    tensors.map(({ name }) => [name, nameOf(index)] as const),
  )
  const index = { metadata: { total_size: total }, weight_map: Object.fromEntries(places) }
  const indexName = 'model.safetensors.index.json'
  await replaceFileWith(join(folder, indexName), `${JSON.stringify(index, undefined, 2)}\n`)
  return [...names, indexName]
}

/** Format: https://huggingface.co/docs/safetensors */
function headerOf(
  specs: readonly TensorSpec[],
  type: string,
  bytesOf: (spec: TensorSpec) => number,
): Uint8Array {
  const entries: [string, unknown][] = [['__metadata__', { format: 'pt' }]]
  let end = 0
  for (const spec of specs) {
    const start = end
    end += bytesOf(spec)
    entries.push([spec.name, { dtype: type, shape: spec.shape, data_offsets: [start, end] }])
  }
  const json = Buffer.from(JSON.stringify(Object.fromEntries(entries)))
  const padded = Math.ceil(json.length / 8) * 8
  const header = Buffer.alloc(8 + padded, ' ')
  header.writeBigUInt64LE(BigInt(padded))
  json.copy(header, 8)
  return header
}
