/** What ids of OpenAI's objects begin with. */
export type IdPrefix =
  | 'file-'
  | 'ftjob-'
  | 'ftevent-'
  | 'ftckpt_'
  | 'upload_'
  | 'part_'
  | 'batch_'
  | 'batch_req_'
  | 'resp_'

/** An id as OpenAI's clients see it. */
export const toObjectId = (prefix: IdPrefix, id: string): string => `${prefix}${id}`

/** The id behind it; undefined for what is no id of the kind. */
export function fromObjectId(prefix: IdPrefix, text: string): string | undefined {
  const id = text.startsWith(prefix) ? text.slice(prefix.length) : ''
  return /^[a-z0-9]{1,64}$/.test(id) ? id : undefined
}

/** Seconds since 1970 of a time in milliseconds. */
export const toSeconds = (milliseconds: number): number => Math.floor(milliseconds / 1000)

/** An object of a list, which is called by its id. */
export interface ListedObject {
  readonly id: string
  readonly [member: string]: unknown
}
