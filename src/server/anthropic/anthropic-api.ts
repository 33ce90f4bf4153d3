import { writeError } from '../../wire/anthropic/error-body.ts'
import { jsonEvent } from '../../wire/server-sent-events.ts'
import { isBelow } from '../json-api/find-json-api.ts'
import type { JsonApi } from '../json-api/json-api.ts'
import type { AnthropicContext } from './anthropic-context.ts'
import { batchRoutes } from './batch-routes.ts'
import { deploymentRoutes } from './deployment-routes.ts'
import { failureOf, wordsOf } from './failure.ts'
import { fileRoutes } from './file-routes.ts'
import { fineTuningRoutes } from './fine-tuning-routes.ts'
import { messageRoutes } from './message-routes.ts'
import { modelRoutes } from './model-routes.ts'
import { unserved } from './unserved.ts'

/**
 * Anthropic's API. It shares paths with OpenAI's; its clients name the version that they speak.
 * Source: https://docs.anthropic.com/en/api/overview
 */
export const createAnthropicApi = (context: AnthropicContext): JsonApi => ({
  name: 'anthropic',
  claims: ({ headers, url }) => headers['anthropic-version'] !== undefined && isBelow(url, '/v1'),
  routes: [messageRoutes, batchRoutes, modelRoutes, fileRoutes, fineTuningRoutes, deploymentRoutes].flatMap(
    (routes) => routes(context),
  ),
  unserved,
  headers: ({ id }) => ({ 'request-id': requestId(id) }),
  refusal(fault, { id }) {
    const { type, status } = failureOf(fault)
    const isPassing = type === 'rate_limit_error' || type === 'overloaded_error'
    return {
      status,
      headers: isPassing ? { ...fault.headers, 'retry-after': '1' } : fault.headers,
      json: writeError(type, wordsOf(fault), requestId(id), fault.code),
    }
  },
  failedEvent: (fault, { id }) =>
    jsonEvent(writeError(failureOf(fault).type, wordsOf(fault), requestId(id)), 'error'),
})

const requestId = (id: string): string => `req_${id}`
