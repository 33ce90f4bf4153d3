import type { InferenceService, InferenceTarget } from '../../service/serving/inference-service.ts'
import { BodyFault, type DialectRequest } from '../../wire/dialect-request.ts'
import { offeredTools } from './answer-parts.ts'

/** With `answer`, a request gets the answer as the model writes it, also where the probabilities of labels decide. */
const decideHeader = 'x-hone-decide'

/** The request with what its headers say of how it is answered. @throws BodyFault for a value that says nothing */
export function withDecide<Request extends DialectRequest>(
  request: Request,
  headers: Readonly<Record<string, string>>,
): Request {
  const value = headers[decideHeader]
  if (value === undefined) return request
  if (value === 'answer') return { ...request, asWritten: true }
  throw new BodyFault('', `the header ${decideHeader} is "answer" or left out`)
}

/**
 * Told to the client: `likeliest; labels=8` or `corrected; tau=0.35; labels=8` where the probabilities of labels decide the answer.
 * Nothing where the answer is as the model writes it.
 */
export async function decisionHeaders(
  inference: InferenceService,
  target: InferenceTarget,
  request: DialectRequest,
): Promise<Record<string, string>> {
  const decision = await inference.labelDecision(target, { ...request, tools: offeredTools(request) })
  if (decision === undefined) return {}
  const { chosenOn, tau, labels } = decision
  const how = chosenOn === null ? 'likeliest' : `corrected; tau=${tau}`
  return { 'x-hone-label-decision': `${how}; labels=${labels.length}` }
}
