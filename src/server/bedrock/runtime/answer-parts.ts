import { HoneError } from '../../../core/errors.ts'
import { QueueFull } from '../../../service/serving/fair-queue.ts'
import { ThroughputExceeded } from '../../../service/serving/throughput.ts'
import {
  BodyFault,
  type DialectAnswer,
  type DialectPart,
  type DialectRequest,
} from '../../../wire/dialect-request.ts'
import { answerParts as partsOf, gatherAnswer } from '../../answer/answer-parts.ts'
import { AwsError } from '../../aws/aws-request.ts'
import type { BedrockContext } from '../bedrock-context.ts'
import { notFound, validationError } from '../bedrock-error.ts'
import type { RuntimeTarget } from './runtime-target.ts'

/** The answer of a target as the wire's parts. @param client who takes turns with others @throws AwsError; `signal.reason` */
export async function* answerParts(
  context: BedrockContext,
  target: RuntimeTarget,
  request: DialectRequest,
  signal: AbortSignal,
  client = '',
): AsyncGenerator<DialectPart> {
  try {
    yield* partsOf(context, target, request, signal, client)
  } catch (error) {
    throw toRuntimeError(error)
  }
}

const throttled = ({ message }: Error): AwsError =>
  new AwsError('ThrottlingException', 429, `Too many requests, please wait before trying again: ${message}.`)

export async function wholeAnswer(parts: AsyncIterable<DialectPart>): Promise<DialectAnswer> {
  const answer = await gatherAnswer(parts)
  if (answer !== undefined) return answer
  throw new AwsError('ModelErrorException', 424, 'The model gave no end of its answer.')
}

/** Input that the model cannot take is the caller's error; a worker's death is the model's. */
export function toRuntimeError(error: unknown): unknown {
  if (error instanceof BodyFault) {
    return validationError(
      `Malformed input request: #${error.pointer}: ${error.message}, please reformat your input and try again.`,
    )
  }
  if (error instanceof QueueFull || error instanceof ThroughputExceeded) return throttled(error)
  if (!HoneError.isInstance(error)) return error
  if (error.code === 'E_WORKER') {
    return new AwsError('ModelErrorException', 424, 'The model stopped while it answered. Try again.')
  }
  // Deleted while it was asked.
  if (error.code === 'E_MODEL_UNKNOWN') return notFound('The model that was asked does not exist any more.')
  if (error.exitStatus !== 2) return error
  const { pointer } = error.at
  return validationError(
    `Malformed input request: ${pointer === undefined ? '' : `#${pointer}: `}${error.message}`,
  )
}
