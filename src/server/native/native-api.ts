import { jsonEvent } from '../../wire/server-sent-events.ts'
import type { ApiRoute } from '../json-api/api-route.ts'
import type { JsonApi } from '../json-api/json-api.ts'
import { chatRoutes } from './chat.ts'
import { exampleRoutes } from './dataset-examples.ts'
import { datasetWorkRoutes } from './dataset-work.ts'
import { datasetRoutes } from './datasets.ts'
import { doctorRoutes } from './doctor.ts'
import { evaluationRoutes } from './evaluations.ts'
import { formatRoutes } from './formats.ts'
import { errorBody } from './error-body.ts'
import { jobRoutes } from './jobs.ts'
import { modelRoutes } from './models.ts'
import type { NativeContext } from './native-context.ts'
import { openApiRoutes } from './open-api.ts'
import { requireSameOrigin } from './same-origin.ts'
import { settingsRoutes } from './settings.ts'
import { stateRoutes } from './state.ts'
import { trainRoutes } from './train.ts'
import { uploadRoutes } from './uploads.ts'

/** Hone's own API: what the web page and other programs use. */
export function createNativeApi(context: NativeContext): JsonApi {
  const routes = [
    ...openApiRoutes(),
    ...stateRoutes(context),
    ...doctorRoutes(context),
    ...modelRoutes(context),
    ...jobRoutes(context),
    ...formatRoutes(),
    ...uploadRoutes(context),
    ...datasetRoutes(context),
    ...exampleRoutes(context),
    ...datasetWorkRoutes(context),
    ...trainRoutes(context),
    ...evaluationRoutes(context),
    ...chatRoutes(context),
    ...settingsRoutes(context),
  ]
  return {
    name: 'hone',
    claims: ({ url = '' }) => /^\/api(\/|\?|$)/.test(url),
    routes: routes.map((each) => guarded(each, context.isLocal)),
    headers: ({ id }) => ({ 'x-request-id': id, 'cache-control': 'no-store' }),
    refusal: (fault) => ({ json: errorBody(fault) }),
    failedEvent: (fault) => jsonEvent(errorBody(fault), 'error'),
  }
}

const guarded = (route: ApiRoute, isLocal: boolean): ApiRoute => ({
  ...route,
  answer: async (call) => {
    requireSameOrigin(call, isLocal)
    return route.answer(call)
  },
})
