import type { AnswerTarget } from '../../answer/answer-parts.ts'
import { AwsError, type AwsRequest } from '../../aws/aws-request.ts'
import { isAllowed } from '../../aws/identity.ts'
import type { Endpoint } from '../../../service/serving/endpoint-service.ts'
import { importedBase } from '../../../service/model-jobs/model-job.ts'
import { findReferenced, parseArn } from '../arns.ts'
import type { BedrockContext } from '../bedrock-context.ts'
import { accessDenied, validationError } from '../bedrock-error.ts'

/** What a request of the runtime is answered by. */
export type RuntimeTarget = AnswerTarget

/**
 * The model that `modelId` names: a base on demand, or a custom model by its provisioned throughput or deployment.
 *
 * @throws AwsError
 */
export async function runtimeTarget(
  context: BedrockContext,
  request: AwsRequest,
  modelId: string,
): Promise<RuntimeTarget> {
  const action = 'bedrock:InvokeModel'
  if (!isAllowed(request.identity, 'invoke', modelId)) throw accessDenied(action, modelId)
  const endpoint = await endpointOf(context, modelId)
  if (endpoint !== undefined) return endpointTarget(context, endpoint)
  const arn = parseArn(modelId)
  if (arn?.kind === 'imported-model') return importedTarget(context, modelId, arn.id)
  if (arn?.kind === 'custom-model') {
    throw validationError(
      'A custom model is not invoked by its own ARN; use that of its provisioned throughput or its deployment.',
    )
  }
  const base = findBaseTarget(context, modelId)
  if (base === undefined) throw unknownModel(modelId)
  return base
}

/** The base on demand that is named by its id, its ARN or an inference profile. */
function findBaseTarget({ modelMap }: BedrockContext, modelId: string): RuntimeTarget | undefined {
  const arn = parseArn(modelId)
  if (arn !== undefined && arn.kind !== 'foundation-model' && arn.kind !== 'inference-profile')
    return undefined
  const identifier = arn === undefined ? modelId : arn.rest
  // Inference profiles name a region before the model.
  const base =
    modelMap.find('bedrock', identifier) ??
    modelMap.find('bedrock', identifier.replace(/^(us|eu|apac|global)\./, ''))
  return base && { homeId: base.localBase, localBase: base.localBase, baseIdentifier: base.identifier }
}

/**
 * The model that a batch job names: a base, or a custom model by its ARN or name, which a batch needs no endpoint for.
 *
 * @throws AwsError
 */
export async function batchTarget(context: BedrockContext, modelId: string): Promise<RuntimeTarget> {
  const base = findBaseTarget(context, modelId)
  if (base !== undefined) return base
  const kind = parseArn(modelId)?.kind
  if (kind !== undefined && kind !== 'custom-model') {
    throw validationError(
      'A batch runs on a base or on a custom model by its own ARN, not on a throughput or a deployment.',
    )
  }
  const model = await findReferenced(context.models, 'custom-model', modelId)
  if (model?.state !== 'active') throw unknownModel(modelId)
  const { homeId, localBase, baseIdentifier } = model.document
  return { homeId, localBase, baseIdentifier }
}

async function endpointOf({ endpoints }: BedrockContext, modelId: string): Promise<Endpoint | undefined> {
  const arn = parseArn(modelId)
  // The id of a base holds a dot, which no name may.
  if (arn === undefined && modelId.includes('.')) return undefined
  if (arn === undefined) return endpoints.findRecent('provisioned', 'name', modelId)
  if (arn.kind === 'provisioned-model') {
    return required(await endpoints.findRecent('provisioned', 'id', arn.id), modelId)
  }
  if (arn.kind !== 'custom-model-deployment') return undefined
  return required(await endpoints.findRecent('deployment', 'id', arn.id), modelId)
}

function required(endpoint: Endpoint | undefined, modelId: string): Endpoint {
  if (endpoint === undefined) throw unknownModel(modelId)
  return endpoint
}

async function endpointTarget(context: BedrockContext, endpoint: Endpoint): Promise<RuntimeTarget> {
  const { modelId, localBase, baseIdentifier } = endpoint.document
  if (modelId === null) return { homeId: localBase, localBase, baseIdentifier, endpoint }
  const model = await context.models.findRecent('id', modelId)
  if (model === undefined) throw unknownModel(modelId)
  return { homeId: model.document.homeId, localBase, baseIdentifier, endpoint }
}

/** A model that was imported is called by its own ARN. */
async function importedTarget(context: BedrockContext, modelId: string, id: string): Promise<RuntimeTarget> {
  const model = await context.imported.find(id)
  if (model?.state !== 'active') throw unknownModel(modelId)
  const { homeId, localBase } = model.document
  return { homeId, localBase, baseIdentifier: importedBase }
}

const unknownModel = (modelId: string): AwsError =>
  new AwsError(
    'ResourceNotFoundException',
    404,
    `Could not resolve the model from the provided model identifier: ${modelId.slice(0, 300)}`,
  )
