import { HoneError } from '../../../core/errors.ts'
import type { Tool } from '../../../core/example.ts'
import { QueueFull } from '../../../service/serving/fair-queue.ts'
import { ThroughputExceeded } from '../../../service/serving/throughput.ts'
import {
  BodyFault,
  type DialectAnswer,
  type DialectPart,
  type DialectRequest,
} from '../../../wire/dialect-request.ts'
import { AwsError } from '../../aws/aws-request.ts'
import type { BedrockContext } from '../bedrock-context.ts'
import { validationError } from '../bedrock-error.ts'
import type { RuntimeTarget } from './runtime-target.ts'

/** The answer of a target as the wire's parts. @param client who takes turns with others @throws AwsError; `signal.reason` */
export async function* answerParts(
  context: BedrockContext,
  target: RuntimeTarget,
  request: DialectRequest,
  signal: AbortSignal,
  client = '',
): AsyncGenerator<DialectPart> {
  using place = enter(context, target)
  for await (const part of modelParts(context, target, request, signal, client)) {
    if (part.type === 'end') place?.spend(part.usage.inputTokens + part.usage.outputTokens)
    yield part
  }
}

/** A place at a provisioned throughput; a base on demand has no limit but the machine's. */
function enter(
  { throughput }: BedrockContext,
  { endpoint }: RuntimeTarget,
): ReturnType<BedrockContext['throughput']['enter']> | undefined {
  const units = endpoint?.document.units
  if (endpoint === undefined || units === undefined || units === null) return undefined
  try {
    return throughput.enter(endpoint.id, units)
  } catch (error) {
    if (!(error instanceof ThroughputExceeded)) throw error
    throw throttled(error)
  }
}

const throttled = ({ message }: Error): AwsError =>
  new AwsError('ThrottlingException', 429, `Too many requests, please wait before trying again: ${message}.`)

async function* modelParts(
  { inference }: BedrockContext,
  target: RuntimeTarget,
  request: DialectRequest,
  signal: AbortSignal,
  client: string,
): AsyncGenerator<DialectPart> {
  const { messages, maxTokens, temperature = 1, topP, topK, stop } = request
  const tools = offeredTools(request)
  try {
    const parts = inference.chat(
      target,
      {
        messages,
        maxTokens,
        temperature,
        ...(tools.length === 0 ? {} : { tools }),
        ...(topP === undefined ? {} : { topP }),
        ...(topK === undefined ? {} : { topK }),
        ...(stop === undefined ? {} : { stop }),
      },
      signal,
      client,
    )
    for await (const part of parts) {
      if (part.type === 'text-delta') {
        if (part.text !== '') yield { type: 'text', text: part.text }
      } else if (part.type === 'tool-call') yield part
      else {
        const { promptTokens, completionTokens, cache } = part.usage
        yield {
          type: 'end',
          stop: part.stopSequence === undefined ? stopOf[part.reason] : 'stop-sequence',
          usage: {
            inputTokens: promptTokens,
            outputTokens: completionTokens,
            ...(cache === undefined
              ? {}
              : { cached: { read: cache.readTokens, written: cache.writtenTokens } }),
          },
          ...(part.stopSequence === undefined ? {} : { stopSequence: part.stopSequence }),
        }
      }
    }
  } catch (error) {
    throw toRuntimeError(error)
  }
}

const stopOf = { stop: 'end', length: 'length', 'tool-calls': 'tool-call' } as const

/**
 * The tools that the model is told of. With the choice `none` it is told of none, so that it calls none.
 *
 * @throws AwsError for a choice that only a constrained answer could keep to
 */
export function offeredTools({ tools = [], toolChoice }: DialectRequest): readonly Tool[] {
  if (toolChoice === undefined) return tools
  if (tools.length === 0) throw validationError('A tool choice may only be specified while providing tools.')
  if (toolChoice === 'none') return []
  if (toolChoice === 'auto') return tools
  const asked = toolChoice === 'any' ? toolChoice : toolChoice.name
  throw validationError(
    `This model cannot be made to call a tool: the tool choice ${JSON.stringify(asked)} is not supported, use auto or none.`,
  )
}

export async function wholeAnswer(parts: AsyncIterable<DialectPart>): Promise<DialectAnswer> {
  const texts: string[] = []
  const toolCalls: DialectAnswer['toolCalls'][number][] = []
  for await (const part of parts) {
    if (part.type === 'text') texts.push(part.text)
    else if (part.type === 'tool-call') toolCalls.push(part.call)
    else {
      const { type: _, ...end } = part
      return { text: texts.join(''), toolCalls, ...end }
    }
  }
  throw new AwsError('ModelErrorException', 424, 'The model gave no end of its answer.')
}

/** Input that the model cannot take is the caller's error; a worker's death is the model's. */
export function toRuntimeError(error: unknown): unknown {
  if (error instanceof BodyFault) {
    return validationError(
      `Malformed input request: #${error.pointer}: ${error.message}, please reformat your input and try again.`,
    )
  }
  if (error instanceof QueueFull) return throttled(error)
  if (!HoneError.isInstance(error)) return error
  if (error.code === 'E_WORKER') {
    return new AwsError('ModelErrorException', 424, 'The model stopped while it answered. Try again.')
  }
  if (error.exitStatus !== 2) return error
  const { pointer } = error.at
  return validationError(
    `Malformed input request: ${pointer === undefined ? '' : `#${pointer}: `}${error.message}`,
  )
}
