import type { Profile } from '../../profiles/profile.ts'
import { BriefCache } from '../../lib/brief-cache.ts'
import { isModelId, modelFolder } from '../../lib/home-layout.ts'
import type { Resource, ResourceStore } from '../../store/database/resource-store.ts'
import { listModels } from '../../store/models.ts'
import { readStoredModel, type StoredModel } from '../../store/read-model.ts'
import { importedBase, type ImportedModel } from '../model-jobs/model-job.ts'
import { ModelInUse, removeServedModel, type RemoveServedModel } from '../model-jobs/remove-served-model.ts'
import { isCheckpointFolder } from '../tuning/tuned-checkpoints.ts'
import type { ServedModel } from '../tuning/tuning-job.ts'
import type { Endpoint, EndpointService } from './endpoint-service.ts'
import type { InferenceTarget } from './inference-service.ts'
import type { ModelMap } from './model-map.ts'

/** A model that answers under a name. */
export interface AnsweringModel extends InferenceTarget {
  readonly name: string
  /** What it is to whoever wants to be rid of it. */
  readonly kind: 'base' | 'tuned' | 'imported' | 'endpoint'
  /** The base as a service's clients call it; on this machine its own id. */
  readonly baseIdentifier: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** Of a provisioned throughput or a deployment. */
  readonly endpoint?: Endpoint
  /** Of one that a job made, or a copy: its id among those. */
  readonly resourceId?: string
}

interface AnsweringModelsOptions extends RemoveServedModel {
  readonly home: string
  readonly modelMap: ModelMap
  readonly imported: ResourceStore<ImportedModel>
  readonly endpoints: EndpointService
}

/**
 * All models that answer, by name, for APIs that call every model by one: the bases of a service, what jobs of whatever API
 * made, what was imported, endpoints, and what lies in the home.
 */
export class AnsweringModels {
  readonly #options: AnsweringModelsOptions
  readonly #stored = new BriefCache<StoredModel | undefined>({ milliseconds: 500, most: 1000 })

  constructor(options: AnsweringModelsOptions) {
    this.#options = options
  }

  /** May be half a second old where another process changed it. A service's own names come before all others. */
  async find(service: Profile['service'], name: string): Promise<AnsweringModel | undefined> {
    const { modelMap, models, imported, endpoints } = this.#options
    const base = modelMap.find(service, name)
    if (base !== undefined) return ofBase(base.profile.modelIds[0] ?? base.identifier, base.localBase)
    const model = await models.findRecent('name', name)
    if (model?.state === 'active') return ofModel(model)
    for (const kind of ['provisioned', 'deployment'] as const) {
      const endpoint = await endpoints.findRecent(kind, 'name', name)
      if (endpoint !== undefined) return this.#ofEndpoint(endpoint)
    }
    const taken = await imported.findRecent('name', name)
    if (taken?.state === 'active') return ofImported(taken)
    const stored = isModelId(name) ? await this.#stored.get(name, () => this.#read(name)) : undefined
    return stored === undefined ? undefined : ofStored(stored)
  }

  /** Without endpoints, which answer with models that are listed. Bases first, then the newest. */
  async list(service: Profile['service']): Promise<AnsweringModel[]> {
    const { modelMap, models, imported, home } = this.#options
    const bases = modelMap.list(service).map(({ identifier, localBase }) => ofBase(identifier, localBase))
    const stored = await listModels(home)
    const own = await all(models)
    const taken = await all(imported)
    // Files of what has a name of its own are not listed again.
    const named = new Set([...own, ...taken].map(({ document }) => document.homeId))
    const found = [
      ...own.filter(({ state }) => state === 'active').map(ofModel),
      ...taken.filter(({ state }) => state === 'active').map(ofImported),
      ...stored
        .filter(({ id }) => !named.has(id) && !isCheckpointFolder(id))
        .flatMap((each) => ofStored(each) ?? []),
    ]
    const names = new Set(bases.map(({ name }) => name))
    const rest = found.filter(({ name }) => !names.has(name))
    return [...bases, ...rest.toSorted((left, right) => right.createdAt - left.createdAt)]
  }

  /**
   * Removes a tuned or imported model and its files, unless a copy needs them.
   *
   * @throws ModelInUse for a base, an endpoint, and what an endpoint answers with; HoneError
   */
  async remove(model: AnsweringModel): Promise<void> {
    const { models, removeModel } = this.#options
    if (model.kind === 'base') throw new ModelInUse(`${model.name} is a base`)
    if (model.kind !== 'tuned') {
      throw new ModelInUse(
        `${model.name} is removed where it was made: it is ${model.kind === 'endpoint' ? 'an endpoint' : 'imported'}`,
      )
    }
    this.#stored.clear()
    const { resourceId } = model
    if (resourceId === undefined) return removeModel(model.homeId)
    const stored = await models.find(resourceId)
    if (stored !== undefined) await removeServedModel(this.#options, stored)
  }

  async #read(id: string): Promise<StoredModel | undefined> {
    const model = await readStoredModel(modelFolder(this.#options.home, id), id)
    return model.kind === 'base' || model.kind === 'tuned' ? model : undefined
  }

  async #ofEndpoint(endpoint: Endpoint): Promise<AnsweringModel | undefined> {
    const { modelId, localBase, baseIdentifier } = endpoint.document
    const { name, createdAt } = endpoint
    const model = modelId === null ? undefined : await this.#options.models.findRecent('id', modelId)
    if (modelId !== null && model === undefined) return undefined
    const homeId = model?.document.homeId ?? localBase
    return { name, kind: 'endpoint', homeId, localBase, baseIdentifier, createdAt, endpoint }
  }
}

const ofBase = (name: string, localBase: string): AnsweringModel => ({
  name,
  kind: 'base',
  homeId: localBase,
  localBase,
  baseIdentifier: name,
  createdAt: 0,
})

const ofModel = ({ id, name, document, createdAt }: Resource<ServedModel>): AnsweringModel => ({
  name,
  kind: 'tuned',
  homeId: document.homeId,
  localBase: document.localBase,
  baseIdentifier: document.baseIdentifier,
  createdAt,
  resourceId: id,
})

const ofImported = ({ name, document, createdAt }: Resource<ImportedModel>): AnsweringModel => ({
  name,
  kind: 'imported',
  homeId: document.homeId,
  localBase: document.localBase,
  baseIdentifier: importedBase,
  createdAt,
})

function ofStored(model: StoredModel): AnsweringModel | undefined {
  if (model.kind !== 'base' && model.kind !== 'tuned') return undefined
  const { id, kind } = model
  const localBase = model.kind === 'tuned' ? model.base : id
  const createdAt = Date.parse(model.createdAt) || 0
  return { name: id, kind, homeId: id, localBase, baseIdentifier: localBase, createdAt }
}

async function all<Document>(store: ResourceStore<Document>): Promise<Resource<Document>[]> {
  const found: Resource<Document>[] = []
  for (;;) {
    const last = found.at(-1)
    const page = await store.list({ limit: 500, ...(last === undefined ? {} : { after: last }) })
    found.push(...page)
    if (page.length < 500) return found
  }
}
