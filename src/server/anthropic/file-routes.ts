import { z } from 'zod'
import type { StoredFile } from '../../service/files/file-service.ts'
import { ObjectStoreError } from '../../store/objects/object-store.ts'
import { pageQuery, toPageRequest, writePage } from '../../wire/anthropic/page.ts'
import { uploadMembers, writeFile } from '../../wire/anthropic/stored-file.ts'
import { readWith } from '../../wire/read-body.ts'
import { ApiFault } from '../json-api/api-fault.ts'
import { receiveForm } from '../json-api/receive-form.ts'
import { route, type ApiRoute } from '../json-api/api-route.ts'
import type { AnthropicContext } from './anthropic-context.ts'
import { pageOfStored } from './paging.ts'

type Files = Pick<AnthropicContext, 'uploadedFiles' | 'now'>

/** Largest file, in bytes. Source: https://docs.anthropic.com/en/docs/build-with-claude/files */
const largestFile = 500 * 2 ** 20
const idPrefix = 'file_'
/** The one use of files here, in the words of the other APIs that see them. */
const purpose = 'fine-tune'

/** Files are named one by one, or a page of them is asked for. */
const listSearch = z.union([
  z.strictObject({ 'ids[]': z.union([z.string(), z.array(z.string()).max(100)]) }),
  z.object({ page: z.string().min(1).optional() }).loose(),
])

export const fileRoutes = (context: Files): readonly ApiRoute[] => [
  route({
    name: 'UploadFile',
    method: 'POST',
    path: '/v1/files',
    action: 'write',
    async answer(call) {
      const { uploadedFiles, now } = context
      const { file, texts } = await receiveForm(call, uploadedFiles, { member: 'file', largest: largestFile })
      try {
        const { expires_in_seconds: seconds } = readWith(uploadMembers, Object.fromEntries(texts))
        const expiresAt = seconds === undefined ? null : now() + seconds * 1000
        const owner = call.identity.user
        return { json: shown(await uploadedFiles.keep(file, { purpose, owner, expiresAt })) }
      } catch (error) {
        await uploadedFiles.drop(file)
        throw error
      }
    },
  }),
  route({
    name: 'ListFiles',
    method: 'GET',
    path: '/v1/files',
    action: 'read',
    search: listSearch,
    async answer({ search }) {
      const { 'ids[]': ids, page: after, ...query } = search as Readonly<Record<string, unknown>>
      if (ids !== undefined) {
        const wanted = [ids].flat().map(String)
        const found = await Promise.all([...new Set(wanted)].map((id) => findFile(context, id)))
        return { json: pageOf(found.filter((file) => file !== undefined).map(shown), false) }
      }
      const asked = readWith(pageQuery, after === undefined ? query : { ...query, after_id: after })
      const { items, hasMore } = await pageOfStored<StoredFile>(
        {
          find: (id) => findFile(context, id),
          list: (options) => context.uploadedFiles.list(options),
          isShown: (file) => context.uploadedFiles.isThere(file),
        },
        toPageRequest(asked),
      )
      return { json: pageOf(items.map(shown), hasMore) }
    },
  }),
  route({
    name: 'GetFile',
    method: 'GET',
    path: '/v1/files/{file}',
    action: 'read',
    answer: async ({ labels }) => ({ json: shown(await requireFile(context, labels['file'] ?? '')) }),
  }),
  route({
    name: 'DownloadFile',
    method: 'GET',
    path: '/v1/files/{file}/content',
    action: 'read',
    async answer({ labels }) {
      const id = labels['file'] ?? ''
      const file = await requireFile(context, id)
      const body = await context.uploadedFiles.open(file).catch((error: unknown) => {
        throw error instanceof ObjectStoreError ? unknownFile(id) : error
      })
      const { contentType: type, bytes } = file.document
      return { content: { type, body }, headers: { 'content-length': String(bytes) } }
    },
  }),
  route({
    name: 'DeleteFile',
    method: 'DELETE',
    path: '/v1/files/{file}',
    action: 'write',
    async answer({ labels }) {
      const id = labels['file'] ?? ''
      await context.uploadedFiles.remove(await requireFile(context, id))
      return { json: { id, type: 'file_deleted' } }
    },
  }),
]

/** Clients go on by a neighbour's id or by a page's name, which is the same here. */
const pageOf = (data: readonly { readonly id: string }[], hasMore: boolean): object => ({
  ...writePage(data, hasMore),
  next_page: hasMore ? (data.at(-1)?.id ?? null) : null,
})

export const shownFileId = (id: string): string => `${idPrefix}${id}`

const shown = ({ id, createdAt, document }: StoredFile): { readonly id: string } =>
  writeFile({ ...document, id: shownFileId(id), createdAt })

async function findFile({ uploadedFiles }: Files, id: string): Promise<StoredFile | undefined> {
  return id.startsWith(idPrefix) ? uploadedFiles.find(id.slice(idPrefix.length)) : undefined
}

/** @throws ApiFault `not-found` */
export async function requireFile(context: Files, id: string): Promise<StoredFile> {
  const file = await findFile(context, id)
  if (file === undefined) throw unknownFile(id)
  return file
}

const unknownFile = (id: string): ApiFault =>
  new ApiFault('not-found', `There is no file ${id.slice(0, 100)}.`)
