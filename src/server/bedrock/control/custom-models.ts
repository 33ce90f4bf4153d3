import { z } from 'zod'
import { importedBase } from '../../../service/model-jobs/model-job.ts'
import { ModelInUse, removeServedModel } from '../../../service/model-jobs/remove-served-model.ts'
import { TuningNameTaken } from '../../../service/tuning/tuning-service.ts'
import type { ServedModel, TuningJob } from '../../../service/tuning/tuning-job.ts'
import type { Resource } from '../../../store/database/resource-store.ts'
import {
  arnOf,
  foundationModelArn,
  findReferenced,
  isMadeIn,
  keyArnOf,
  madeIn,
  scopeOf,
  type ArnScope,
} from '../arns.ts'
import type { BedrockContext } from '../bedrock-context.ts'
import { conflict, notFound, validationError } from '../bedrock-error.ts'
import { isMadeBy } from '../made-by.ts'
import { newTags } from '../new-tags.ts'
import { page } from '../paging.ts'
import {
  checkInput,
  createdMembers,
  customModelName,
  defined,
  identifier,
  kmsKeyArn,
  listMembers,
  modelDataSource,
  requestToken,
  roleArn,
  tagList,
} from '../read-input.ts'
import type { Operation } from '../routes.ts'
import { jobArnOf, trainingResults } from './customization-jobs.ts'

type StoredModel = Resource<ServedModel>

/** By ARN, id or name; only what can answer. @throws AwsError */
export async function findCustomModel(
  context: Pick<BedrockContext, 'models'>,
  reference: string,
): Promise<StoredModel> {
  const model = await findShownModel(context, reference)
  if (model.state === 'active') return model
  throw validationError(`The custom model ${model.name} cannot be used: its status is ${statusOf(model)}.`)
}

/** Also what is being made or has failed; a model that is being trained is not shown before it is there. @throws AwsError */
async function findShownModel(
  { models }: Pick<BedrockContext, 'models'>,
  reference: string,
  isWanted: (model: StoredModel) => boolean = isShown,
): Promise<StoredModel> {
  const model = await findReferenced(models, 'custom-model', reference)
  if (model === undefined || !isWanted(model)) {
    throw notFound(`Could not find custom model ${reference.slice(0, 200)}.`)
  }
  return model
}

const isShown = ({ state, document }: StoredModel): boolean =>
  state === 'active' || (state !== 'removing' && document.source !== undefined)

export const customModelArn = ({ id, document }: StoredModel, scope: ArnScope): string =>
  arnOf(madeIn(document.dialect, scope), 'custom-model', id, document.baseIdentifier)

/** What stands for the base of a model: it has none of a service when it was not tuned here. */
export const baseArnOf = (
  { document }: { readonly document: Pick<ServedModel, 'baseIdentifier' | 'dialect'> },
  scope: ArnScope,
): string => foundationModelArn(madeIn(document.dialect, scope), baseNameOf(document))

const baseNameOf = ({ baseIdentifier }: Pick<ServedModel, 'baseIdentifier'>): string =>
  baseIdentifier === importedBase ? `hone.${importedBase}` : baseIdentifier

const createInput = z.object({
  modelName: customModelName,
  modelSourceConfig: modelDataSource,
  modelKmsKeyArn: kmsKeyArn.optional(),
  roleArn: roleArn.optional(),
  modelTags: tagList.optional(),
  clientRequestToken: requestToken.optional(),
})

export const createCustomModel: Operation = async (context, { input, request, replay }) => {
  const asked = checkInput(createInput, input)
  const scope = scopeOf(request)
  return replay(asked.clientRequestToken, async () => {
    const tags = newTags(asked.modelTags)
    try {
      const { spec } = await context.modelJobs.createModel({
        modelName: asked.modelName,
        source: asked.modelSourceConfig.s3DataSource.s3Uri,
        owner: request.identity.user,
        dialect: {
          region: request.region,
          ...defined({ kmsKeyArn: asked.modelKmsKeyArn, clientRequestToken: asked.clientRequestToken }),
        },
      })
      const modelArn = arnOf(scope, 'custom-model', spec.modelId, importedBase)
      await context.tags.set(modelArn, tags)
      return { modelArn }
    } catch (error) {
      if (!(error instanceof TuningNameTaken)) throw error
      const made = await context.models.findByName(asked.modelName)
      if (made !== undefined && isMadeBy(asked.clientRequestToken, made.document.dialect)) {
        return { modelArn: customModelArn(made, scope) }
      }
      throw conflict(`The provided custom model name is already in use: ${asked.modelName}`)
    }
  })
}

