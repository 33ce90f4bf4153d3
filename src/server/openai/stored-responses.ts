import { z } from 'zod'
import type { StoredResponse } from '../../service/responses/stored-responses.ts'
import { pageMembers, writeListPage } from '../../wire/openai/list-page.ts'
import { fromObjectId, toObjectId } from '../../wire/openai/object-id.ts'
import type { KeptItem } from '../../wire/openai/response-items.ts'
import type { ApiContext } from '../create-json-apis.ts'
import { ApiFault } from '../json-api/api-fault.ts'
import { route, type ApiCall, type ApiRoute } from '../json-api/api-route.ts'
import { itemsOf } from './conversation.ts'

const path = '/v1/responses/{response}'

const retrieveSearch = z.object({
  stream: z.literal('false', 'a response that has ended is not streamed again').optional(),
})

/** Responses that were kept: each is there for the user who asked. */
export function storedResponseRoutes({ responses }: Pick<ApiContext, 'responses'>): readonly ApiRoute[] {
  const find = async ({
    labels,
    identity,
  }: Pick<ApiCall, 'labels' | 'identity'>): Promise<StoredResponse> => {
    const id = labels['response'] ?? ''
    const own = fromObjectId('resp_', id)
    const found = own === undefined ? undefined : await responses.find(own, identity.user)
    if (found !== undefined) return found
    throw new ApiFault('not-found', `Response with id '${id.slice(0, 100)}' not found.`, { pointer: '/id' })
  }
  return [
    route({
      name: 'Responses.retrieve',
      method: 'GET',
      path,
      action: 'read',
      search: retrieveSearch,
      answer: async (call) => ({ json: (await find(call)).document.response }),
    }),
    route({
      name: 'Responses.delete',
      method: 'DELETE',
      path,
      action: 'write',
      async answer(call) {
        const response = await find(call)
        await responses.remove(response)
        return { json: { id: toObjectId('resp_', response.id), object: 'response', deleted: true } }
      },
    }),
    route({
      name: 'Responses.inputItems.list',
      method: 'GET',
      path: `${path}/input_items`,
      action: 'read',
      search: z.object(pageMembers(20, 100)),
      async answer(call) {
        const { limit, after, order = 'desc' } = call.search
        const { parent, document } = await find(call)
        // Without those before, where one of them has been forgotten since.
        const before = parent === null ? [] : ((await responses.conversation(parent, document.owner)) ?? [])
        const items = [...itemsOf(before), ...(document.input as KeptItem[])]
        const ordered = order === 'asc' ? items : items.toReversed()
        const place = after === undefined ? -1 : ordered.findIndex((item) => item.id === after)
        if (after !== undefined && place < 0) {
          throw new ApiFault('not-found', `There is no item ${after} that the page could come after.`, {
            pointer: '?after',
          })
        }
        const rest = ordered.slice(place + 1)
        return { json: writeListPage(rest.slice(0, limit), rest.length > limit) }
      },
    }),
  ]
}
