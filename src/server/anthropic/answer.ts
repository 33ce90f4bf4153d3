import type { Tool } from '../../core/example.ts'
import type { NamedModel } from '../../service/serving/model-directory.ts'
import {
  BodyFault,
  type DialectAnswer,
  type DialectPart,
  type DialectRequest,
} from '../../wire/dialect-request.ts'
import type { AnthropicContext } from './anthropic-context.ts'

type Answering = Pick<AnthropicContext, 'inference' | 'throughput'>

/**
 * The answer of a model as the wire's parts.
 *
 * @param client who takes turns with others
 * @throws HoneError, QueueFull, ThroughputExceeded; `signal.reason`
 */
export async function* answerParts(
  { inference, throughput }: Answering,
  model: NamedModel,
  request: DialectRequest,
  signal: AbortSignal,
  client = '',
): AsyncGenerator<DialectPart> {
  const { endpoint } = model
  const units = endpoint?.document.units
  using place =
    endpoint === undefined || units === undefined || units === null
      ? undefined
      : throughput.enter(endpoint.id, units)
  const { messages, maxTokens, temperature = 1, topP, topK, stop } = request
  const tools = offeredTools(request)
  const parts = inference.chat(
    model,
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
      place?.spend(promptTokens + completionTokens)
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
}

const stopOf = { stop: 'end', length: 'length', 'tool-calls': 'tool-call' } as const

/**
 * The tools that the model is told of. With the choice `none` it is told of none, so that it calls none.
 *
 * @throws BodyFault for a choice that only a constrained answer could keep to
 */
export function offeredTools({
  tools = [],
  toolChoice,
}: Pick<DialectRequest, 'tools' | 'toolChoice'>): readonly Tool[] {
  if (toolChoice === undefined) return tools
  if (tools.length === 0) throw new BodyFault('/tool_choice', 'a choice of tools is given, and no tools')
  if (toolChoice === 'none') return []
  if (toolChoice === 'auto') return tools
  const asked = toolChoice === 'any' ? toolChoice : 'tool'
  throw new BodyFault(
    '/tool_choice',
    `this model cannot be made to call a tool: ${JSON.stringify(asked)} is not supported, use auto or none`,
  )
}

/** @throws what the parts throw */
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
  throw new Error('the model gave no end of its answer')
}
