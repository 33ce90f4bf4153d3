import { createHash } from 'node:crypto'

/** The token of the page after a place of a list. It is good for that list alone. */
export const toPageToken = (list: string, place: string): string =>
  Buffer.concat([sealOf(list, place), Buffer.from(place, 'utf8')]).toString('base64url')

/** The place of a token; undefined for one that was made up, or that is of another list. */
export function fromPageToken(list: string, token: string): string | undefined {
  const place = Buffer.from(token, 'base64url').subarray(sealBytes).toString('utf8')
  return toPageToken(list, place) === token ? place : undefined
}

const sealBytes = 8

const sealOf = (list: string, place: string): Buffer =>
  createHash('sha256')
    .update(JSON.stringify([list, place]))
    .digest()
    .subarray(0, sealBytes)
