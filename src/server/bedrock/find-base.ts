import type { Profile } from '../../profiles/profile.ts'
import { parseArn } from './arns.ts'
import type { BedrockContext } from './bedrock-context.ts'
import { validationError } from './bedrock-error.ts'

export interface FoundBase {
  readonly identifier: string
  readonly profile: Profile
  readonly localBase: string
  /** Id of the custom model that is trained on. */
  readonly parent: string | null
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
    if (base !== undefined && base.profile.modelIds[0] === identifier) return { ...base, parent: null }
    if (base !== undefined) {
      throw validationError(
        `The model ${identifier} cannot be customized; use its variant ${base.profile.modelIds[0] ?? ''}.`,
      )
    }
  }
  const model =
    arn === undefined ? await context.models.findByName(reference) : await context.models.find(arn.id)
  const base =
    model?.state === 'active' ? context.modelMap.find('bedrock', model.document.baseIdentifier) : undefined
  if (model !== undefined && base !== undefined) {
    return { ...base, localBase: model.document.localBase, parent: model.id }
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
