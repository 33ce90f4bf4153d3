import { inspectFile } from '../../service/example-pages/inspect-file.ts'
import type { Upload } from '../../service/uploads/uploads.ts'
import type { ApiCall, ApiRoute } from '../json-api/api-route.ts'
import { uploadOperations } from './contract/uploads.ts'
import { importInto } from './datasets.ts'
import type { NativeContext } from './native-context.ts'
import { nativeRoute } from './native-route.ts'
import { plainExample } from './plain-example.ts'

export const uploadRoutes = (context: NativeContext): ApiRoute[] => {
  const { uploads } = context
  return [
    nativeRoute(uploadOperations.createUpload, async ({ body, identity }) =>
      shown(await uploads.create({ ...body, owner: identity.user })),
    ),
    nativeRoute(uploadOperations.listUploads, async () => ({
      uploads: (await uploads.list()).map(shown),
    })),
    nativeRoute(uploadOperations.getUpload, async (call) => shown(await uploads.find(uploadId(call)))),
    nativeRoute(uploadOperations.addToUpload, async (call) =>
      shown(await uploads.add(uploadId(call), call.search.offset, call.stream())),
    ),
    nativeRoute(uploadOperations.inspectUpload, async (call) => {
      const { file } = await uploads.whole(uploadId(call))
      const { examples, ...inspected } = await inspectFile(file, call.body, call.signal)
      return {
        ...inspected,
        examples: examples.flatMap(({ line, example }) =>
          example === undefined ? [] : [{ line, example: plainExample(example) }],
        ),
      }
    }),
    nativeRoute(uploadOperations.importUpload, async (call, onProgress) => {
      const { id, file } = await uploads.whole(uploadId(call))
      const outcome = await importInto(context, { ...call.body, files: [file] }, call.signal, onProgress)
      await uploads.remove(id)
      return outcome
    }),
    nativeRoute(uploadOperations.deleteUpload, async (call) => {
      const id = uploadId(call)
      await uploads.remove(id)
      return { id, removed: true }
    }),
  ]
}

const uploadId = ({ labels }: Pick<ApiCall, 'labels'>): string => labels['id'] ?? ''

/** Where it lies is the server's business. */
function shown(upload: Upload): Omit<Upload, 'file'> {
  const { file: _, ...rest } = upload
  return rest
}
