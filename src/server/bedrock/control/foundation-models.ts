import { z } from 'zod'
import type { MappedBase } from '../../../service/serving/model-map.ts'
import { foundationModelArn, parseArn } from '../arns.ts'
import type { BedrockContext } from '../bedrock-context.ts'
import { notFound } from '../bedrock-error.ts'
import { checkInput } from '../read-input.ts'
import type { Operation } from '../routes.ts'

const listInput = z.object({
  byProvider: z.string().max(63).optional(),
  byCustomizationType: z.enum(['FINE_TUNING', 'CONTINUED_PRE_TRAINING', 'DISTILLATION']).optional(),
  byOutputModality: z.enum(['TEXT', 'IMAGE', 'EMBEDDING']).optional(),
  byInferenceType: z.enum(['ON_DEMAND', 'PROVISIONED']).optional(),
})

export const listFoundationModels: Operation = async (context, { query, request }) => {
  const asked = checkInput(listInput, query)
  const models = context.modelMap
    .list('bedrock')
    .map((base) => describe(context, base, request.region))
    .filter(
      (model) =>
        (asked.byProvider === undefined ||
          model.providerName.toLowerCase() === asked.byProvider.toLowerCase()) &&
        (asked.byCustomizationType === undefined ||
          model.customizationsSupported.includes(asked.byCustomizationType)) &&
        (asked.byOutputModality === undefined || model.outputModalities.includes(asked.byOutputModality)) &&
        (asked.byInferenceType === undefined ||
          model.inferenceTypesSupported.includes(asked.byInferenceType)),
    )
  return Promise.resolve({ modelSummaries: models })
}

export const getFoundationModel: Operation = (context, { labels, request }) => {
  const base = findFoundationModel(context, labels[0] ?? '')
  return Promise.resolve({ modelDetails: describe(context, base, request.region) })
}

export const getFoundationModelAvailability: Operation = (context, { labels, request }) => {
  const { identifier } = findFoundationModel(context, labels[0] ?? '')
  return Promise.resolve({
    modelId: identifier,
    agreementAvailability: { status: 'AVAILABLE' },
    authorizationStatus: 'AUTHORIZED',
    entitlementAvailability: 'AVAILABLE',
    regionAvailability: request.region === '' ? 'NOT_AVAILABLE' : 'AVAILABLE',
  })
}

function findFoundationModel({ modelMap }: BedrockContext, reference: string): MappedBase {
  const arn = parseArn(reference)
  const base = modelMap.find('bedrock', arn?.kind === 'foundation-model' ? arn.rest : reference)
  if (base === undefined) throw notFound(`Could not find foundation model ${reference.slice(0, 200)}.`)
  return base
}

interface Described {
  readonly modelArn: string
  readonly modelId: string
  readonly modelName: string
  readonly providerName: string
  readonly customizationsSupported: readonly string[]
  readonly inputModalities: readonly string[]
  readonly outputModalities: readonly string[]
  readonly responseStreamingSupported: boolean
  readonly inferenceTypesSupported: readonly string[]
  readonly modelLifecycle: object
}

const providers: Readonly<Record<string, string>> = {
  anthropic: 'Anthropic',
  amazon: 'Amazon',
  meta: 'Meta',
  cohere: 'Cohere',
}

function describe(context: BedrockContext, base: MappedBase, region: string): Described {
  const { identifier, profile, localBase } = base
  const provider = identifier.split('.')[0] ?? ''
  return {
    modelArn: foundationModelArn({ region }, identifier),
    modelId: identifier,
    // Nobody should take the stand-in for the model itself.
    modelName: `${profile.title} (answered by ${localBase}, which is not it)`,
    providerName: providers[provider] ?? provider,
    inputModalities: ['TEXT'],
    responseStreamingSupported: true,
    outputModalities: ['TEXT'],
    customizationsSupported: profile.modelIds[0] === identifier ? ['FINE_TUNING'] : [],
    inferenceTypesSupported: ['ON_DEMAND', 'PROVISIONED'],
    modelLifecycle: lifecycle(context, base),
  }
}

function lifecycle({ lifecycleDate }: BedrockContext, { profile }: MappedBase): object {
  const { launched, noNewJobs, endOfLife } = profile.lifecycle
  const today = lifecycleDate()?.toISOString().slice(0, 10)
  const isLegacy = today !== undefined && noNewJobs !== undefined && noNewJobs <= today
  return {
    status: isLegacy ? 'LEGACY' : 'ACTIVE',
    ...timeOf(launched, 'startOfLifeTime'),
    ...timeOf(noNewJobs, 'legacyTime'),
    ...timeOf(endOfLife, 'endOfLifeTime'),
  }
}

const timeOf = (day: string | undefined, name: string): object =>
  day === undefined ? {} : { [name]: `${day}T00:00:00Z` }
