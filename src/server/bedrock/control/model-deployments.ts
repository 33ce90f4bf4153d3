import { z } from 'zod'
import type { Endpoint } from '../../../service/serving/endpoint-service.ts'
import { NameTaken } from '../../../store/database/resource-store.ts'
import { arnOf, findReferenced, isMadeIn, madeIn, scopeOf, wantedModel, type ArnScope } from '../arns.ts'
import type { BedrockContext } from '../bedrock-context.ts'
import { notFound, validationError } from '../bedrock-error.ts'
import { isMadeBy } from '../made-by.ts'
import { newTags } from '../new-tags.ts'
import { page } from '../paging.ts'
import {
  checkInput,
  createdMembers,
  customModelName,
  defined,
  identifier,
  listMembers,
  requestToken,
  tagList,
} from '../read-input.ts'
import type { Operation } from '../routes.ts'
import { customModelArn, findCustomModel } from './custom-models.ts'

const createInput = z.object({
  modelDeploymentName: customModelName,
  modelArn: identifier,
  description: z.string().min(1).max(2048).optional(),
  tags: tagList.optional(),
  clientRequestToken: requestToken.optional(),
})

export const createDeployment: Operation = async (context, { input, request, replay }) => {
  const asked = checkInput(createInput, input)
  const scope = scopeOf(request)
  return replay(asked.clientRequestToken, async () => {
    const model = await findCustomModel(context, asked.modelArn)
    const tags = newTags(asked.tags)
    try {
      const endpoint = await context.endpoints.create('deployment', asked.modelDeploymentName, {
        modelId: model.id,
        baseIdentifier: model.document.baseIdentifier,
        localBase: model.document.localBase,
        units: null,
        description: asked.description ?? null,
        commitment: null,
        commitmentEnds: null,
        dialect: { region: request.region, ...defined({ clientRequestToken: asked.clientRequestToken }) },
      })
      const customModelDeploymentArn = deploymentArn(endpoint, scope)
      await context.tags.set(customModelDeploymentArn, tags)
      return { customModelDeploymentArn }
    } catch (error) {
      if (!(error instanceof NameTaken)) throw error
      const made = await context.endpoints.findByName('deployment', asked.modelDeploymentName)
      if (made !== undefined && isMadeBy(asked.clientRequestToken, made.document.dialect)) {
        return { customModelDeploymentArn: deploymentArn(made, scope) }
      }
      throw validationError(`The provided deployment name is already in use: ${asked.modelDeploymentName}`)
    }
  })
}

export const getDeployment: Operation = async (context, { labels, request }) => {
  const endpoint = await findDeployment(context, labels[0] ?? '')
  const scope = scopeOf(request)
  return {
    customModelDeploymentArn: deploymentArn(endpoint, scope),
    modelDeploymentName: endpoint.name,
    ...(await common(context, endpoint, scope)),
    ...(endpoint.document.description === null ? {} : { description: endpoint.document.description }),
  }
}

const { creationTimeAfter: createdAfter, creationTimeBefore: createdBefore } = createdMembers
const listInput = z.object({
  ...listMembers,
  createdAfter,
  createdBefore,
  statusEquals: z.enum(['Creating', 'Active', 'Failed']).optional(),
  modelArnEquals: identifier.optional(),
})

export const listDeployments: Operation = async (context, { query, request }) => {
  const asked = checkInput(listInput, query)
  const scope = scopeOf(request)
  const wanted = wantedModel(asked.modelArnEquals)
  const { items, nextToken } = await page(
    { ...asked, path: request.path },
    async (options) =>
      // Nothing is ever in another state here.
      asked.statusEquals !== undefined && asked.statusEquals !== 'Active'
        ? []
        : context.endpoints.list('deployment', {
            ...options,
            ...defined({
              parent: wanted?.id,
              nameContains: asked.nameContains,
              createdAfter: asked.createdAfter,
              createdBefore: asked.createdBefore,
            }),
          }),
    ({ document }) => isMadeIn(document.dialect, scope),
  )
  return {
    ...defined({ nextToken }),
    modelDeploymentSummaries: await Promise.all(
      items.map(async (endpoint) => ({
        customModelDeploymentArn: deploymentArn(endpoint, scope),
        // Only the list calls it so.
        customModelDeploymentName: endpoint.name,
        ...(await common(context, endpoint, scope)),
      })),
    ),
  }
}

const updateInput = z.object({ modelArn: identifier })

export const updateDeployment: Operation = async (context, { labels, input, request }) => {
  const asked = checkInput(updateInput, input)
  const endpoint = await findDeployment(context, labels[0] ?? '')
  const model = await findCustomModel(context, asked.modelArn)
  if (model.document.baseIdentifier !== endpoint.document.baseIdentifier) {
    throw validationError(`The model must be a custom model of ${endpoint.document.baseIdentifier}.`)
  }
  await context.endpoints.change('deployment', endpoint.id, {
    document: { ...endpoint.document, modelId: model.id, localBase: model.document.localBase },
  })
  const scope = scopeOf(request)
  return { customModelDeploymentArn: deploymentArn(endpoint, scope) }
}

export const deleteDeployment: Operation = async (context, { labels, request }) => {
  const endpoint = await findDeployment(context, labels[0] ?? '')
  await context.atomically(async () => {
    await context.endpoints.remove('deployment', endpoint.id)
    await context.tags.removeAll(deploymentArn(endpoint, scopeOf(request)))
  })
  return {}
}

/** By ARN, id or name. @throws AwsError */
async function findDeployment(
  { endpoints }: Pick<BedrockContext, 'endpoints'>,
  reference: string,
): Promise<Endpoint> {
  const store = endpoints.store('deployment')
  const found = await findReferenced(store, 'custom-model-deployment', reference)
  if (found === undefined)
    throw notFound(`Could not find custom model deployment ${reference.slice(0, 200)}.`)
  return found
}

export const deploymentArn = ({ id, document }: Pick<Endpoint, 'id' | 'document'>, scope: ArnScope): string =>
  arnOf(madeIn(document.dialect, scope), 'custom-model-deployment', id)

async function common(context: BedrockContext, endpoint: Endpoint, scope: ArnScope): Promise<object> {
  const { modelId } = endpoint.document
  const model = modelId === null ? undefined : await context.models.find(modelId)
  return {
    modelArn: model === undefined ? '' : customModelArn(model, scope),
    createdAt: new Date(endpoint.createdAt).toISOString(),
    status: 'Active',
    lastUpdatedAt: new Date(endpoint.updatedAt).toISOString(),
  }
}
