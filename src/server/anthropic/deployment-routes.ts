import type { Endpoint } from '../../service/serving/endpoint-service.ts'
import { NameTaken } from '../../store/database/resource-store.ts'
import { deploymentBody, writeDeployment } from '../../wire/anthropic/fine-tuning.ts'
import { pageQuery, toPageRequest, writePage } from '../../wire/anthropic/page.ts'
import { ApiFault } from '../json-api/api-fault.ts'
import { route, type ApiRoute } from '../json-api/api-route.ts'
import type { AnthropicContext } from './anthropic-context.ts'
import { pageOfStored } from './paging.ts'
import { findModel } from './target.ts'

const root = '/v1/fine_tuning/deployments'
const idPrefix = 'deploy_'

/** `/v1/fine_tuning/deployments`: names that tuned models answer under, which is Hone's own. */
export const deploymentRoutes = (context: AnthropicContext): readonly ApiRoute[] => [
  route({
    name: 'CreateDeployment',
    method: 'POST',
    path: root,
    action: 'write',
    resource: ({ body }) => body.name,
    body: deploymentBody,
    async answer({ body }) {
      const { endpoints, models } = context
      const { name, description = null } = body
      const model = await models.findByName(body.model)
      if (model?.state !== 'active') {
        throw new ApiFault('not-found', `model: there is no tuned model ${body.model.slice(0, 100)}`)
      }
      if ((await findModel(context, name)) !== undefined) throw nameTaken(name)
      const { localBase, baseIdentifier } = model.document
      try {
        const endpoint = await endpoints.create('deployment', name, {
          modelId: model.id,
          baseIdentifier,
          localBase,
          units: null,
          description,
          commitment: null,
          commitmentEnds: null,
          dialect: { api: 'anthropic' },
        })
        return { json: await shown(context, endpoint) }
      } catch (error) {
        throw error instanceof NameTaken ? nameTaken(name) : error
      }
    },
  }),
  route({
    name: 'ListDeployments',
    method: 'GET',
    path: root,
    action: 'read',
    search: pageQuery,
    async answer({ search }) {
      const { items, hasMore } = await pageOfStored<Endpoint>(
        {
          find: (id) => find(context, id),
          list: (options) => context.endpoints.list('deployment', options),
        },
        toPageRequest(search),
      )
      return { json: writePage(await Promise.all(items.map((each) => shown(context, each))), hasMore) }
    },
  }),
  route({
    name: 'GetDeployment',
    method: 'GET',
    path: `${root}/{deployment}`,
    action: 'read',
    answer: async ({ labels }) => ({ json: await shown(context, await required(context, labels)) }),
  }),
  route({
    name: 'DeleteDeployment',
    method: 'DELETE',
    path: `${root}/{deployment}`,
    action: 'write',
    async answer({ labels }) {
      const { id } = await required(context, labels)
      await context.endpoints.remove('deployment', id)
      return { json: { id: `${idPrefix}${id}`, type: 'deployment_deleted' } }
    },
  }),
]

async function find({ endpoints }: AnthropicContext, id: string): Promise<Endpoint | undefined> {
  return id.startsWith(idPrefix) ? endpoints.find('deployment', id.slice(idPrefix.length)) : undefined
}

/** @throws ApiFault `not-found` */
async function required(
  context: AnthropicContext,
  { deployment: id = '' }: Readonly<Record<string, string>>,
): Promise<Endpoint> {
  const endpoint = await find(context, id)
  if (endpoint === undefined) throw new ApiFault('not-found', `There is no deployment ${id.slice(0, 100)}.`)
  return endpoint
}

async function shown(
  { models }: AnthropicContext,
  { id, name, createdAt, document }: Endpoint,
): Promise<{ readonly id: string }> {
  const { modelId, localBase, description } = document
  const model = modelId === null ? undefined : await models.findRecent('id', modelId)
  return writeDeployment({
    id: `${idPrefix}${id}`,
    name,
    model: model?.name ?? localBase,
    localBase,
    description,
    createdAt,
  })
}

const nameTaken = (name: string): ApiFault =>
  new ApiFault('conflict', `there is a model or deployment called ${name}`, {
    pointer: '/name',
    code: 'E_EXISTS',
  })
