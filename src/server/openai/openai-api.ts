import { jsonEvent } from '../../wire/server-sent-events.ts'
import type { ApiContext } from '../create-json-apis.ts'
import { isBelow } from '../json-api/find-json-api.ts'
import type { JsonApi } from '../json-api/json-api.ts'
import { chatCompletionRoutes } from './chat-completions.ts'
import { completionRoutes } from './completions.ts'
import { jobRoutes } from './job-routes.ts'
import { modelRoutes } from './models.ts'
import { openAiError, openAiRefusal } from './openai-error.ts'
import { responseRoutes } from './responses.ts'
import { lacksEnd, unserved } from './unserved.ts'

/** OpenAI's API. Source: https://platform.openai.com/docs/api-reference */
export function createOpenAiApi(context: ApiContext): JsonApi {
  return {
    name: 'openai',
    claims: (incoming) => isBelow(incoming.url, '/v1') || lacksEnd(incoming),
    routes: [
      ...modelRoutes(context),
      ...chatCompletionRoutes(context),
      ...completionRoutes(context),
      ...responseRoutes(context),
      ...jobRoutes(context),
    ],
    unserved,
    headers: ({ id, milliseconds }) => ({
      'x-request-id': id,
      'openai-processing-ms': String(milliseconds),
      'openai-version': '2020-10-01',
    }),
    refusal: (fault) => openAiRefusal(fault),
    failedEvent: (fault) => jsonEvent(openAiError(fault)),
  }
}
