import { profiles } from '../../profiles/profiles.ts'
import { listFormats } from '../../service/data/data-sources.ts'
import type { ApiRoute } from '../json-api/api-route.ts'
import { formatOperations } from './contract/formats.ts'
import { nativeRoute } from './native-route.ts'

export const formatRoutes = (): ApiRoute[] => [
  nativeRoute(formatOperations.getFormats, async () => ({
    formats: listFormats(),
    profiles: profiles.map(({ id, title, service, asOf }) => ({ id, title, service, asOf })),
  })),
]
