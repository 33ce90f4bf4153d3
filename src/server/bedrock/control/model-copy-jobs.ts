import { z } from 'zod'
import type { ModelJob } from '../../../service/model-jobs/model-job.ts'
import { TuningNameTaken } from '../../../service/tuning/tuning-service.ts'
import { arnOf, isMadeIn, keyArnOf, madeIn, parseArn, scopeOf, type ArnScope } from '../arns.ts'
import type { BedrockContext } from '../bedrock-context.ts'
import { conflict, notFound, validationError } from '../bedrock-error.ts'
import { isMadeBy } from '../made-by.ts'
import { newTags } from '../new-tags.ts'
import { page } from '../paging.ts'
import {
  accountId,
  checkInput,
  createdMembers,
  customModelName,
  defined,
  identifier,
  kmsKeyId,
  listMembers,
  nameContains,
  requestToken,
  tagList,
} from '../read-input.ts'
import type { Operation } from '../routes.ts'
import { findCustomModel } from './custom-models.ts'
import { modelJobArn, modelJobStatus, statesOf } from './model-job-arn.ts'

const createInput = z.object({
  sourceModelArn: identifier,
  targetModelName: customModelName,
  modelKmsKeyId: kmsKeyId.optional(),
  targetModelTags: tagList.optional(),
  clientRequestToken: requestToken.optional(),
})

/** The region that is asked is the one that the copy is for. */
export const createModelCopyJob: Operation = async (context, { input, request, replay }) => {
  const asked = checkInput(createInput, input)
  const scope = scopeOf(request)
  return replay(asked.clientRequestToken, async () => {
    const arn = parseArn(asked.sourceModelArn)
    if (arn?.kind !== 'custom-model') {
      throw validationError(`Value at 'sourceModelArn' is no ARN of a custom model: ${asked.sourceModelArn}`)
    }
    if (arn.account !== scope.account) {
      throw notFound(`Could not find custom model ${asked.sourceModelArn}.`)
    }
    const model = await findCustomModel(context, asked.sourceModelArn)
    const tags = newTags(asked.targetModelTags)
    try {
      const job = await context.modelJobs.copy({
        model,
        source: asked.sourceModelArn,
        modelName: asked.targetModelName,
        owner: request.identity.user,
        dialect: {
          region: request.region,
          baseIdentifier: model.document.baseIdentifier,
          tags,
          ...defined({
            kmsKeyArn: keyArnOf(asked.modelKmsKeyId, scope),
            clientRequestToken: asked.clientRequestToken,
          }),
        },
      })
      await context.tags.set(targetArn(job, scope), tags)
      return { jobArn: modelJobArn(job, scope) }
    } catch (error) {
      if (!(error instanceof TuningNameTaken)) throw error
      const made = await context.models.findByName(asked.targetModelName)
      const before = made === undefined ? undefined : await context.modelJobs.findCopyOf(made.id)
      if (before !== undefined && isMadeBy(asked.clientRequestToken, before.spec.dialect)) {
        return { jobArn: modelJobArn(before, scope) }
      }
      throw conflict(`The provided custom model name is already in use: ${asked.targetModelName}`)
    }
  })
}

export const getModelCopyJob: Operation = async (context, { labels, request }) =>
  details(await findCopyJob(context, labels[0] ?? ''), scopeOf(request))

const { nameContains: _, ...pageMembers } = listMembers
const listInput = z.object({
  ...pageMembers,
  ...createdMembers,
  statusEquals: z.enum(['InProgress', 'Completed', 'Failed']).optional(),
  sourceAccountEquals: accountId.optional(),
  sourceModelArnEquals: identifier.optional(),
  // The member is called targetModelNameContains; only the query calls it so.
  outputModelNameContains: nameContains.optional(),
})

export const listModelCopyJobs: Operation = async (context, { query, request }) => {
  const asked = checkInput(listInput, query)
  const scope = scopeOf(request)
  const { items, nextToken } = await page(
    { ...asked, path: request.path },
    (options) =>
      context.modelJobs.list({
        ...options,
        kind: 'model-copy',
        ...defined({
          states: asked.statusEquals === undefined ? undefined : statesOf[asked.statusEquals],
          createdAfter: asked.creationTimeAfter,
          createdBefore: asked.creationTimeBefore,
        }),
      }),
    ({ spec }) =>
      isMadeIn(spec.dialect, scope) &&
      [undefined, parseArn(spec.source)?.account].includes(asked.sourceAccountEquals) &&
      [undefined, spec.source].includes(asked.sourceModelArnEquals) &&
      spec.modelName.includes(asked.outputModelNameContains ?? ''),
  )
  return {
    ...defined({ nextToken }),
    modelCopyJobSummaries: items.map((job) => details(job, scope)),
  }
}

async function findCopyJob({ modelJobs }: BedrockContext, jobArn: string): Promise<ModelJob> {
  const arn = parseArn(jobArn)
  if (arn?.kind !== 'model-copy-job') {
    throw validationError(`Value at 'jobArn' is no ARN of a model copy job: ${jobArn.slice(0, 200)}`)
  }
  const job = await modelJobs.find('model-copy', arn.id)
  if (job === undefined) throw notFound(`Could not find model copy job ${jobArn.slice(0, 200)}.`)
  return job
}

function targetArn({ spec }: ModelJob, scope: ArnScope): string {
  const { baseIdentifier } = spec.dialect
  const base = typeof baseIdentifier === 'string' ? baseIdentifier : ''
  return arnOf(madeIn(spec.dialect, scope), 'custom-model', spec.modelId, base)
}

function details(job: ModelJob, scope: ArnScope): object {
  const { spec, failure } = job
  const { tags, kmsKeyArn } = spec.dialect
  return {
    jobArn: modelJobArn(job, scope),
    status: modelJobStatus(job),
    creationTime: new Date(job.createdAt).toISOString(),
    targetModelArn: targetArn(job, scope),
    targetModelName: spec.modelName,
    sourceAccountId: parseArn(spec.source)?.account ?? scope.account,
    sourceModelArn: spec.source,
    ...(spec.type === 'copy' ? { sourceModelName: spec.sourceName } : {}),
    ...defined({ targetModelKmsKeyArn: kmsKeyArn }),
    ...(Array.isArray(tags) && tags.length > 0 ? { targetModelTags: tags } : {}),
    ...(failure === null ? {} : { failureMessage: failure.message }),
  }
}
