import { rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { WaitOptions } from '../../core/chat-model.ts'
import { HoneError } from '../../core/errors.ts'
import { importAdapter, isAdapterFolder } from '../../engine/adapter/import-adapter.ts'
import {
  catalogue as ownCatalogue,
  defaultBase,
  type CatalogueEntry,
} from '../../engine/weights/catalogue.ts'
import { importModel } from '../../engine/weights/import-model.ts'
import type { ExportedModel } from '../../engine/export/export-model.ts'
import type { StorageType } from '../../engine/export/storage-types.ts'
import type { ModelEvent } from '../../engine/weights/model-events.ts'
import { pullModel, type PullModelOptions } from '../../engine/weights/pull-model.ts'
import { modelFolder, modelsFolder, weightCacheFolder } from '../../lib/home-layout.ts'
import { readGateVerdict, type StoredGateVerdict } from '../../store/gate-verdicts.ts'
import { readLabelDecision, type StoredLabelDecision } from '../../store/label-decisions.ts'
import { listModels, modelFiles, removeModel, type FileSize, type ListedModel } from '../../store/models.ts'
import { readModelFolders, readStoredModel, type StoredModel } from '../../store/read-model.ts'
import { cacheKeysOf } from './cache-keys.ts'
import { findModelFolder } from './find-model.ts'
import { readUsableModel } from './read-usable-model.ts'
import { rowsToMeasure } from './rows-to-measure.ts'

export type { ExportedModel }
export type ModelsServiceEvent = ModelEvent
export type SourceKind = CatalogueEntry['sources'][number]['kind']

/** A model that can be pulled by its name. */
export interface AvailableModel {
  readonly id: string
  readonly title: string
  readonly licence: string
  /** Bytes to download from the first source. */
  readonly bytes: number
}

export interface ModelList {
  readonly schema: 1
  /** Folder that they lie in. */
  readonly folder: string
  readonly models: readonly ListedModel[]
  /** Those of the catalogue that are not here. */
  readonly available: readonly AvailableModel[]
}

export interface ModelDetails {
  readonly schema: 1
  readonly model: StoredModel
  readonly bytes: number
  readonly files: readonly { readonly name: string; readonly bytes: number }[]
  /** The last verdict of the gate; null where the model was never judged. */
  readonly gate: StoredGateVerdict | null
  /** How its labels are decided by their probabilities; null where its answers are taken as written. */
  readonly labelDecision: StoredLabelDecision | null
  /** Null where the template cannot be read. */
  readonly template: {
    readonly sha256: string
    /** What the template adds where a conversation has no system message. */
    readonly defaultSystemPrompt: string | null
  } | null
}

export interface RemovedModel {
  readonly schema: 1
  readonly id: string
  readonly folder: string
  /** Freed, cached weights included. */
  readonly bytes: number
}

export interface ModelsServiceOptions extends WaitOptions {
  readonly onEvent?: ((event: ModelsServiceEvent) => void) | undefined
}

export interface PullRequest {
  /** An id of the catalogue, or `hf:owner/name[@revision]`. */
  readonly name: string
  readonly endpoint?: string | undefined
  /** Only this kind of source. Default: the first that answers. */
  readonly source?: SourceKind | undefined
}

export interface ImportRequest {
  readonly path: string
  /** The base of an adapter: an id or a folder. */
  readonly base?: string | undefined
  readonly id?: string | undefined
  readonly licence?: string | undefined
  /** Replace a model of the same id. */
  readonly force?: boolean | undefined
}

export interface ExportModelRequest {
  /** A model by its id or folder. */
  readonly model: string
  /** A folder, or for GGUF also the one file that is wanted. */
  readonly out: string
  /** The adapter in its base's weights. */
  readonly merged?: boolean | undefined
  /** GGUF files, for llama.cpp and Ollama; else Hugging Face's. */
  readonly gguf?: boolean | undefined
  /** How merged weights are stored. Default F32, in GGUF F16. */
  readonly type?: StorageType | undefined
  /** Replace an earlier export. */
  readonly force?: boolean | undefined
}

/** The models of one home. */
export interface ModelsService {
  readonly defaultBase: string
  list(): Promise<ModelList>
  /** The folder of a model or training run. @throws HoneError `E_MODEL_UNKNOWN` */
  find(reference: string): Promise<string>
  /** @throws HoneError `E_MODEL_UNKNOWN` */
  show(reference: string): Promise<ModelDetails>
  /** @throws HoneError what `pullModel` throws */
  pull(request: PullRequest, options?: ModelsServiceOptions): Promise<ModelDetails>
  /**
   * A base model, or an adapter of PEFT, which needs a base.
   *
   * @throws HoneError what `importModel` and `importAdapter` throw
   */
  import(request: ImportRequest, options?: ModelsServiceOptions): Promise<ModelDetails>
  /** @throws HoneError `E_MODEL_UNKNOWN`, and what `exportModel` throws */
  export(request: ExportModelRequest, options?: ModelsServiceOptions): Promise<ExportedModel>
  /** @throws HoneError `E_MODEL_UNKNOWN`; `E_EXISTS` for what others need or could go on, unless forced */
  remove(id: string, options?: { readonly force?: boolean | undefined }): Promise<RemovedModel>
}

export interface ModelsServiceSettings extends Pick<PullModelOptions, 'env' | 'timing' | 'pythons'> {
  readonly home: string
  /** Threads of one operator. Default: the machine's cores. */
  readonly threads?: number | undefined
  readonly catalogue?: readonly CatalogueEntry[] | undefined
}

export function createModelsService(settings: ModelsServiceSettings): ModelsService {
  const { home } = settings
  const catalogue = settings.catalogue ?? ownCatalogue

  return {
    defaultBase,
    find: (reference) => findModelFolder(home, reference),
    show: async (reference) => detailsOf(home, await findModelFolder(home, reference)),

    async list() {
      const models = await listModels(home)
      const present = new Set(models.map(({ id }) => id))
      const available = catalogue
        .filter(({ id }) => !present.has(id))
        .map(({ id, title, licence, sources }) => ({ id, title, licence, bytes: bytesOf(sources[0]) }))
      return { schema: 1, folder: modelsFolder(home), models, available }
    },

    async pull({ name, endpoint, source }, { signal, onEvent } = {}) {
      const { env, timing, pythons } = settings
      const { folder } = await pullModel(name, {
        home,
        endpoint,
        env,
        timing,
        pythons,
        signal,
        onEvent,
        catalogue: source === undefined ? catalogue : onlySource(catalogue, name, source),
      })
      return detailsOf(home, folder)
    },

    async import({ path, base, id, licence, force }, { signal, onEvent } = {}) {
      if (base !== undefined || (await isAdapterFolder(path))) {
        const baseFolder = await baseOfAdapter(home, path, base)
        const place = { home, id, replace: force, signal, onEvent }
        const { folder } = await importAdapter(path, { ...place, base: baseFolder })
        return detailsOf(home, folder)
      }
      const options = {
        home,
        id,
        replace: force,
        signal,
        onEvent,
        ...(licence === undefined ? {} : { licence }),
      }
      const { folder } = await importModel(path, options)
      return detailsOf(home, folder)
    },

    async export({ model, out, merged, gguf, type, force }, { signal, onEvent } = {}) {
      const folder = await findModelFolder(home, model)
      const stored = await readUsableModel(folder)
      const folders = await readModelFolders(home, folder)
      // It loads the runtime's native library, which nothing else here needs.
      const { exportModel } = await import('../../engine/export/export-model.ts')
      const form = merged === true ? 'merged' : 'adapter'
      return exportModel({
        form: gguf === true ? `gguf-${form}` : form,
        type,
        out,
        force,
        id: stored.id,
        baseFolder: folders.base,
        adapterFolder: folders.adapter,
        systemPrompt: stored.kind === 'tuned' ? stored.systemPrompt : null,
        rows: await rowsToMeasure(folder, stored),
        cacheFolder: weightCacheFolder(home),
        signal,
        onEvent,
        ...(settings.threads === undefined ? {} : { threads: settings.threads }),
      })
    },

    async remove(id, { force } = {}) {
      const cached = await cachedFilesOf(home, modelFolder(home, id))
      const { folder, bytes } = await removeModel(home, id, { force })
      // A cached file that another process has open cannot be removed everywhere; it is found again or made anew.
      for (const { name } of cached)
        await rm(join(weightCacheFolder(home), name), { force: true }).catch(() => {})
      return { schema: 1, id, folder, bytes: bytes + sizeOf(cached) }
    },
  }
}

async function detailsOf(home: string, folder: string): Promise<ModelDetails> {
  const { loadModelText } = await import('../../text/load-chat-text.ts')
  const model = await readStoredModel(folder, basename(folder))
  const files = await modelFiles(folder)
  const text = await readModelFolders(home, folder)
    .then(({ base }) => loadModelText(base))
    .catch(() => undefined)
  const template =
    text === undefined
      ? null
      : {
          sha256: text.template.hash,
          defaultSystemPrompt: text.template.defaultSystemPrompt ?? null,
        }
  const gate = (await readGateVerdict(folder)) ?? null
  const labelDecision = (await readLabelDecision(folder)) ?? null
  return { schema: 1, model, bytes: sizeOf(files), files, gate, labelDecision, template }
}

async function baseOfAdapter(home: string, path: string, base: string | undefined): Promise<string> {
  if (!(await isAdapterFolder(path))) {
    throw new HoneError('E_USAGE', 'only the folder of an adapter is imported with a base', {
      at: { file: path },
      hint: 'it holds adapter_config.json and adapter_model.safetensors; import a base model without --base',
    })
  }
  if (base === undefined) {
    throw new HoneError('E_USAGE', 'this is an adapter, and its base is not named', {
      at: { file: path },
      hint: 'name the base that it was trained on with --base; hone models list shows those that are here',
    })
  }
  const folder = await findModelFolder(home, base)
  const { kind } = await readStoredModel(folder, basename(folder))
  if (kind === 'base') return folder
  throw new HoneError('E_USAGE', `"${base}" is not a base model`, {
    hint: 'hone models list shows the bases',
  })
}

/** Files that were made of a model's weights to be mapped into memory. */
async function cachedFilesOf(home: string, folder: string): Promise<FileSize[]> {
  const keys = await cacheKeysOf(home, folder).catch(() => [])
  const files = await modelFiles(weightCacheFolder(home))
  return files.filter(({ name }) => keys.some((key) => name.startsWith(`${key}.`)) && !name.endsWith('.lock'))
}

const sizeOf = (files: readonly FileSize[]): number => files.reduce((sum, { bytes }) => sum + bytes, 0)

function bytesOf(source: CatalogueEntry['sources'][number] | undefined): number {
  if (source === undefined) return 0
  return source.kind === 'wheel' ? source.bytes : sizeOf(source.files)
}

function onlySource(
  catalogue: readonly CatalogueEntry[],
  name: string,
  kind: SourceKind,
): readonly CatalogueEntry[] {
  const entry = catalogue.find(({ id }) => id === name)
  if (entry === undefined && kind === 'hub') return catalogue
  const sources = entry?.sources.filter((source) => source.kind === kind) ?? []
  if (entry !== undefined && sources.length > 0) return [{ ...entry, sources }]
  throw new HoneError('E_USAGE', `${name} has no source of the kind "${kind}"`, {
    hint: `it has ${[...new Set(entry?.sources.map((source) => source.kind) ?? ['hub'])].join(', ')}`,
  })
}
