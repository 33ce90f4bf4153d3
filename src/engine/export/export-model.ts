import { readdir, stat } from 'node:fs/promises'
import { basename, extname, join, resolve } from 'node:path'
import { HoneError } from '../../core/errors.ts'
import { copyFileWithDigest } from '../../lib/copy-file.ts'
import { replaceFileWith } from '../../lib/replace-file.ts'
import { readAdapter, writeAdapter } from '../adapter/adapter-files.ts'
import type { Adapter } from '../adapter/adapter.ts'
import { lowRankUpdates, mergedWeights, type LowRankUpdate } from '../adapter/merge-adapter.ts'
import type { GgufMapping } from '../arch/gguf-mapping.ts'
import { loadModelText, type ModelText } from '../../text/load-chat-text.ts'
import { readJsonFile } from '../../lib/read-json-file.ts'
import { openBaseModel } from '../base-model.ts'
import { readBaseFolder, type BaseFolder } from '../weights/base-folder.ts'
import type { SessionOptions } from '../graph/session.ts'
import { ggufWeights } from '../weights/gguf-weights.ts'
import { openGguf } from '../weights/gguf.ts'
import type { OnModelEvent } from '../weights/model-events.ts'
import { safetensorsWeights } from '../weights/safetensors-weights.ts'
import type { WeightSource } from '../weights/weight-source.ts'
import { writeGgufAdapter } from './gguf-adapter.ts'
import { writeGgufModel } from './gguf-model.ts'
import { writeHuggingFaceFiles } from './hugging-face-files.ts'
import { measureRounding, type MeasuredRows, type RoundingCost } from './measure-rounding.ts'
import { modelfileOf } from './modelfile.ts'
import { writeShards } from './safetensors-shards.ts'
import { exportManifest, refuseExisting, stageFolder } from './stage-export.ts'
import type { StorageType } from './storage-types.ts'

/**
 * What is written: the adapter as PEFT reads it; a Hugging Face folder with the adapter merged into the weights; the
 * adapter and its base as GGUF files; or a GGUF file with the adapter merged.
 */
export type ExportForm = 'adapter' | 'merged' | 'gguf-adapter' | 'gguf-merged'

export interface ExportOptions extends SessionOptions {
  readonly form: ExportForm
  /** How merged weights are stored. Default F32 in a Hugging Face folder, F16 in a GGUF file. */
  readonly type?: StorageType | undefined
  /** A folder, or for GGUF also the one file that is wanted. */
  readonly out: string
  /** Replace an earlier export. Default false. */
  readonly force?: boolean | undefined
  /** Id of the model. */
  readonly id: string
  readonly baseFolder: string
  /** Absent for a base. */
  readonly adapterFolder?: string | undefined
  /** What the model was tuned with, for the Modelfile. */
  readonly systemPrompt: string | null
  /** Rows on which rounding is measured. */
  readonly rows: MeasuredRows
  readonly cacheFolder: string
  readonly signal?: AbortSignal | undefined
  readonly onEvent?: OnModelEvent | undefined
}

/** `export.json`, and the result of the command. */
export interface ExportedModel {
  readonly schema: 1
  readonly model: string
  /** Id of the base. */
  readonly base: string
  readonly form: ExportForm
  /** How merged weights are stored; null where nothing was merged. */
  readonly type: StorageType | null
  readonly out: string
  readonly files: readonly { readonly name: string; readonly bytes: number }[]
  /** Null where nothing was rounded. */
  readonly rounding: RoundingCost | null
  /** False where the Modelfile is without the chat template; null where there is no Modelfile. */
  readonly modelfileTemplate: boolean | null
  /** ISO 8601, UTC. */
  readonly createdAt: string
}

interface Work extends ExportOptions {
  readonly base: BaseFolder & { readonly text: ModelText }
  readonly adapter: Adapter | undefined
  readonly updates: ReadonlyMap<string, LowRankUpdate>
}

const fileNames = { adapter: 'adapter.gguf', base: 'base.gguf', merged: 'model.gguf', modelfile: 'Modelfile' }

