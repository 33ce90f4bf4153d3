import { z } from 'zod'
import type { ServedModel } from '../../../service/tuning/tuning-job.ts'
import type { Resource } from '../../../store/database/resource-store.ts'
import { arnOf, foundationModelArn, type ArnScope, scopeOf, findReferenced } from '../arns.ts'
import type { BedrockContext } from '../bedrock-context.ts'
import { conflict, notFound } from '../bedrock-error.ts'
import { page } from '../paging.ts'
import { checkInput, createdMembers, defined, identifier, listMembers } from '../read-input.ts'
import type { Operation } from '../routes.ts'
import { jobArnOf, trainingResults } from './customization-jobs.ts'

export type StoredModel = Resource<ServedModel>

/** By ARN, id or name; only what has been trained. @throws AwsError */
export async function findCustomModel(
  { models }: Pick<BedrockContext, 'models'>,
  reference: string,
): Promise<StoredModel> {
  const model = await findReferenced(models, 'custom-model', reference)
  if (model?.state !== 'active') throw notFound(`Could not find custom model ${reference.slice(0, 200)}.`)
  return model
}

export const customModelArn = ({ id, document }: StoredModel, scope: ArnScope): string =>
  arnOf(scope, 'custom-model', id, document.baseIdentifier)

export const getCustomModel: Operation = async (context, { labels, request }) => {
  const model = await findCustomModel(context, labels[0] ?? '')
  const scope = scopeOf(request)
  const { document } = model
  const job = document.jobId === null ? undefined : await context.tuning.find(document.jobId)
  return {
    modelArn: customModelArn(model, scope),
    modelName: model.name,
    ...(job === undefined
      ? {}
      : {
          jobName: job.name,
          jobArn: jobArnOf(job, scope),
          hyperParameters: job.spec.hyperparameters,
          trainingDataConfig: { s3Uri: job.spec.training },
          validationDataConfig: { validators: job.spec.validation.map((uri) => ({ s3Uri: uri })) },
          outputDataConfig: { s3Uri: job.spec.output },
          ...trainingResults(document, job.spec.validation.length),
        }),
    baseModelArn: foundationModelArn(scope, document.baseIdentifier),
    customizationType: 'FINE_TUNING',
    creationTime: new Date(model.createdAt).toISOString(),
    modelStatus: 'Active',
  }
}

const listInput = z.object({
  ...listMembers,
  ...createdMembers,
  baseModelArnEquals: identifier.optional(),
  foundationModelArnEquals: identifier.optional(),
  isOwned: z.enum(['true', 'false']).optional(),
  modelStatus: z.enum(['Active', 'Creating', 'Failed']).optional(),
})

const states = { Active: 'active', Creating: 'creating', Failed: 'failed' } as const

export const listCustomModels: Operation = async (context, { query, request }) => {
  const asked = checkInput(listInput, query)
  const scope = scopeOf(request)
  const wanted = asked.baseModelArnEquals ?? asked.foundationModelArnEquals
  const { items, nextToken } = await page(asked, async (options) => {
    // Everything here is the account's own.
    if (asked.isOwned === 'false') return []
    const models = await context.models.list({
      ...options,
      states: [states[asked.modelStatus ?? 'Active']],
      ...defined({
        nameContains: asked.nameContains,
        createdAfter: asked.creationTimeAfter,
        createdBefore: asked.creationTimeBefore,
      }),
    })
    return wanted === undefined
      ? models
      : models.filter(({ document }) => foundationModelArn(scope, document.baseIdentifier) === wanted)
  })
  return {
    ...defined({ nextToken }),
    modelSummaries: items.map((model) => ({
      modelArn: customModelArn(model, scope),
      modelName: model.name,
      creationTime: new Date(model.createdAt).toISOString(),
      baseModelArn: foundationModelArn(scope, model.document.baseIdentifier),
      baseModelName: context.modelMap.find('bedrock', model.document.baseIdentifier)?.profile.title ?? '',
      customizationType: 'FINE_TUNING',
      ownerAccountId: scope.account,
      modelStatus: 'Active',
    })),
  }
}

export const deleteCustomModel: Operation = async (context, { labels, request }) => {
  const model = await findCustomModel(context, labels[0] ?? '')
  const endpoints = await context.endpoints.ofModel(model.id)
  if (endpoints.length > 0) {
    const names = endpoints.map(({ name }) => name).join(', ')
    throw conflict(`The custom model is in use by ${names}; delete what it serves first.`)
  }
  await context.models.remove(model.id)
  await context.removeModel(model.document.homeId)
  await context.tags.removeAll(customModelArn(model, scopeOf(request)))
  return {}
}
