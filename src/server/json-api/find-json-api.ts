import { isSignedByAws } from '../aws/aws-handler.ts'
import type { Incoming } from '../http/exchange.ts'
import type { JsonApi } from './json-api.ts'

/** The API that a request is meant for; undefined for one of AWS's clients, whose buckets may be called like a path of ours. */
export function findJsonApi(
  apis: readonly JsonApi[],
  incoming: Pick<Incoming, 'headers' | 'url'>,
): JsonApi | undefined {
  return isSignedByPair(incoming) ? undefined : apis.find((api) => api.claims(incoming))
}

/** A key pair's signature, which no other API knows. */
export const isSignedByPair = ({ headers, url = '' }: Pick<Incoming, 'headers' | 'url'>): boolean =>
  isSignedByAws({
    headers: { ...headers, authorization: headers.authorization?.replace(/^bearer .*/i, '') },
    url,
  })

/** True for a path that is the given one, or below it. */
export const isBelow = (url: string | undefined, path: string): boolean =>
  url === path || [`${path}/`, `${path}?`].some((start) => url?.startsWith(start) === true)
