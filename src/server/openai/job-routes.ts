import type { ApiContext } from '../create-json-apis.ts'
import type { ApiRoute } from '../json-api/api-route.ts'
import { batchRoutes } from './batch-routes.ts'
import { fileRoutes } from './file-routes.ts'
import { fineTuningRoutes } from './fine-tuning-routes.ts'
import { uploadRoutes } from './upload-routes.ts'

/** What works on files: uploads, fine-tuning and batches. */
export const jobRoutes = (context: ApiContext): readonly ApiRoute[] => [
  ...fileRoutes(context),
  ...uploadRoutes(context),
  ...fineTuningRoutes(context),
  ...batchRoutes(context),
]