export const getCustomModel: Operation = async (context, { labels, request }) => {
  const model = await findShownModel(context, labels[0] ?? '')
  const scope = scopeOf(request)
  const { document } = model
  const job = document.jobId === null ? undefined : await context.tuning.find(document.jobId)
  const { kmsKeyArn: key, customModelKmsKeyId: keyOfJob } = document.dialect
  return {
    modelArn: customModelArn(model, scope),
    modelName: model.name,
    ...(job === undefined ? {} : trainedBy(job, document, scope)),
    ...(document.baseIdentifier === importedBase ? {} : { baseModelArn: baseArnOf(model, scope) }),
    ...defined({ modelKmsKeyArn: keyArnOf(key ?? keyOfJob, madeIn(document.dialect, scope)) }),
    customizationType: customizationTypeOf(document),
    creationTime: new Date(model.createdAt).toISOString(),
    modelStatus: statusOf(model),
    ...defined({ failureMessage: document.failure }),
  }
}

/** A copy tells of the job that its original was trained by. */
const trainedBy = (job: TuningJob, document: ServedModel, scope: ArnScope): object => ({
  jobName: job.name,
  jobArn: jobArnOf(job, scope),
  hyperParameters: job.spec.hyperparameters,
  trainingDataConfig: { s3Uri: job.spec.training },
  validationDataConfig: { validators: job.spec.validation.map((uri) => ({ s3Uri: uri })) },
  outputDataConfig: { s3Uri: job.spec.output },
  ...trainingResults(document, job.spec.validation.length),
})

const customizationTypeOf = ({ baseIdentifier }: ServedModel): string =>
  baseIdentifier === importedBase ? 'IMPORTED' : 'FINE_TUNING'

const statuses: Readonly<Record<string, string>> = {
  active: 'Active',
  creating: 'Creating',
  failed: 'Failed',
}

const statusOf = ({ state }: StoredModel): string => statuses[state] ?? 'Failed'

const listInput = z.object({
  ...listMembers,
  ...createdMembers,
  baseModelArnEquals: identifier.optional(),
  foundationModelArnEquals: identifier.optional(),
  isOwned: z.enum(['true', 'false']).optional(),
  modelStatus: z.enum(['Active', 'Creating', 'Failed']).optional(),
})

export const listCustomModels: Operation = async (context, { query, request }) => {
  const asked = checkInput(listInput, query)
  const scope = scopeOf(request)
  const wanted = [asked.baseModelArnEquals, asked.foundationModelArnEquals].filter((arn) => arn !== undefined)
  const { items, nextToken } = await page(
    { ...asked, path: request.path },
    async (options) =>
      // Everything here is the account's own.
      asked.isOwned === 'false'
        ? []
        : context.models.list({
            ...options,
            ...defined({
              states: asked.modelStatus === undefined ? undefined : [asked.modelStatus.toLowerCase()],
              nameContains: asked.nameContains,
              createdAfter: asked.creationTimeAfter,
              createdBefore: asked.creationTimeBefore,
            }),
          }),
    (model) =>
      isShown(model) &&
      isMadeIn(model.document.dialect, scope) &&
      wanted.every((arn) => arn === baseArnOf(model, scope)),
  )
  return {
    ...defined({ nextToken }),
    modelSummaries: items.map((model) => ({
      modelArn: customModelArn(model, scope),
      modelName: model.name,
      creationTime: new Date(model.createdAt).toISOString(),
      baseModelArn: baseArnOf(model, scope),
      // Provider and model, without version of the model's interface and length of its context.
      baseModelName: baseNameOf(model.document).split(':')[0],
      customizationType: customizationTypeOf(model.document),
      ownerAccountId: scope.account,
      modelStatus: statusOf(model),
    })),
  }
}

export const deleteCustomModel: Operation = async (context, { labels }) => {
  const model = await findShownModel(
    context,
    labels[0] ?? '',
    (found) => isShown(found) || found.state === 'removing',
  )
  if (model.state === 'creating') {
    throw conflict(`The custom model ${model.name} is being created and cannot be deleted before that ends.`)
  }
  try {
    await removeServedModel(context, model)
  } catch (error) {
    throw error instanceof ModelInUse
      ? conflict(`The custom model ${error.message}; delete what it serves first.`)
      : error
  }
  return {}
}
