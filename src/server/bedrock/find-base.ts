import type { Profile } from '../../profiles/profile.ts'
import { importedBase } from '../../service/model-jobs/model-job.ts'
import { findReferenced, parseArn } from './arns.ts'
import type { BedrockContext } from './bedrock-context.ts'
import { validationError } from './bedrock-error.ts'

export interface FoundBase {
  readonly identifier: string
  readonly profile: Profile
  readonly localBase: string
  /** Id of the custom model that is trained on. */
  readonly parent: string | null
  /** Id of its files in the home. */
  readonly parentHome: string | null
}

/**
 * The base that a job names: a foundation model by id or ARN, or a custom model by name or ARN.
 *
 * @throws AwsError `ValidationException` that says which base was probably meant
 */
export async function findBase(context: BedrockContext, reference: string): Promise<FoundBase> {
  const arn = parseArn(reference)
  if (arn === undefined || arn.kind === 'foundation-model') {
    const identifier = arn?.rest ?? reference
    const base = context.modelMap.find('bedrock', identifier)
    // The variant with the longest context is the one that can be customized.
    if (base !== undefined && base.profile.modelIds[0] === identifier) {
      return { ...base, parent: null, parentHome: null }
    }
    if (base !== undefined) {
      throw validationError(
        `The model ${identifier} cannot be customized; use its variant ${base.profile.modelIds[0] ?? ''}.`,
      )
    }
  }
  const model = await findReferenced(context.models, 'custom-model', reference)
  if (model?.state === 'active' && model.document.baseIdentifier === importedBase) {
    throw validationError(
      `The model ${model.name} was not tuned here: no service's rules are known for it, and it cannot be customized further.`,
    )
  }
  const base =
    model?.state === 'active' ? context.modelMap.find('bedrock', model.document.baseIdentifier) : undefined
  if (model !== undefined && base !== undefined) {
    const { localBase, homeId } = model.document
    return { ...base, localBase, parent: model.id, parentHome: homeId }
  }
  const known = context.modelMap
    .list('bedrock')
    .filter(
      ({ identifier, profile }) => profile.modelIds[0] === identifier && profile.hyperparameters.length > 0,
    )
    .map(({ identifier }) => identifier)
  throw validationError(
    `The provided model identifier is invalid: ${reference.slice(0, 200)}. Models that can be customized: ${known.join(', ')}.`,
  )
}
