import { z } from 'zod'
import { count, removed, time, whole } from './common.ts'
import { imported, inspection, reading } from './dataset-versions.ts'
import { operations } from './operation.ts'

export const upload = z
  .object({
    id: z.string(),
    name: z.string(),
    bytes: count,
    offset: count.meta({ description: 'where the next part begins' }),
    createdAt: time,
    owner: z.string(),
  })
  .meta({ id: 'Upload' })

export const uploadOperations = operations({
  createUpload: {
    method: 'POST',
    path: '/api/uploads',
    summary: 'Begins a file that is sent in parts',
    action: 'write',
    body: z
      .strictObject({
        name: z.string().min(1).max(300),
        bytes: z
          .int()
          .min(1)
          .max(2 ** 43),
      })
      .meta({ id: 'CreateUpload' }),
    answer: { kind: 'json', schema: upload, status: 201 },
  },
  listUploads: {
    method: 'GET',
    path: '/api/uploads',
    summary: 'Uploads that are not done yet',
    action: 'read',
    answer: { kind: 'json', schema: z.object({ uploads: z.array(upload) }).meta({ id: 'UploadList' }) },
  },
  getUpload: {
    method: 'GET',
    path: '/api/uploads/{id}',
    summary: 'How far an upload is: where to go on after a broken connection',
    action: 'read',
    answer: { kind: 'json', schema: upload },
  },
  addToUpload: {
    method: 'PATCH',
    path: '/api/uploads/{id}',
    summary: 'Adds bytes at the offset at which the upload stands; what arrives before a cut stays',
    action: 'write',
    query: z.object({ offset: whole(0, 2 ** 43) }),
    body: 'bytes',
    answer: { kind: 'json', schema: upload },
  },
  inspectUpload: {
    method: 'POST',
    path: '/api/uploads/{id}/inspect',
    summary: 'What the file seems to be, and why, by its first 1,000 records; changes nothing',
    action: 'read',
    body: z.strictObject(reading).meta({ id: 'Inspect' }),
    answer: { kind: 'json', schema: inspection },
  },
  importUpload: {
    method: 'POST',
    path: '/api/uploads/{id}/import',
    summary: 'Reads the file as a version of a dataset; the upload is gone afterwards',
    action: 'write',
    body: z
      .strictObject({ name: z.string().min(1).max(200), ...reading, allowLoss: z.boolean().default(false) })
      .meta({ id: 'ImportUpload' }),
    answer: { kind: 'steps', schema: imported },
  },
  deleteUpload: {
    method: 'DELETE',
    path: '/api/uploads/{id}',
    summary: 'Gives an upload up',
    action: 'write',
    answer: { kind: 'json', schema: removed },
  },
})
