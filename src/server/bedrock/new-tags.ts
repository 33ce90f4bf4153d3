import type { Tag } from '../../store/database/tag-store.ts'
import { AwsError } from '../aws/aws-request.ts'

/** Of one resource, those that are there included. */
const mostTags = 50

/** @throws AwsError `TooManyTagsException` where a resource would have more tags than one may have */
export function requireTagCount(count: number, resourceName?: string): void {
  if (count <= mostTags) return
  throw new AwsError(
    'TooManyTagsException',
    400,
    `A resource has at most ${mostTags} tags, this would be ${count}`,
    resourceName === undefined ? {} : { resourceName },
  )
}

/** The tags of a resource that is about to be made. @throws AwsError `TooManyTagsException` */
export function newTags(tags: readonly Tag[] | undefined): readonly Tag[] {
  requireTagCount(tags?.length ?? 0)
  return tags ?? []
}
