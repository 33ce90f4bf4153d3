import { z } from 'zod'
import type { FileService, StoredFile } from '../../service/files/file-service.ts'
import { ObjectStoreError } from '../../store/objects/object-store.ts'
import { BodyFault } from '../../wire/dialect-request.ts'
import {
  expiresAfter,
  largestFile,
  linesPurposes,
  purpose,
  writeFileObject,
  type FileObject,
} from '../../wire/openai/file-object.ts'
import { pageMembers } from '../../wire/openai/list-page.ts'
import { fromObjectId, toObjectId } from '../../wire/openai/object-id.ts'
import { readWith } from '../../wire/read-body.ts'
import type { ApiContext } from '../create-json-apis.ts'
import { ApiFault } from '../json-api/api-fault.ts'
import { route, type ApiRoute } from '../json-api/api-route.ts'
import { pageOf } from './page-of.ts'
import { receiveForm } from '../json-api/receive-form.ts'

type FilesContext = Pick<ApiContext, 'uploadedFiles' | 'now'>

const day = 86_400_000
/** Days for which OpenAI keeps files of batches. */
const batchDays = 30

const listSearch = z.object({ ...pageMembers(10_000, 10_000), purpose: z.string().max(60).optional() })

const path = '/v1/files/{file}'

/** `/v1/files`. */
export const fileRoutes = ({ uploadedFiles: files, now }: FilesContext): readonly ApiRoute[] => [
  route({
    name: 'files.create',
    method: 'POST',
    path: '/v1/files',
    action: 'write',
    async answer(call) {
      const { file, texts } = await receiveForm(call, files, { member: 'file', largest: largestFile('') })
      try {
        const members = readMembers(texts)
        requireFit(file, members.purpose)
        const { seconds = members.purpose === 'batch' ? (batchDays * day) / 1000 : null } =
          members.expires_after ?? {}
        const expiresAt = seconds === null ? null : now() + seconds * 1000
        const owner = call.identity.user
        const kept = await files.keep(file, { purpose: members.purpose, owner, expiresAt })
        return { json: fileObject(kept) }
      } catch (error) {
        await files.drop(file)
        throw error
      }
    },
  }),
  route({
    name: 'files.list',
    method: 'GET',
    path: '/v1/files',
    action: 'read',
    search: listSearch,
    async answer({ search }) {
      const { purpose: wanted } = search
      const page = await pageOf(
        search,
        {
          list: (options) => files.list({ ...options, ...(wanted === undefined ? {} : { purpose: wanted }) }),
          find: (id) => find(files, id),
          keep: (file) => files.isThere(file),
        },
        fileObject,
      )
      return { json: page }
    },
  }),
  route({
    name: 'files.retrieve',
    method: 'GET',
    path,
    action: 'read',
    answer: async ({ labels }) => ({ json: fileObject(await findFile(files, labels['file'] ?? '')) }),
  }),
  route({
    name: 'files.content',
    method: 'GET',
    path: `${path}/content`,
    action: 'read',
    async answer({ labels }) {
      const id = labels['file'] ?? ''
      const file = await findFile(files, id)
      const { contentType, bytes } = file.document
      const body = await files.open(file).catch((error: unknown) => {
        throw error instanceof ObjectStoreError ? unknownFile(id) : error
      })
      return { content: { type: contentType, body }, headers: { 'content-length': String(bytes) } }
    },
  }),
  route({
    name: 'files.delete',
    method: 'DELETE',
    path,
    action: 'write',
    async answer({ labels }) {
      const id = labels['file'] ?? ''
      await files.remove(await findFile(files, id))
      return { json: { id, object: 'file', deleted: true } }
    },
  }),
]

const members = z.strictObject({ purpose, expires_after: expiresAfter.optional() })

/** `expires_after` comes as members of a form, with the name of each in brackets. */
function readMembers(texts: ReadonlyMap<string, string>): z.infer<typeof members> {
  const plain: Record<string, unknown> = {}
  const expires: Record<string, unknown> = {}
  for (const [name, text] of texts) {
    const inner = /^expires_after\[(\w{1,20})\]$/.exec(name)?.[1]
    if (inner === undefined) plain[name] = text
    else expires[inner] = inner === 'seconds' && /^\d{1,9}$/.test(text) ? Number(text) : text
  }
  return readWith(members, {
    ...plain,
    ...(Object.keys(expires).length === 0 ? {} : { expires_after: expires }),
  })
}

/** What can be told of a file before it is used. @throws BodyFault */
function requireFit(file: { readonly filename: string; readonly bytes: number }, wanted: string): void {
  if (file.bytes === 0) throw new BodyFault('/file', 'the file is empty')
  if (file.bytes > largestFile(wanted)) {
    throw new BodyFault(
      '/file',
      `the file has ${file.bytes} bytes, one for ${wanted} may have ${largestFile(wanted)}`,
    )
  }
  if (linesPurposes.includes(wanted) && !file.filename.toLowerCase().endsWith('.jsonl')) {
    throw new BodyFault('/file', `a file for ${wanted} is JSONL, and its name must end with .jsonl`)
  }
}

export const fileObject = ({ id, createdAt, document }: StoredFile): FileObject =>
  writeFileObject({ ...document, id: toObjectId('file-', id), createdAt })

async function find(files: FileService, id: string): Promise<StoredFile | undefined> {
  const own = fromObjectId('file-', id)
  return own === undefined ? undefined : files.find(own)
}

/** @throws ApiFault `not-found` */
export async function findFile(files: FileService, id: string): Promise<StoredFile> {
  const file = await find(files, id)
  if (file === undefined) throw unknownFile(id)
  return file
}

const unknownFile = (id: string): ApiFault =>
  new ApiFault('not-found', `No such File object: ${id.slice(0, 100)}`, { pointer: '/id' })
