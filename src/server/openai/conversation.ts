import type { StoredResponse, StoredResponses } from '../../service/responses/stored-responses.ts'
import { BodyFault } from '../../wire/dialect-request.ts'
import { fromObjectId } from '../../wire/openai/object-id.ts'
import {
  readKeptItem,
  responseOfItem,
  type KeptItem,
  type ResponseItem,
  type SentItem,
} from '../../wire/openai/response-items.ts'
import type { ResponseAsked } from '../../wire/openai/response-request.ts'

/** The items that a model reads. */
export interface Conversation {
  /** Of the responses before. */
  readonly before: readonly KeptItem[]
  /** What was sent, with the items that it refers to. */
  readonly input: readonly ResponseItem[]
}

/** @throws BodyFault for a response or an item that is not there */
export async function readConversation(
  responses: StoredResponses,
  { previous, input }: Pick<ResponseAsked, 'previous' | 'input'>,
  owner: string,
): Promise<Conversation> {
  const before = previous === undefined ? [] : await itemsBefore(responses, previous, owner)
  const known = new Set(before.map(({ id }) => id))
  const items: ResponseItem[] = []
  for (const [at, item] of input.entries()) {
    if (item.type === 'item_reference' && known.has(item.id)) {
      const message = `Duplicate item found with id ${item.id}. Remove duplicate items from your input and try again.`
      throw new BodyFault(`/input/${at}/id`, message)
    }
    items.push(item.type === 'item_reference' ? await referredItem(responses, item, { at, owner }) : item)
  }
  return { before, input: items }
}

/** What was said up to a response, its own answer included. */
export const itemsOf = (conversation: readonly StoredResponse[]): KeptItem[] =>
  conversation.flatMap(({ document }) => [...(document.input as KeptItem[]), ...outputOf(document)])

const outputOf = ({ response }: StoredResponse['document']): readonly KeptItem[] =>
  response['output'] as KeptItem[]

async function itemsBefore(
  responses: StoredResponses,
  previous: string,
  owner: string,
): Promise<readonly KeptItem[]> {
  const id = fromObjectId('resp_', previous)
  const conversation = id === undefined ? undefined : await responses.conversation(id, owner)
  if (conversation !== undefined) return itemsOf(conversation)
  throw new BodyFault(
    '/previous_response_id',
    `Previous response with id '${previous}' not found, or one that it goes on from.`,
    'previous_response_not_found',
  )
}

async function referredItem(
  responses: StoredResponses,
  { id }: Extract<SentItem, { type: 'item_reference' }>,
  { at, owner }: { readonly at: number; readonly owner: string },
): Promise<ResponseItem> {
  const responseId = responseOfItem(id)
  const response = responseId === undefined ? undefined : await responses.find(responseId, owner)
  const item = response && itemsOf([response]).find((each) => each.id === id)
  if (item !== undefined) return readKeptItem(item)
  throw new BodyFault(
    `/input/${at}/id`,
    `Item with id '${id}' not found. Items are not persisted when \`store\` is set to false.`,
  )
}
