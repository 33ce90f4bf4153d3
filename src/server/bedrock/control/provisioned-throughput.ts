import { z } from 'zod'
import type { Endpoint, EndpointDocument } from '../../../service/serving/endpoint-service.ts'
import { NameTaken } from '../../../store/database/resource-store.ts'
import {
  arnOf,
  findReferenced,
  isMadeIn,
  madeIn,
  parseArn,
  scopeOf,
  wantedModel,
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
  listMembers,
  requestToken,
  tagList,
} from '../read-input.ts'
import type { Operation } from '../routes.ts'
import { baseArnOf, customModelArn, findCustomModel } from './custom-models.ts'

const commitments = ['OneMonth', 'SixMonths'] as const

const createInput = z.object({
  modelUnits: z.int().min(1, 'Member must have value greater than or equal to 1'),
  provisionedModelName: customModelName,
  modelId: identifier,
  commitmentDuration: z.enum(commitments).optional(),
  tags: tagList.optional(),
  clientRequestToken: requestToken.optional(),
})

export const createProvisionedThroughput: Operation = async (context, { input, request, replay }) => {
  const asked = checkInput(createInput, input)
  const scope = scopeOf(request)
  return replay(asked.clientRequestToken, async () => {
    const target = await servedTarget(context, asked.modelId)
    const tags = newTags(asked.tags)
    const commitment = asked.commitmentDuration ?? null
    try {
      const endpoint = await context.endpoints.create('provisioned', asked.provisionedModelName, {
        ...target,
        units: asked.modelUnits,
        description: null,
        commitment,
        commitmentEnds: commitment === null ? null : monthsLater(context.now(), monthsOf[commitment]),
        dialect: { region: request.region, ...defined({ clientRequestToken: asked.clientRequestToken }) },
      })
      const provisionedModelArn = provisionedArn(endpoint, scope)
      await context.tags.set(provisionedModelArn, tags)
      return { provisionedModelArn }
    } catch (error) {
      if (!(error instanceof NameTaken)) throw error
      const made = await context.endpoints.findByName('provisioned', asked.provisionedModelName)
      if (made !== undefined && isMadeBy(asked.clientRequestToken, made.document.dialect)) {
        return { provisionedModelArn: provisionedArn(made, scope) }
      }
      throw validationError(
        `The provided provisioned model name is already in use: ${asked.provisionedModelName}`,
      )
    }
  })
}

/** What an endpoint can serve: a custom model, or a base. */
async function servedTarget(
  context: BedrockContext,
  reference: string,
): Promise<Pick<EndpointDocument, 'modelId' | 'baseIdentifier' | 'localBase'>> {
  const arn = parseArn(reference)
  const base =
    arn === undefined || arn.kind === 'foundation-model'
      ? context.modelMap.find('bedrock', arn?.rest ?? reference)
      : undefined
  if (base !== undefined) return { modelId: null, baseIdentifier: base.identifier, localBase: base.localBase }
  const model = await findCustomModel(context, reference)
  return {
    modelId: model.id,
    baseIdentifier: model.document.baseIdentifier,
    localBase: model.document.localBase,
  }
}

export const getProvisionedThroughput: Operation = async (context, { labels, request }) => {
  const endpoint = await findProvisioned(context, labels[0] ?? '')
  return details(context, endpoint, scopeOf(request))
}

const listInput = z.object({
  ...listMembers,
  ...createdMembers,
  statusEquals: z.enum(['Creating', 'InService', 'Updating', 'Failed']).optional(),
  modelArnEquals: identifier.optional(),
})

export const listProvisionedThroughputs: Operation = async (context, { query, request }) => {
  const asked = checkInput(listInput, query)
  const scope = scopeOf(request)
  const wanted = wantedModel(asked.modelArnEquals)
  const { items, nextToken } = await page(
    { ...asked, path: request.path },
    async (options) =>
      // Nothing is ever in another state here.
      asked.statusEquals !== undefined && asked.statusEquals !== 'InService'
        ? []
        : context.endpoints.list('provisioned', {
            ...options,
            ...defined({
              parent: wanted?.kind === 'custom-model' ? wanted.id : undefined,
              nameContains: asked.nameContains,
              createdAfter: asked.creationTimeAfter,
              createdBefore: asked.creationTimeBefore,
            }),
          }),
    ({ document }) =>
      isMadeIn(document.dialect, scope) &&
      (wanted === undefined ||
        wanted.kind === 'custom-model' ||
        (document.modelId === null && wanted.rest === document.baseIdentifier)),
  )
  return {
    ...defined({ nextToken }),
    provisionedModelSummaries: await Promise.all(items.map((endpoint) => details(context, endpoint, scope))),
  }
}

