import type { JsonObject } from '../../core/example.ts'
import type { ListResources, Resource, ResourceStore } from '../../store/database/resource-store.ts'
import { passGate, type PromotionGate } from './promotion-gate.ts'
import { resourceId } from '../tuning/tuning-service.ts'

/** What traffic calls: a model that answers under an address of its own. */
export interface EndpointDocument {
  /** Id of the custom model; null for a base. */
  readonly modelId: string | null
  /** The base, as the service's clients call it. */
  readonly baseIdentifier: string
  readonly localBase: string
  /** Answers that are generated at once, by unit; null without a limit. */
  readonly units: number | null
  readonly description: string | null
  readonly commitment: 'OneMonth' | 'SixMonths' | null
  /** Milliseconds since 1970 at which the commitment ends; it renews itself unless it is told not to. */
  readonly commitmentEnds: number | null
  readonly dialect: JsonObject
}

export type Endpoint = Resource<EndpointDocument>

/** Provisioned throughput and deployments: two kinds of endpoint, each in a store of its own. */
export class EndpointService {
  readonly #stores: Readonly<Record<EndpointKind, ResourceStore<EndpointDocument>>>
  readonly #gate: PromotionGate | undefined

  /** @param gate What models have to pass; without one all may be deployed */
  constructor(stores: Readonly<Record<EndpointKind, ResourceStore<EndpointDocument>>>, gate?: PromotionGate) {
    this.#stores = stores
    this.#gate = gate
  }

  /** @throws NameTaken; HoneError `E_GATE` for a model that did not pass its gate */
  async create(kind: EndpointKind, name: string, document: EndpointDocument): Promise<Endpoint> {
    await this.#pass(document)
    const id = resourceId()
    await this.#stores[kind].add({ id, name, state: 'in-service', parent: document.modelId, document })
    const endpoint = await this.#stores[kind].find(id)
    if (endpoint === undefined) throw new Error(`endpoint ${id} is gone`)
    return endpoint
  }

  /** The endpoints of one kind, to find them in. */
  store(kind: EndpointKind): Pick<ResourceStore<EndpointDocument>, 'find' | 'findByName'> {
    return this.#stores[kind]
  }

  find(kind: EndpointKind, id: string): Promise<Endpoint | undefined> {
    return this.#stores[kind].find(id)
  }

  findByName(kind: EndpointKind, name: string): Promise<Endpoint | undefined> {
    return this.#stores[kind].findByName(name)
  }

  /** For every request: it may be half a second old where another process changed it. */
  findRecent(kind: EndpointKind, column: 'id' | 'name', value: string): Promise<Endpoint | undefined> {
    return this.#stores[kind].findRecent(column, value)
  }

  list(kind: EndpointKind, options: ListResources): Promise<Endpoint[]> {
    return this.#stores[kind].list(options)
  }

  /**
   * Points an endpoint to another model, or renames it. Requests under way end with the model they began with.
   *
   * @throws HoneError `E_GATE` for a model that did not pass its gate
   */
  async change(
    kind: EndpointKind,
    id: string,
    change: { readonly name?: string; readonly document?: EndpointDocument },
  ): Promise<boolean> {
    const { document } = change
    if (document !== undefined) await this.#pass(document)
    return this.#stores[kind].change(id, {
      ...change,
      ...(document === undefined ? {} : { parent: document.modelId }),
    })
  }

  async #pass({ modelId }: EndpointDocument): Promise<void> {
    if (this.#gate !== undefined && modelId !== null) await passGate(this.#gate, modelId)
  }

  remove(kind: EndpointKind, id: string): Promise<boolean> {
    return this.#stores[kind].remove(id)
  }

  /** Endpoints of whatever kind that a model answers at. */
  async ofModel(modelId: string): Promise<Endpoint[]> {
    const found = await Promise.all(
      endpointKinds.map((kind) => this.#stores[kind].list({ parent: modelId, limit: 100 })),
    )
    return found.flat()
  }
}

const endpointKinds = ['provisioned', 'deployment'] as const

export type EndpointKind = (typeof endpointKinds)[number]
