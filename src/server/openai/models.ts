import { ModelInUse } from '../../service/model-jobs/remove-served-model.ts'
import type { AnsweringModel } from '../../service/serving/answering-models.ts'
import type { ApiContext } from '../create-json-apis.ts'
import { ApiFault } from '../json-api/api-fault.ts'
import { route, type ApiRoute } from '../json-api/api-route.ts'
import { findTunedModel, listTunedModels, type TunedModelsContext } from './tuned-models.ts'

export type ModelsContext = TunedModelsContext & Pick<ApiContext, 'answering'>

/** Models: bases that stand in for OpenAI's, and all that were made here, by whatever API or command. */
export const modelRoutes = (context: ModelsContext): readonly ApiRoute[] => [
  route({
    name: 'Models.list',
    method: 'GET',
    path: '/v1/models',
    action: 'read',
    answer: async () => ({
      json: { object: 'list', data: (await listModels(context)).map(writeModel) },
    }),
  }),
  route({
    name: 'Models.retrieve',
    method: 'GET',
    path: '/v1/models/{model}',
    action: 'read',
    answer: async ({ labels }) => ({ json: writeModel(await findModel(context, labels['model'] ?? '')) }),
  }),
  route({
    name: 'Models.delete',
    method: 'DELETE',
    path: '/v1/models/{model}',
    action: 'write',
    async answer({ labels }) {
      const model = await findModel(context, labels['model'] ?? '')
      try {
        await (model.remove?.() ?? context.answering.remove(model))
      } catch (error) {
        if (!(error instanceof ModelInUse)) throw error
        throw new ApiFault('forbidden', `The model cannot be deleted: ${error.message}.`, {
          code: 'model_in_use',
          cause: error,
        })
      }
      return { json: { id: model.name, object: 'model', deleted: true } }
    },
  }),
]

/** A model as it is called here. */
interface NamedModel extends AnsweringModel {
  /** Of one that is called by the name of its job. */
  remove?(): Promise<void>
}

const isBase = ({ kind }: AnsweringModel): boolean => kind === 'base'

/** What was tuned stands there by its `ft:` name only, though it answers to its own as well. */
async function listModels(context: ModelsContext): Promise<readonly AnsweringModel[]> {
  const [found, tuned] = await Promise.all([context.answering.list('openai'), listTunedModels(context)])
  const called = new Set(tuned.map(({ homeId }) => homeId))
  const rest = found.filter((model) => !isBase(model) && !called.has(model.homeId))
  const newest = [...rest, ...tuned].toSorted((left, right) => right.createdAt - left.createdAt)
  return [...found.filter(isBase), ...newest]
}

/**
 * The model that a request names.
 *
 * @param pointer of the name in the body
 * @throws ApiFault `not-found`
 */
export async function findModel(context: ModelsContext, name: string, pointer?: string): Promise<NamedModel> {
  const model = (await findTunedModel(context, name)) ?? (await context.answering.find('openai', name))
  if (model !== undefined) return model
  throw new ApiFault(
    'not-found',
    `The model '${name.slice(0, 200)}' does not exist or you do not have access to it.`,
    {
      code: 'model_not_found',
      pointer,
    },
  )
}

const writeModel = ({ name, kind, createdAt, localBase }: AnsweringModel): object => ({
  id: name,
  object: 'model',
  created: Math.floor(createdAt / 1000),
  owned_by: kind === 'base' ? 'hone' : 'user',
  // Nobody should take the stand-in for the model itself.
  base_model: localBase,
})