/**
 * Writes a model in a form that other programs read. What was there is kept until all of it is written.
 *
 * @throws HoneError `E_EXISTS`, `E_USAGE` for a form that the model does not have, `E_MODEL_UNSUPPORTED` for one that its
 *   architecture does not have, `E_DISK`
 */
export async function exportModel(options: ExportOptions): Promise<ExportedModel> {
  const type = typeOf(options)
  const { out, form } = options
  await refuseExisting(out, options.force === true)
  const text = await loadModelText(options.baseFolder)
  const base = { ...(await readBaseFolder(options.baseFolder)), text }
  const adapter =
    options.adapterFolder === undefined
      ? undefined
      : await readAdapter(options.adapterFolder, base.architecture, base.config)
  const updates =
    adapter === undefined ? new Map<string, never>() : lowRankUpdates(base.architecture, base.config, adapter)
  const work: Work = { ...options, base, adapter, updates }
  const described = {
    schema: 1,
    model: options.id,
    base: base.manifest.id,
    form,
    type,
    out: resolve(out),
  } as const
  const createdAt = new Date().toISOString()
  if (isFile(options)) {
    const target = resolve(out)
    const parts = await writeFiles(join(target, '..'), work, type, basename(target))
    const { size } = await stat(target)
    return { ...described, ...parts, files: [{ name: basename(target), bytes: size }], createdAt }
  }
  return stageFolder(out, async (staging) => {
    const parts = await writeFiles(staging, work, type, undefined)
    const files = await Promise.all(
      (await readdir(staging)).toSorted().map(async (name) => {
        const { size } = await stat(join(staging, name))
        return { name, bytes: size }
      }),
    )
    const exported: ExportedModel = { ...described, ...parts, files, createdAt }
    await replaceFileWith(join(staging, exportManifest), `${JSON.stringify(exported, undefined, 2)}\n`)
    return exported
  })
}

const isFile = ({ out, form }: ExportOptions): boolean =>
  form.startsWith('gguf') && extname(out).toLowerCase() === '.gguf'

function typeOf({ form, type, adapterFolder, id }: ExportOptions): StorageType | null {
  const isMerged = form === 'merged' || form === 'gguf-merged'
  if (!isMerged && adapterFolder === undefined) {
    throw new HoneError('E_USAGE', `"${id}" is a base and has no adapter`, {
      hint: 'its weights are exported with --merged',
    })
  }
  if (!isMerged && type !== undefined) {
    throw new HoneError('E_USAGE', 'an adapter is exported as it is, in F32', { hint: 'leave --type out' })
  }
  if (form === 'merged' && type === 'Q8_0') {
    throw new HoneError('E_USAGE', 'Q8_0 is a type of GGUF files', {
      hint: 'add --gguf, or take F32, BF16 or F16',
    })
  }
  if (!isMerged) return null
  return type ?? (form === 'merged' ? 'F32' : 'F16')
}

type WrittenParts = Pick<ExportedModel, 'rounding' | 'modelfileTemplate'>

/** @param only name of the one file that is wanted */
async function writeFiles(
  folder: string,
  work: Work,
  type: StorageType | null,
  only: string | undefined,
): Promise<WrittenParts> {
  const { base, adapter, form } = work
  switch (form) {
    case 'adapter':
      if (adapter !== undefined) await writeAdapter(folder, adapter, base.manifest.id)
      return { rounding: null, modelfileTemplate: null }
    case 'merged': {
      const stored = type === 'BF16' || type === 'F16' ? type : 'F32'
      const names = await writeMerged(folder, work, stored)
      const shards = names.filter((name) => name.endsWith('.safetensors')).map((name) => join(folder, name))
      const rounding = await measured(work, stored, () => safetensorsWeights(shards))
      return { rounding, modelfileTemplate: null }
    }
    case 'gguf-adapter':
    case 'gguf-merged':
    default:
      return writeGgufFiles(folder, work, type, only)
  }
}

