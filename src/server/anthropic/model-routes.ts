import type { AnsweringModel } from '../../service/serving/answering-models.ts'
import { writeModel } from '../../wire/anthropic/model-info.ts'
import { pageQuery, toPageRequest, writePage } from '../../wire/anthropic/page.ts'
import { route, type ApiRoute } from '../json-api/api-route.ts'
import type { AnthropicContext } from './anthropic-context.ts'
import { pageOfAll } from './paging.ts'
import { listedModels, requireModel, titleOf } from './target.ts'

export const modelRoutes = (context: AnthropicContext): readonly ApiRoute[] => [
  route({
    name: 'ListModels',
    method: 'GET',
    path: '/v1/models',
    action: 'read',
    search: pageQuery,
    async answer({ search }) {
      const models = (await listedModels(context)).map(shown)
      const { items, hasMore } = pageOfAll(models, toPageRequest(search))
      return { json: writePage(items, hasMore) }
    },
  }),
  route({
    name: 'GetModel',
    method: 'GET',
    path: '/v1/models/{model}',
    action: 'read',
    async answer({ labels }) {
      const model = await requireModel(context, labels['model'] ?? '')
      return {
        headers: { 'x-hone-base-model': model.localBase },
        json: shown(model),
      }
    },
  }),
]

const shown = (model: AnsweringModel): ReturnType<typeof writeModel> =>
  writeModel({ id: model.name, title: titleOf(model), createdAt: model.createdAt })
