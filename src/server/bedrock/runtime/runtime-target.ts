import { AwsError, type AwsRequest } from '../../aws/aws-request.ts'
import { isAllowed } from '../../aws/identity.ts'
import type { Endpoint } from '../../../service/serving/endpoint-service.ts'
import { parseArn } from '../arns.ts'
import type { BedrockContext } from '../bedrock-context.ts'
import { accessDenied, validationError } from '../bedrock-error.ts'

/** What a request of the runtime is answered by. */
export interface RuntimeTarget {
  /** Id of the model in the home. */
  readonly homeId: string
  readonly localBase: string
  readonly baseIdentifier: string
  /** The endpoint that was called; undefined for a base on demand. */
  readonly endpoint?: Endpoint
}

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
  if (arn?.kind === 'custom-model') {
    throw validationError(
      'A custom model is not invoked by its own ARN; use that of its provisioned throughput or its deployment.',
    )
  }
  const identifier = arn === undefined ? modelId : arn.rest
  const isBase = arn === undefined || arn.kind === 'foundation-model' || arn.kind === 'inference-profile'
  // Inference profiles name a region before the model.
  const base = isBase
    ? (context.modelMap.find('bedrock', identifier) ??
      context.modelMap.find('bedrock', identifier.replace(/^(us|eu|apac|global)\./, '')))
    : undefined
  if (base === undefined) throw unknownModel(modelId)
  return { homeId: base.localBase, localBase: base.localBase, baseIdentifier: base.identifier }
}

async function endpointOf({ endpoints }: BedrockContext, modelId: string): Promise<Endpoint | undefined> {
  const arn = parseArn(modelId)
  if (arn === undefined) return endpoints.findByName('provisioned', modelId)
  if (arn.kind === 'provisioned-model') return required(await endpoints.find('provisioned', arn.id), modelId)
  if (arn.kind !== 'custom-model-deployment') return undefined
  return required(await endpoints.find('deployment', arn.id), modelId)
}

function required(endpoint: Endpoint | undefined, modelId: string): Endpoint {
  if (endpoint === undefined) throw unknownModel(modelId)
  return endpoint
}

async function endpointTarget(context: BedrockContext, endpoint: Endpoint): Promise<RuntimeTarget> {
  const { modelId, localBase, baseIdentifier } = endpoint.document
  if (modelId === null) return { homeId: localBase, localBase, baseIdentifier, endpoint }
  const model = await context.models.find(modelId)
  if (model === undefined) throw unknownModel(modelId)
  return { homeId: model.document.homeId, localBase, baseIdentifier, endpoint }
}

const unknownModel = (modelId: string): AwsError =>
  new AwsError(
    'ResourceNotFoundException',
    404,
    `Could not resolve the model from the provided model identifier: ${modelId.slice(0, 300)}`,
  )
