import { HoneError } from '../../core/errors.ts'
import type { JsonValue } from '../../lib/canonical-json.ts'
import { TokenReused } from '../../store/database/replays.ts'
import { lockKey } from '../../store/objects/key-lock.ts'
import { AwsError, type AwsReply, type AwsRequest, type AwsService } from '../aws/aws-request.ts'
import { isAllowed } from '../aws/identity.ts'
import type { BedrockContext } from './bedrock-context.ts'
import { accessDenied, conflict, validationError } from './bedrock-error.ts'
import { controlRoutes } from './control-routes.ts'
import { readJson } from './read-input.ts'
import { matchRoute } from './routes.ts'
import {
  converse,
  converseStream,
  countTokens,
  invokeModel,
  invokeModelWithResponseStream,
} from './runtime/invoke-model.ts'
import type { RuntimeOperation } from './runtime/log-invocation.ts'

const runtimeRoutes: readonly { name: string; method: string; path: string; operation: RuntimeOperation }[] =
  [
    { name: 'InvokeModel', method: 'POST', path: '/model/*/invoke', operation: invokeModel },
    {
      name: 'InvokeModelWithResponseStream',
      method: 'POST',
      path: '/model/*/invoke-with-response-stream',
      operation: invokeModelWithResponseStream,
    },
    { name: 'Converse', method: 'POST', path: '/model/*/converse', operation: converse },
    { name: 'ConverseStream', method: 'POST', path: '/model/*/converse-stream', operation: converseStream },
    { name: 'CountTokens', method: 'POST', path: '/model/*/count-tokens', operation: countTokens },
  ]

/** Amazon Bedrock's control plane and runtime, which share a service name and no path. */
export function createBedrockService(context: BedrockContext): AwsService {
  return async (request) => {
    const runtime = matchRoute(runtimeRoutes, request.method, request.path)
    if (runtime === undefined) return control(context, request)
    request.facts.operation = runtime.route.name
    return runtime.route.operation(context, request, runtime.labels[0] ?? '')
  }
}

async function control(context: BedrockContext, request: AwsRequest): Promise<AwsReply> {
  const match = matchRoute(controlRoutes, request.method, request.path)
  if (match === undefined) {
    throw new AwsError(
      'UnknownOperationException',
      404,
      `${request.method} ${request.path.slice(0, 200)} is no operation of Amazon Bedrock that is served here`,
    )
  }
  const { route, labels } = match
  request.facts.operation = route.name
  const action = request.method === 'GET' ? 'bedrock-read' : 'bedrock-write'
  if (!isAllowed(request.identity, action, labels[0] ?? '*')) {
    throw accessDenied(`bedrock:${route.name}`, labels[0] ?? '*')
  }
  const input = await readJson(request)
  const operation = `${route.name} ${request.identity.account} ${request.region}`
  const answer = async (): Promise<AwsReply> => {
    const output = await route.operation(context, {
      request,
      labels,
      input,
      query: Object.fromEntries(request.query),
      replay: (token, act) => replayed(context, operation, token, input, act),
    })
    return {
      status: route.status,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(output),
    }
  }
  return request.method === 'GET' ? answer() : audited(context, request, route.name, labels[0] ?? '', answer)
}

/** Carries out what changes something, and notes who did it and how it went. */
async function audited(
  { audit }: BedrockContext,
  { identity }: AwsRequest,
  action: string,
  resource: string,
  answer: () => Promise<AwsReply>,
): Promise<AwsReply> {
  const note = (outcome: string): Promise<void> =>
    audit.add({ keyId: identity.keyId, action, resource, outcome })
  try {
    const reply = await answer()
    await note(String(reply.status))
    return reply
  } catch (thrown) {
    const error = isRefusedByGate(thrown) ? validationError(`${thrown.message} (${thrown.code})`) : thrown
    await note(error instanceof AwsError ? error.code : 'InternalServerException')
    throw error
  }
}

/** What is made, its tags and the answer that a repetition gets are there together or not at all. */
function replayed(
  context: BedrockContext,
  operation: string,
  token: string | undefined,
  input: JsonValue,
  act: () => Promise<Record<string, JsonValue>>,
): Promise<Record<string, JsonValue>> {
  return context.atomically(() => once(context, operation, token, input, act))
}

async function once(
  { replays }: BedrockContext,
  operation: string,
  token: string | undefined,
  input: JsonValue,
  act: () => Promise<Record<string, JsonValue>>,
): Promise<Record<string, JsonValue>> {
  if (token === undefined) return act()
  // Of the same request sent twice at once, the second waits for the answer of the first.
  using _ = await lockKey(`${operation} ${token}`)
  try {
    const before = await replays.find(operation, token, input)
    if (before !== undefined) return before as Record<string, JsonValue>
  } catch (error) {
    if (!(error instanceof TokenReused)) throw error
    throw conflict('The clientRequestToken was used before with other parameters.')
  }
  const response = await act()
  await replays.keep(operation, token, input, response)
  return response
}

const isRefusedByGate = (error: unknown): error is HoneError =>
  HoneError.isInstance(error) && error.code === 'E_GATE'
