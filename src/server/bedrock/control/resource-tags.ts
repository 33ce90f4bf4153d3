import { z } from 'zod'
import { parseArn, scopeOf, type ArnScope, type ParsedArn } from '../arns.ts'
import type { BedrockContext } from '../bedrock-context.ts'
import { notFound, validationError } from '../bedrock-error.ts'
import { requireTagCount } from '../new-tags.ts'
import { checkInput, identifier, tagList } from '../read-input.ts'
import type { Operation } from '../routes.ts'
import { batchJobArn } from './batch-jobs.ts'
import { customModelArn } from './custom-models.ts'
import { jobArnOf } from './customization-jobs.ts'
import { importedModelArn } from './imported-models.ts'
import { deploymentArn } from './model-deployments.ts'
import { modelJobArn } from './model-job-arn.ts'
import { provisionedArn } from './provisioned-throughput.ts'

const resource = z.object({ resourceARN: identifier })

export const tagResource: Operation = async (context, { input, request }) => {
  const { resourceARN, tags } = checkInput(resource.extend({ tags: tagList }), input)
  await requireResource(context, resourceARN, scopeOf(request))
  const there = await context.tags.list(resourceARN)
  const keys = new Set([...there, ...tags].map(({ key }) => key))
  requireTagCount(keys.size, resourceARN)
  await context.tags.set(resourceARN, tags)
  return {}
}

export const untagResource: Operation = async (context, { input, request }) => {
  const { resourceARN, tagKeys } = checkInput(
    resource.extend({ tagKeys: z.array(z.string().min(1).max(128)).max(200) }),
    input,
  )
  await requireResource(context, resourceARN, scopeOf(request))
  await context.tags.remove(resourceARN, tagKeys)
  return {}
}

export const listTags: Operation = async (context, { input, request }) => {
  const { resourceARN } = checkInput(resource, input)
  await requireResource(context, resourceARN, scopeOf(request))
  return { tags: await context.tags.list(resourceARN) }
}

/** Tags are kept by the ARN that the resource itself answers; another spelling of it names nothing. */
async function requireResource(context: BedrockContext, arn: string, scope: ArnScope): Promise<void> {
  const parsed = parseArn(arn)
  if (parsed === undefined)
    throw validationError(`Value at 'resourceARN' is no ARN of Amazon Bedrock: ${arn.slice(0, 200)}`)
  if ((await ownArn(context, parsed, scope)) !== arn)
    throw notFound(`Could not find the resource ${arn.slice(0, 200)}.`)
}

async function ownArn(
  context: BedrockContext,
  { kind, id }: ParsedArn,
  scope: ArnScope,
): Promise<string | undefined> {
  const ofEach = <Found>(found: Found | undefined, arnOfIt: (found: Found, scope: ArnScope) => string) =>
    found === undefined ? undefined : arnOfIt(found, scope)
  switch (kind) {
    case 'model-customization-job':
      return ofEach(await context.tuning.find(id), jobArnOf)
    case 'custom-model':
      return ofEach(await context.models.find(id), customModelArn)
    case 'imported-model':
      return ofEach(await context.imported.find(id), importedModelArn)
    case 'model-copy-job':
      return ofEach(await context.modelJobs.find('model-copy', id), modelJobArn)
    case 'model-import-job':
      return ofEach(await context.modelJobs.find('model-import', id), modelJobArn)
    case 'model-invocation-job':
      return ofEach(await context.batch.find(id), batchJobArn)
    case 'provisioned-model':
      return ofEach(await context.endpoints.find('provisioned', id), provisionedArn)
    case 'custom-model-deployment':
      return ofEach(await context.endpoints.find('deployment', id), deploymentArn)
    default:
      return undefined
  }
}
