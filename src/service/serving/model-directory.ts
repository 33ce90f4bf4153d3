import { BriefCache } from '../../lib/brief-cache.ts'
import { isModelId, modelFolder } from '../../lib/home-layout.ts'
import type { ResourceStore } from '../../store/database/resource-store.ts'
import { listModels } from '../../store/models.ts'
import { readStoredModel, type StoredModel } from '../../store/read-model.ts'
import { importedBase, type ImportedModel } from '../model-jobs/model-job.ts'
import type { ServedModel } from '../tuning/tuning-job.ts'
import type { Endpoint, EndpointService } from './endpoint-service.ts'
import type { InferenceTarget } from './inference-service.ts'
import type { ModelMap } from './model-map.ts'

/** A model by the one name that requests of APIs without addresses call it by. */
export interface NamedModel extends InferenceTarget {
  readonly name: string
  readonly title: string
  /** Its base, as clients call it. */
  readonly baseIdentifier: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** Tokens of its context, where they are known. */
  readonly contextLength: number | undefined
  /** That was called by its name: what it has bought counts. */
  readonly endpoint?: Endpoint
}

export interface ModelDirectoryOptions {
  readonly home: string
  readonly models: Pick<ResourceStore<ServedModel>, 'findRecent' | 'list'>
  readonly imported: Pick<ResourceStore<ImportedModel>, 'findRecent' | 'list'>
  readonly endpoints: EndpointService
  readonly modelMap: ModelMap
}

/** The files of a model that jobs made have a name of their own, by which it is called. */
const isFilesOfJob = (id: string): boolean => /^(custom|imported)-[a-z0-9]{12}(-step-\d+)?$/.test(id)

/** Most models of one kind that are listed. */
const most = 1000

/**
 * Every model that can answer, by name: what the operator's settings name, bases and tuned models of the home, endpoints, and
 * models that jobs of any API made. Where two have the same name, the first of these has it.
 */
export class ModelDirectory {
  readonly #options: ModelDirectoryOptions
  readonly #recent = new BriefCache<NamedModel | undefined>({ milliseconds: 500, most: 1000 })

  constructor(options: ModelDirectoryOptions) {
    this.#options = options
  }

  /** May be half a second old where another process changed it. */
  find(name: string): Promise<NamedModel | undefined> {
    return this.#recent.get(name, () => this.#find(name))
  }

  /** All, newest first, each once. */
  async list(): Promise<NamedModel[]> {
    const { home, models, imported, endpoints, modelMap } = this.#options
    const stored = await listModels(home)
    const [served, taken, deployed] = await Promise.all([
      models.list({ states: ['active'], limit: most }),
      imported.list({ states: ['active'], limit: most }),
      endpoints.list('deployment', { limit: most }),
    ])
    const local = stored.filter(({ id }) => !isFilesOfJob(id))
    const names = [
      ...modelMap.named,
      ...[...local, ...served].map((model) => ('name' in model ? model.name : model.id)),
      ...[...deployed, ...taken].map(({ name }) => name),
    ]
    const found = await Promise.all([...new Set(names)].map((name) => this.#find(name)))
    return found
      .filter((model) => model !== undefined)
      .toSorted((a, b) => b.createdAt - a.createdAt || (a.name < b.name ? -1 : 1))
  }

  async #find(name: string): Promise<NamedModel | undefined> {
    const { modelMap, models, imported, endpoints } = this.#options
    const standIn = modelMap.baseNamed(name)
    if (standIn !== undefined) return this.#standIn(name, standIn)
    const stored = isFilesOfJob(name) ? undefined : await this.#stored(name)
    if (stored !== undefined) return stored
    const endpoint =
      (await endpoints.findRecent('deployment', 'name', name)) ??
      (await endpoints.findRecent('provisioned', 'name', name))
    if (endpoint !== undefined) return this.#endpoint(endpoint)
    const served = await models.findRecent('name', name)
    if (served?.state === 'active') {
      const { homeId, localBase, baseIdentifier } = served.document
      return this.#of({ name, homeId, localBase, baseIdentifier, createdAt: served.createdAt })
    }
    const taken = await imported.findRecent('name', name)
    if (taken?.state !== 'active') return undefined
    const { homeId, localBase } = taken.document
    return this.#of({ name, homeId, localBase, baseIdentifier: importedBase, createdAt: taken.createdAt })
  }

  /** A base of this machine under a name that the settings give it. */
  async #standIn(name: string, localBase: string): Promise<NamedModel> {
    const base = await this.#read(localBase)
    const createdAt = base?.kind === 'base' ? Date.parse(base.createdAt) : 0
    return {
      ...(await this.#of({ name, homeId: localBase, localBase, baseIdentifier: name, createdAt })),
      title: `${name} (${localBase} stands in for it)`,
    }
  }

  async #stored(name: string): Promise<NamedModel | undefined> {
    const model = await this.#read(name)
    if (model?.kind !== 'base' && model?.kind !== 'tuned') return undefined
    const localBase = model.kind === 'base' ? name : model.base
    const createdAt = Date.parse(model.createdAt)
    return this.#of({ name, homeId: name, localBase, baseIdentifier: localBase, createdAt })
  }

  async #endpoint(endpoint: Endpoint): Promise<NamedModel | undefined> {
    const { name, createdAt, document } = endpoint
    const { modelId, localBase, baseIdentifier } = document
    const model = modelId === null ? undefined : await this.#options.models.findRecent('id', modelId)
    if (modelId !== null && model === undefined) return undefined
    const homeId = model?.document.homeId ?? localBase
    return { ...(await this.#of({ name, homeId, localBase, baseIdentifier, createdAt })), endpoint }
  }

  async #of(model: Omit<NamedModel, 'title' | 'contextLength'>): Promise<NamedModel> {
    const base = await this.#read(model.localBase)
    const contextLength = base?.kind === 'base' ? base.contextLength : undefined
    const isBase = model.homeId === model.localBase
    return {
      ...model,
      title: isBase ? model.name : `${model.name} (tuned ${model.localBase})`,
      contextLength,
    }
  }

  async #read(id: string): Promise<StoredModel | undefined> {
    if (!isModelId(id)) return undefined
    const model = await readStoredModel(modelFolder(this.#options.home, id), id)
    return model.kind === 'broken' ? undefined : model
  }
}
