import type { Profile } from '../../profiles/profile.ts'
import type { ApiContext } from '../create-json-apis.ts'
import { ApiFault } from '../json-api/api-fault.ts'
import { findTunedModel, type TunedModelsContext } from './tuned-models.ts'

/** What a job can be trained from. */
export interface TunableBase {
  /** As names of models carry it. */
  readonly identifier: string
  readonly profile: Profile
  readonly localBase: string
  readonly parent: string | null
  readonly parentHome?: string
}

const methods = { supervised: 'supervised', dpo: 'preference' } as const

/** Rules for what was not made from a base of OpenAI. */
const usualBase = 'gpt-4o-mini-2024-07-18'

/**
 * The base or the tuned model that a job names.
 *
 * @throws ApiFault `invalid` that names what can be tuned
 */
export async function findTunable(
  context: TunedModelsContext & Pick<ApiContext, 'modelMap'>,
  model: string,
  method: keyof typeof methods,
): Promise<TunableBase> {
  const { modelMap } = context
  const find = (identifier: string): ReturnType<typeof modelMap.findTunable> =>
    modelMap.findTunable('openai', identifier, methods[method])
  const base = find(model)
  if (base !== undefined) {
    // A short name stands for the version that it means today.
    return { ...base, identifier: base.profile.modelIds[0] ?? model, parent: null }
  }
  const tuned = await findTunedModel(context, model)
  const rules = tuned && (find(tuned.baseIdentifier) ?? find(usualBase))
  if (tuned !== undefined && rules !== undefined) {
    const { baseIdentifier: identifier, localBase, modelId: parent, homeId: parentHome } = tuned
    return { identifier, profile: rules.profile, localBase, parent, parentHome }
  }
  const known = modelMap
    .list('openai')
    .map(({ identifier }) => identifier)
    .filter((identifier) => /-\d{4}(-\d{2}-\d{2})?$/.test(identifier) && find(identifier) !== undefined)
  throw new ApiFault(
    'invalid',
    `Model ${model.slice(0, 200)} is not available for fine-tuning or does not exist. Models that can be tuned by the method ${method}: ${known.join(', ')}, and ft: models.`,
    { pointer: '/model', code: 'model_not_available' },
  )
}
