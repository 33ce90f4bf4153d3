import { profiles } from '../../profiles/profiles.ts'
import type { Profile } from '../../profiles/profile.ts'

/** A base of a service, and what answers in its place on this machine. */
export interface MappedBase {
  /** The service's id of it. */
  readonly identifier: string
  readonly profile: Profile
  /** Id of the local base. */
  readonly localBase: string
}

export interface ModelMapOptions {
  /** Local base of everything that is not listed. */
  readonly defaultBase: string
  /** Local base by the service's id. */
  readonly bases?: Readonly<Record<string, string>>
}

/** Which local base stands in for which base of a service. */
export class ModelMap {
  readonly #options: ModelMapOptions
  readonly #found = new Map<string, MappedBase>()

  constructor(options: ModelMapOptions) {
    this.#options = options
    for (const profile of profiles) {
      for (const identifier of profile.modelIds) {
        const key = `${profile.service} ${identifier}`
        if (!this.#found.has(key)) this.#found.set(key, this.#mapped(identifier, profile))
      }
    }
  }

  /** Every base of the service that is mapped, by id. One that several profiles name is that of the first, as in `find`. */
  list(service: Profile['service']): MappedBase[] {
    return profiles
      .filter((profile) => profile.service === service)
      .flatMap((profile) => profile.modelIds.map((identifier) => this.#mapped(identifier, profile)))
      .filter(({ identifier, profile }) => this.find(service, identifier)?.profile === profile)
  }

  /** The base with exactly this id; `undefined` for one that is not known. */
  find(service: Profile['service'], identifier: string): MappedBase | undefined {
    return this.#found.get(`${service} ${identifier}`)
  }

  /** Names that the settings give local bases, whether or not a profile knows them. */
  get named(): readonly string[] {
    return Object.keys(this.#options.bases ?? {})
  }

  /** The local base that the settings name so. */
  baseNamed(name: string): string | undefined {
    const { bases = {} } = this.#options
    return Object.hasOwn(bases, name) ? bases[name] : undefined
  }

  /** The base with this id as it is tuned by a method; `undefined` where it is not. */
  findTunable(
    service: Profile['service'],
    identifier: string,
    method: Profile['method'],
  ): MappedBase | undefined {
    const profile = profiles.find(
      (each) => each.service === service && each.method === method && each.modelIds.includes(identifier),
    )
    return profile && this.#mapped(identifier, profile)
  }

  #mapped(identifier: string, profile: Profile): MappedBase {
    const { bases = {}, defaultBase } = this.#options
    const named = [identifier, ...profile.modelIds].find((id) => Object.hasOwn(bases, id))
    return {
      identifier,
      profile,
      localBase: named === undefined ? defaultBase : (bases[named] ?? defaultBase),
    }
  }
}
