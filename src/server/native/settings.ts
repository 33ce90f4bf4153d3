import type { z } from 'zod'
import type { ServerConfig } from '../../config/server-config.ts'
import { HoneError } from '../../core/errors.ts'
import { packageVersion } from '../../lib/package-version.ts'
import type { Endpoint, EndpointKind } from '../../service/serving/endpoint-service.ts'
import { createKeysService } from '../../service/serving/keys-service.ts'
import type { ApiRoute } from '../json-api/api-route.ts'
import { settingsOperations, type endpoint } from './contract/settings.ts'
import { readCursor, writeCursor } from './cursor.ts'
import type { NativeContext } from './native-context.ts'
import { nativeRoute } from './native-route.ts'

/** What of the server's settings its own API shows. */
export interface ShownSettings extends Pick<ServerConfig, 'serving' | 'lifecycle'> {
  readonly configFile: string | undefined
  readonly trainingWorkers: number
  readonly defaultBase: string
}

const kinds: readonly EndpointKind[] = ['provisioned', 'deployment']

export const settingsRoutes = (context: NativeContext): ApiRoute[] => {
  const { parts } = context
  const keys = createKeysService((use) => use(parts.keys))
  return [
    nativeRoute(settingsOperations.getSettings, async () => {
      const { home, account, isLocal, settings } = context
      const { configFile = null, trainingWorkers, lifecycle, serving, defaultBase } = settings
      const { models, memory = null, waiting, connections, drain } = serving
      return {
        hone: packageVersion(),
        home,
        account,
        configFile,
        isLocal,
        lifecycle,
        trainingWorkers,
        serving: { models, memory, waiting, connections, drain },
        defaultBase,
        modelMap: (['bedrock', 'openai'] as const).flatMap((service) =>
          parts.modelMap.list(service).map(({ identifier, profile, localBase }) => ({
            service,
            identifier,
            profile: profile.id,
            localBase,
          })),
        ),
      }
    }),
    nativeRoute(settingsOperations.listEndpoints, async () => {
      const found = await Promise.all(
        kinds.map(async (kind) => {
          const all = await parts.endpoints.list(kind, { limit: 1000 })
          return Promise.all(all.map((each) => shownEndpoint(context, kind, each)))
        }),
      )
      return { endpoints: found.flat() }
    }),
    nativeRoute(settingsOperations.listKeys, async () => ({ keys: (await keys.list()).keys })),
    nativeRoute(settingsOperations.createKey, async ({ body }) => {
      const { user, allow, kind } = body
      const { schema: _, ...made } = await keys.add({ user, allow, bearer: kind === 'bearer' })
      return made
    }),
    nativeRoute(settingsOperations.revokeKey, async ({ labels }) => {
      const id = labels['id'] ?? ''
      const { keys: known } = await keys.list()
      if (!known.some((key) => key.id === id && key.revoked === null)) {
        throw new HoneError(
          'E_NOT_FOUND',
          `there is no key ${JSON.stringify(id.slice(0, 60))} that is in use`,
          {
            hint: 'see them: GET /api/keys',
          },
        )
      }
      return { id: (await keys.revoke(id)).id }
    }),
    nativeRoute(settingsOperations.listAudit, async ({ search }) => {
      const { after, ...wanted } = search
      const found = await parts.audit.list({
        ...wanted,
        after: after === undefined ? undefined : readCursor(after),
      })
      const last = found.at(-1)
      return {
        entries: found.map(({ at, keyId, action, resource, outcome }) => ({
          at,
          keyId,
          action,
          resource,
          outcome,
        })),
        next:
          last === undefined || found.length < search.limit
            ? null
            : writeCursor({ createdAt: Date.parse(last.at), id: last.id }),
      }
    }),
  ]
}

async function shownEndpoint(
  { parts }: Pick<NativeContext, 'parts'>,
  kind: EndpointKind,
  { id, name, state, document, createdAt }: Endpoint,
): Promise<z.input<typeof endpoint>> {
  const model = document.modelId === null ? undefined : await parts.models.find(document.modelId)
  return {
    id,
    name,
    kind,
    state,
    model: model?.document.homeId ?? null,
    base: document.localBase,
    units: document.units,
    createdAt: new Date(createdAt).toISOString(),
  }
}
