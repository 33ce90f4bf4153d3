import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { HoneError } from '../../core/errors.ts'
import { readJsonFile } from '../../lib/read-json-file.ts'
import { ggufTokenizerMetadata } from '../../text/gguf-tokenizer-metadata.ts'
import { addUpdate, type LowRankUpdate } from '../adapter/merge-adapter.ts'
import type { GgufMapping, GgufSettings } from '../arch/gguf-mapping.ts'
import { isSameModel } from '../arch/same-model.ts'
import type { BaseFolder } from '../weights/base-folder.ts'
import { openGguf, type GgufFile, type GgufTensor } from '../weights/gguf.ts'
import type { Quantization } from '../weights/quantization/quantization.ts'
import { readFully } from '../weights/read-fully.ts'
import { rotaryInterleave } from '../weights/rotary-rows.ts'
import type { WeightSource } from '../weights/weight-source.ts'
import {
  ggufValue,
  writeGguf,
  type GgufTensorToWrite,
  type GgufValue,
  type WriteGgufOptions,
} from './gguf-writer.ts'
import { readGgufValues } from './read-gguf-values.ts'
import { encodeNumbers, exactType, storageType, type StorageType } from './storage-types.ts'

export interface GgufModelOptions extends WriteGgufOptions {
  readonly base: BaseFolder
  readonly mapping: GgufMapping
  /** By the name of the weight; none for the base as it is. */
  readonly updates: ReadonlyMap<string, LowRankUpdate>
  /** How matrices are stored; `exact` for the smallest type that holds each of them. */
  readonly type: StorageType | 'exact'
  readonly template: string
  readonly name: string
}

/** `llama_ftype` of llama.h. */
const fileTypes: Readonly<Record<StorageType, number>> = { F32: 0, F16: 1, Q8_0: 7, BF16: 32 }
const copyBytes = 1 << 20

/**
 * Writes a base, with an adapter merged into it or as it is, as a GGUF file. From a base that came as one, what the adapter
 * does not touch keeps its bytes where they are quantised already, and the metadata stay.
 *
 * @throws HoneError `E_MODEL_UNSUPPORTED` for a base that cannot be written as GGUF, `E_DISK`
 */
export async function writeGgufModel(path: string, options: GgufModelOptions): Promise<void> {
  const [weights] = options.base.manifest.weights
  const file = join(options.base.folder, weights?.name ?? '')
  if (file.endsWith('.gguf')) await fromGguf(path, file, options)
  else await fromSafetensors(path, options)
}

async function fromGguf(path: string, file: string, options: GgufModelOptions): Promise<void> {
  const { base, mapping, updates, type } = options
  const metadata = await readGgufValues(file)
  for (const key of metadata.keys()) if (key.startsWith('split.')) metadata.delete(key)
  if (type !== 'exact') metadata.set('general.file_type', ggufValue.count(fileTypes[type]))
  metadata.set('general.name', ggufValue.text(options.name))
  const weightOf = new Map(base.specs.map(({ name }) => [mapping.tensorName(name), name]))
  const gguf = await openGguf(file)
  try {
    const tensors = [...gguf.tensors].map(([name, tensor]): GgufTensorToWrite => {
      const weight = weightOf.get(name) ?? name
      const update = updates.get(weight)
      const stored = update === undefined && isKept(tensor) ? tensor.quantization : target(tensor.shape, type)
      return {
        name,
        shape: tensor.shape,
        type: stored,
        bytes: async function* () {
          if (stored === tensor.quantization && update === undefined) yield* bytesOf(file, tensor)
          else yield await encoded(gguf, name, stored, inFileOrder(update, weight, options))
        },
      }
    })
    await writeGguf(path, metadata, tensors, options)
  } finally {
    await gguf.close()
  }
}

/** Quantised numbers would only lose by being stored in another type. */
const isKept = ({ quantization }: GgufTensor): boolean => quantization.blockSize > 1

async function encoded(
  gguf: GgufFile,
  name: string,
  type: Quantization,
  update: LowRankUpdate | undefined,
): Promise<Uint8Array> {
  const numbers = await gguf.read(name)
  if (update !== undefined) addUpdate(numbers, update)
  return encodeNumbers(numbers, type, name)
}

function inFileOrder(
  update: LowRankUpdate | undefined,
  weight: string,
  { mapping, base }: GgufModelOptions,
): LowRankUpdate | undefined {
  const heads = mapping.interleavedHeads(weight, base.config)
  if (update === undefined || heads === undefined) return update
  return { ...update, b: rotaryInterleave(update.b, heads, update.rank) }
}

async function* bytesOf(file: string, { offset, bytes }: GgufTensor): AsyncGenerator<Uint8Array> {
  const handle = await open(file, 'r')
  try {
    for (let from = 0; from < bytes; from += copyBytes) {
      const piece = new Uint8Array(Math.min(copyBytes, bytes - from))
      await readFully(handle, piece, offset + from, file)
      yield piece
    }
  } finally {
    await handle.close()
  }
}

