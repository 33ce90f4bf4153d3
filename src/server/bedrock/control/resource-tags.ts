import { z } from 'zod'
import { AwsError } from '../../aws/aws-request.ts'
import { parseArn } from '../arns.ts'
import type { BedrockContext } from '../bedrock-context.ts'
import { notFound, validationError } from '../bedrock-error.ts'
import { checkInput, identifier, tagList } from '../read-input.ts'
import type { Operation } from '../routes.ts'

/** Of one resource, those that are there included. */
const mostTags = 50

const resource = z.object({ resourceARN: identifier })

export const tagResource: Operation = async (context, { input }) => {
  const { resourceARN, tags } = checkInput(resource.extend({ tags: tagList }), input)
  await requireResource(context, resourceARN)
  const there = await context.tags.list(resourceARN)
  const keys = new Set([...there, ...tags].map(({ key }) => key))
  if (keys.size > mostTags) {
    throw new AwsError(
      'TooManyTagsException',
      400,
      `A resource has at most ${mostTags} tags, this would be ${keys.size}`,
      {
        resourceName: resourceARN,
      },
    )
  }
  await context.tags.set(resourceARN, tags)
  return {}
}

export const untagResource: Operation = async (context, { input }) => {
  const { resourceARN, tagKeys } = checkInput(
    resource.extend({ tagKeys: z.array(z.string().min(1).max(128)).max(200) }),
    input,
  )
  await requireResource(context, resourceARN)
  await context.tags.remove(resourceARN, tagKeys)
  return {}
}

export const listTags: Operation = async (context, { input }) => {
  const { resourceARN } = checkInput(resource, input)
  await requireResource(context, resourceARN)
  return { tags: await context.tags.list(resourceARN) }
}

async function requireResource(context: BedrockContext, arn: string): Promise<void> {
  const parsed = parseArn(arn)
  if (parsed === undefined)
    throw validationError(`Value at 'resourceARN' is no ARN of Amazon Bedrock: ${arn.slice(0, 200)}`)
  const { kind, id } = parsed
  const found =
    kind === 'model-customization-job'
      ? await context.tuning.find(id)
      : kind === 'custom-model'
        ? await context.models.find(id)
        : kind === 'provisioned-model'
          ? await context.endpoints.find('provisioned', id)
          : kind === 'custom-model-deployment'
            ? await context.endpoints.find('deployment', id)
            : kind === 'model-invocation-job'
              ? await context.batch.find(id)
              : undefined
  if (found === undefined) throw notFound(`Could not find the resource ${arn.slice(0, 200)}.`)
}