const updateInput = z.object({
  desiredProvisionedModelName: customModelName.optional(),
  desiredModelId: identifier.optional(),
})

export const updateProvisionedThroughput: Operation = async (context, { labels, input }) => {
  const asked = checkInput(updateInput, input)
  const endpoint = await findProvisioned(context, labels[0] ?? '')
  const { document } = endpoint
  const target =
    asked.desiredModelId === undefined ? undefined : await servedTarget(context, asked.desiredModelId)
  if (target !== undefined && document.modelId === null) {
    throw validationError('Only a provisioned throughput of a custom model can be pointed to another model.')
  }
  if (target !== undefined && target.baseIdentifier !== document.baseIdentifier) {
    throw validationError(
      `The desired model must be ${document.baseIdentifier} or a custom model of it, not of ${target.baseIdentifier}.`,
    )
  }
  try {
    await context.endpoints.change(
      'provisioned',
      endpoint.id,
      defined({
        name: asked.desiredProvisionedModelName,
        document: target === undefined ? undefined : { ...document, ...target },
      }),
    )
  } catch (error) {
    if (!(error instanceof NameTaken)) throw error
    throw validationError('The desired provisioned model name is already in use.')
  }
  return {}
}

export const deleteProvisionedThroughput: Operation = async (context, { labels, request }) => {
  const endpoint = await findProvisioned(context, labels[0] ?? '')
  const { commitment } = endpoint.document
  const ends = commitmentEnd(endpoint.document, context.now())
  if (commitment !== null && ends !== null) {
    throw conflict(
      `The provisioned throughput is committed until ${new Date(ends).toISOString()} and cannot be deleted before.`,
    )
  }
  await context.atomically(async () => {
    await context.endpoints.remove('provisioned', endpoint.id)
    await context.tags.removeAll(provisionedArn(endpoint, scopeOf(request)))
  })
  return {}
}

/** By ARN, id or name. @throws AwsError */
async function findProvisioned(
  { endpoints }: Pick<BedrockContext, 'endpoints'>,
  reference: string,
): Promise<Endpoint> {
  const store = endpoints.store('provisioned')
  const found = await findReferenced(store, 'provisioned-model', reference)
  if (found === undefined) throw notFound(`Could not find provisioned model ${reference.slice(0, 200)}.`)
  return found
}

export const provisionedArn = (
  { id, document }: Pick<Endpoint, 'id' | 'document'>,
  scope: ArnScope,
): string => arnOf(madeIn(document.dialect, scope), 'provisioned-model', id)

async function details(context: BedrockContext, endpoint: Endpoint, scope: ArnScope): Promise<object> {
  const { document } = endpoint
  const model = document.modelId === null ? undefined : await context.models.find(document.modelId)
  const foundation = baseArnOf(endpoint, scope)
  const modelArn = model === undefined ? foundation : customModelArn(model, scope)
  const ends = commitmentEnd(document, context.now())
  return {
    modelUnits: document.units ?? 1,
    desiredModelUnits: document.units ?? 1,
    provisionedModelName: endpoint.name,
    provisionedModelArn: provisionedArn(endpoint, scope),
    modelArn,
    desiredModelArn: modelArn,
    foundationModelArn: foundation,
    status: 'InService',
    creationTime: new Date(endpoint.createdAt).toISOString(),
    lastModifiedTime: new Date(endpoint.updatedAt).toISOString(),
    ...(document.commitment === null ? {} : { commitmentDuration: document.commitment }),
    ...(ends === null ? {} : { commitmentExpirationTime: new Date(ends).toISOString() }),
  }
}

const monthsOf = { OneMonth: 1, SixMonths: 6 } as const

/** When the present term ends: a commitment renews itself for as long again. */
function commitmentEnd({ commitment, commitmentEnds }: EndpointDocument, now: number): number | null {
  if (commitment === null || commitmentEnds === null) return null
  let end = commitmentEnds
  for (let terms = 1; end <= now; terms++) end = monthsLater(commitmentEnds, terms * monthsOf[commitment])
  return end
}

function monthsLater(time: number, months: number): number {
  const date = new Date(time)
  const day = date.getUTCDate()
  date.setUTCMonth(date.getUTCMonth() + months, 1)
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(day, last))
  return date.getTime()
}
