import type { ApiContext } from '../create-json-apis.ts'
import { isBelow } from '../json-api/find-json-api.ts'
import type { JsonApi } from '../json-api/json-api.ts'
import { batchRoutes } from './batch-routes.ts'
import { fileRoutes } from './file-routes.ts'
import { fineTuningRoutes } from './fine-tuning-routes.ts'
import { uploadRoutes } from './upload-routes.ts'

export const openaiApi = (context: ApiContext): JsonApi => ({
  name: 'openai',
  claims: ({ url }) => isBelow(url, '/v1'),
  routes: [
    ...fileRoutes(context),
    ...uploadRoutes(context),
    ...fineTuningRoutes(context),
    ...batchRoutes(context),
  ],
  headers: ({ id, milliseconds }) => ({ 'x-request-id': id, 'openai-processing-ms': String(milliseconds) }),
  refusal: ({ message, hint, pointer, code }) => ({
    json: {
      error: {
        message: hint === undefined ? message : `${message} (${hint})`,
        type: 'invalid_request_error',
        param: pointer?.replace(/^[/?]/, '').replaceAll('/', '.') ?? null,
        code: code ?? null,
      },
    },
  }),
  failedEvent: ({ message }) => ({ data: JSON.stringify({ error: { message } }) }),
})