async function fromSafetensors(path: string, options: GgufModelOptions): Promise<void> {
  const { base, mapping, updates, type } = options
  const settings = settingsOf(options)
  const metadata = await metadataOf(settings, options)
  const source = await base.openWeights()
  try {
    const tensors = Object.entries(settings.tensors).map(([tensor, numbers]): GgufTensorToWrite => ({
      name: tensor,
      shape: [numbers.length],
      type: storageType('F32'),
      bytes: async function* () {
        yield encodeNumbers(Float32Array.from(numbers), storageType('F32'), tensor)
      },
    }))
    for (const { name, shape } of base.specs) {
      const stored =
        type === 'exact' && shape.length > 1
          ? exactType(await source.read(name))
          : target(shape, type === 'exact' ? 'F32' : type)
      tensors.push({
        name: mapping.tensorName(name),
        shape,
        type: stored,
        bytes: async function* () {
          yield encodeNumbers(await readInFileOrder(source, name, updates.get(name), options), stored, name)
        },
      })
    }
    await writeGguf(path, metadata, tensors, options)
  } finally {
    await source.close()
  }
}

async function readInFileOrder(
  source: WeightSource,
  name: string,
  update: LowRankUpdate | undefined,
  { mapping, base }: GgufModelOptions,
): Promise<Float32Array> {
  const numbers = await source.read(name)
  if (update !== undefined) addUpdate(numbers, update)
  const offset = mapping.offset(name)
  if (offset !== 0) return numbers.map((value) => value + offset)
  const heads = mapping.interleavedHeads(name, base.config)
  return heads === undefined ? numbers : rotaryInterleave(numbers, heads, source.shape(name)[1] ?? 1)
}

async function metadataOf(
  settings: GgufSettings,
  options: GgufModelOptions,
): Promise<Map<string, GgufValue>> {
  const { base, mapping, name, template } = options
  const { folder, config } = base
  const { texts, counts, floats } = settings
  const tokenizerConfig = (await readJsonFile(join(folder, 'tokenizer_config.json'), 'E_MODEL_FILE')) ?? {}
  const tokenizer = ggufTokenizerMetadata(
    await readJsonFile(join(folder, 'tokenizer.json'), 'E_MODEL_FILE'),
    tokenizerConfig as Record<string, unknown>,
    template,
    config.vocabularySize,
  )
  const metadata = new Map<string, GgufValue>([
    ['general.architecture', ggufValue.text(mapping.architecture)],
    ['general.type', ggufValue.text('model')],
    ['general.name', ggufValue.text(name)],
    ['general.quantization_version', ggufValue.count(2)],
  ])
  if (options.type !== 'exact') {
    metadata.set('general.file_type', ggufValue.count(fileTypes[options.type]))
  }
  for (const [key, value] of Object.entries(texts)) metadata.set(key, ggufValue.text(value))
  for (const [key, value] of Object.entries(counts)) metadata.set(key, ggufValue.count(value))
  for (const [key, value] of Object.entries(floats)) metadata.set(key, ggufValue.float(value))
  for (const [key, value] of tokenizer) metadata.set(key, valueOf(value))
  return metadata
}

/** What a file will say of the base; refuses a variant that would be read as another one. */
function settingsOf({ base, mapping }: GgufModelOptions): GgufSettings {
  const { architecture, config, specs, folder } = base
  const settings = mapping.written(config)
  const { texts, counts, floats, tensors } = settings
  const said = new Map<string, unknown>([
    ...Object.entries({ ...texts, ...counts }),
    ...Object.entries(floats).map(([key, value]) => [key, Math.fround(value)] as const),
  ])
  const readBack = architecture.config({
    ...mapping.config(said, {
      names: new Set(specs.map(({ name }) => mapping.tensorName(name))),
      settings: new Map(Object.entries(tensors)),
    }),
    tie_word_embeddings: config.tiedEmbeddings,
  })
  if (isSameModel(readBack, config)) return settings
  throw new HoneError('E_MODEL_UNSUPPORTED', 'this variant of the architecture is not written as GGUF', {
    at: { file: join(folder, 'config.json') },
    hint: 'export a Hugging Face folder (--merged without --gguf) and convert it with llama.cpp',
  })
}

function valueOf(value: unknown): GgufValue {
  if (typeof value === 'string') return ggufValue.text(value)
  if (typeof value === 'boolean') return ggufValue.flag(value)
  if (typeof value === 'number') return ggufValue.count(value)
  if (value instanceof Int32Array) return ggufValue.integers([...value])
  return ggufValue.texts(value as readonly string[])
}

/** llama.cpp keeps vectors in F32, and Q8_0 needs rows of whole blocks. */
function target(shape: readonly number[], type: StorageType | 'exact'): Quantization {
  if (shape.length < 2 || type === 'exact') return storageType('F32')
  const wanted = storageType(type)
  return (shape.at(-1) ?? 1) % wanted.blockSize === 0 ? wanted : storageType('F16')
}
