import { createHash } from 'node:crypto'
import type { Upload } from '../../service/files/upload-service.ts'
import { BodyFault } from '../../wire/dialect-request.ts'
import {
  completeRequest,
  largestFile,
  largestPart,
  linesPurposes,
  uploadRequest,
} from '../../wire/openai/file-object.ts'
import { fromObjectId, toObjectId, toSeconds } from '../../wire/openai/object-id.ts'
import type { ApiContext } from '../create-json-apis.ts'
import { ApiFault } from '../json-api/api-fault.ts'
import { route, type ApiRoute } from '../json-api/api-route.ts'
import { fileObject } from './file-routes.ts'
import { receiveForm } from '../json-api/receive-form.ts'

type UploadsContext = Pick<ApiContext, 'uploadedFiles' | 'uploads' | 'now'>

const path = '/v1/uploads/{upload}'

/** `/v1/uploads`. */
export function uploadRoutes({ uploadedFiles: files, uploads, now }: UploadsContext): readonly ApiRoute[] {
  const find = async (labels: Readonly<Record<string, string>>): Promise<Upload> => {
    const id = labels['upload'] ?? ''
    const own = fromObjectId('upload_', id)
    const upload = own === undefined ? undefined : await uploads.find(own)
    if (upload !== undefined) return upload
    throw new ApiFault('not-found', `No such Upload object: ${id.slice(0, 100)}`, { pointer: '/id' })
  }
  const uploadObject = async (upload: Upload): Promise<object> => {
    const { document, createdAt } = upload
    const file = document.fileId === null ? undefined : await files.find(document.fileId)
    return {
      id: toObjectId('upload_', upload.id),
      object: 'upload',
      bytes: document.bytes,
      created_at: toSeconds(createdAt),
      expires_at: toSeconds(document.until),
      filename: document.filename,
      purpose: document.purpose,
      status: uploads.stateOf(upload),
      file: file === undefined ? null : fileObject(file),
    }
  }
  return [
    route({
      name: 'uploads.create',
      method: 'POST',
      path: '/v1/uploads',
      action: 'write',
      body: uploadRequest,
      async answer({ body, identity }) {
        const { filename, bytes, purpose, mime_type: contentType, expires_after: expires } = body
        if (linesPurposes.includes(purpose) && !filename.toLowerCase().endsWith('.jsonl')) {
          throw new BodyFault(
            '/filename',
            `a file for ${purpose} is JSONL, and its name must end with .jsonl`,
          )
        }
        if (linesPurposes.includes(purpose) && bytes > largestFile(purpose)) {
          throw new BodyFault('/bytes', `a file for ${purpose} may have ${largestFile(purpose)} bytes`)
        }
        const expiresAt = expires === undefined ? null : now() + expires.seconds * 1000
        const owner = identity.user
        const upload = await uploads.create({ filename, contentType, bytes, purpose, owner, expiresAt })
        return { json: await uploadObject(upload) }
      },
    }),
    route({
      name: 'uploads.parts.create',
      method: 'POST',
      path: `${path}/parts`,
      action: 'write',
      async answer(call) {
        const upload = await find(call.labels)
        uploads.requirePending(upload)
        const { file } = await receiveForm(call, files, { member: 'data', largest: largestPart })
        const part = await uploads.addPart(upload, file)
        const json = {
          id: toObjectId('part_', part.id),
          object: 'upload.part',
          created_at: toSeconds(part.createdAt),
          upload_id: toObjectId('upload_', upload.id),
        }
        return { json }
      },
    }),
    route({
      name: 'uploads.complete',
      method: 'POST',
      path: `${path}/complete`,
      action: 'write',
      body: completeRequest,
      async answer({ labels, body, signal }) {
        const upload = await find(labels)
        const ids = body.part_ids.map((id, at) => {
          const own = fromObjectId('part_', id)
          if (own === undefined) throw new BodyFault(`/part_ids/${at}`, 'this is no id of a part')
          return own
        })
        const hash = body.md5 === undefined ? undefined : createHash('md5')
        await uploads.complete(upload, ids, {
          signal,
          onBytes: (bytes) => hash?.update(bytes),
          requireWhole() {
            if (hash !== undefined && hash.digest('hex') !== body.md5?.toLowerCase()) {
              throw new BodyFault('/md5', 'the parts together have another MD5')
            }
          },
        })
        return { json: await uploadObject(await find(labels)) }
      },
    }),
    route({
      name: 'uploads.cancel',
      method: 'POST',
      path: `${path}/cancel`,
      action: 'write',
      async answer({ labels }) {
        await uploads.cancel(await find(labels))
        return { json: await uploadObject(await find(labels)) }
      },
    }),
  ]
}