async function writeMerged(folder: string, work: Work, type: 'F32' | 'BF16' | 'F16'): Promise<string[]> {
  const { base, signal } = work
  await writeHuggingFaceFiles(folder, base, base.text, type)
  const source = await base.openWeights()
  try {
    return await writeShards(folder, mergedWeights(source, work.updates), base.specs, {
      type,
      signal,
      onProgress: progress(work, 'model.safetensors'),
    })
  } finally {
    await source.close()
  }
}

async function writeGgufFiles(
  folder: string,
  work: Work,
  type: StorageType | null,
  only: string | undefined,
): Promise<WrittenParts> {
  const { base, adapter, form, id, signal } = work
  const mapping = mappingOf(base)
  const shared = { base, mapping, template: base.text.template.source, signal }
  if (form === 'gguf-merged' && type !== null) {
    const file = join(folder, only ?? fileNames.merged)
    const onProgress = progress(work, basename(file))
    await writeGgufModel(file, { ...shared, updates: work.updates, type, name: id, onProgress })
    const open = async (): Promise<WeightSource> =>
      ggufWeights(await openGguf(file), mapping, base.config, base.specs)
    const rounding = await measured(work, type, open)
    if (only !== undefined) return { rounding, modelfileTemplate: null }
    return { rounding, modelfileTemplate: await writeModelfile(folder, work, fileNames.merged, undefined) }
  }
  if (adapter === undefined) throw new HoneError('E_INTERNAL', 'there is no adapter to write')
  const { architecture, config } = base
  await writeGgufAdapter(join(folder, only ?? fileNames.adapter), adapter, architecture, mapping, config, id)
  if (only !== undefined) return { rounding: null, modelfileTemplate: null }
  const [weights] = base.manifest.weights
  const target = join(folder, fileNames.base)
  const onProgress = progress(work, fileNames.base)
  if (weights !== undefined && weights.name.endsWith('.gguf')) {
    const tell = (done: number): void => onProgress(done, weights.bytes)
    await copyFileWithDigest(join(base.folder, weights.name), target, {
      signal,
      expectedBytes: weights.bytes,
      onProgress: tell,
    })
  } else {
    const name = base.manifest.id
    await writeGgufModel(target, { ...shared, updates: new Map(), type: 'exact', name, onProgress })
  }
  const modelfileTemplate = await writeModelfile(folder, work, fileNames.base, fileNames.adapter)
  return { rounding: null, modelfileTemplate }
}

function mappingOf({ architecture }: BaseFolder): GgufMapping {
  if (architecture.gguf !== undefined) return architecture.gguf
  throw new HoneError('E_MODEL_UNSUPPORTED', `${architecture.name} models are not written as GGUF`, {
    hint: 'export a Hugging Face folder: --merged without --gguf',
  })
}

async function writeModelfile(
  folder: string,
  work: Work,
  from: string,
  adapter: string | undefined,
): Promise<boolean> {
  const { base, id, systemPrompt } = work
  const json = await readJsonFile(join(base.folder, 'tokenizer_config.json'), 'E_MODEL_FILE')
  const isTold = typeof json === 'object' && json !== null && 'add_bos_token' in json
  const addsBeginning = !isTold || json.add_bos_token !== false
  const { content, template } = modelfileOf({
    model: id,
    base: base.manifest.id,
    from,
    adapter,
    text: base.text,
    addsBeginning,
    systemPrompt,
  })
  await replaceFileWith(join(folder, fileNames.modelfile), content)
  return template
}

async function measured(
  work: Work,
  type: StorageType,
  open: () => Promise<WeightSource>,
): Promise<RoundingCost | null> {
  if (type === 'F32') return null
  const { adapter, rows, cacheFolder, signal, onEvent, threads, device } = work
  onEvent?.({ type: 'progressed', phase: 'measure', file: type, done: undefined, total: undefined })
  const base = await openBaseModel(work.base.folder, { cacheFolder, signal })
  return measureRounding(base, adapter, open, rows, {
    cacheFolder,
    signal,
    ...(threads === undefined ? {} : { threads }),
    ...(device === undefined ? {} : { device }),
  })
}

const progress =
  ({ onEvent }: Work, file: string) =>
  (done: number, total: number): void =>
    onEvent?.({ type: 'progressed', phase: 'write', file, done, total })
