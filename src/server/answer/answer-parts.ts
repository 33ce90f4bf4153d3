import type { ChatPart, ToolChoice } from '../../core/chat-model.ts'
import type { Tool } from '../../core/example.ts'
import type { Endpoint } from '../../service/serving/endpoint-service.ts'
import type {
  InferenceRequest,
  InferenceService,
  InferenceTarget,
} from '../../service/serving/inference-service.ts'
import type { Throughput } from '../../service/serving/throughput.ts'
import {
  BodyFault,
  type DialectAnswer,
  type DialectPart,
  type DialectRequest,
} from '../../wire/dialect-request.ts'

/** What a request is answered by. */
export interface AnswerTarget extends InferenceTarget {
  readonly baseIdentifier: string
  /** The endpoint that was called; undefined for a model on demand. */
  readonly endpoint?: Endpoint
}

export interface AnswerContext {
  readonly inference: InferenceService
  readonly throughput: Throughput
}

/**
 * The answer of a target as the wire's parts.
 *
 * @param client who takes turns with others
 * @throws HoneError; BodyFault for what cannot be kept to; QueueFull; ThroughputExceeded; `signal.reason`
 */
export async function* answerParts(
  context: AnswerContext,
  target: AnswerTarget,
  request: DialectRequest,
  signal: AbortSignal,
  client = '',
): AsyncGenerator<DialectPart> {
  using place = enter(context, target)
  for await (const part of context.inference.chat(target, toChatRequest(request), signal, client)) {
    if (part.type === 'finish') place?.spend(part.usage.promptTokens + part.usage.completionTokens)
    const told = toDialectPart(part)
    if (told !== undefined) yield told
  }
}

/** A place at a provisioned throughput; a model on demand has no limit but the machine's. */
function enter(
  { throughput }: AnswerContext,
  { endpoint }: AnswerTarget,
): ReturnType<Throughput['enter']> | undefined {
  const units = endpoint?.document.units
  if (endpoint === undefined || units === undefined || units === null) return undefined
  return throughput.enter(endpoint.id, units)
}

function toChatRequest(request: DialectRequest): InferenceRequest {
  const {
    messages,
    continuesAnswer,
    maxTokens,
    temperature = 1,
    topP,
    topK,
    stop,
    seed,
    likeliestTokens,
    constraint,
    oneCall,
    strictTools,
    asWritten,
  } = request
  const tools = offeredTools(request)
  const toolChoice = demandedTool(request)
  return {
    messages,
    maxTokens,
    temperature,
    ...(tools.length === 0 ? {} : { tools }),
    ...(toolChoice === undefined ? {} : { toolChoice }),
    ...(continuesAnswer === undefined ? {} : { continuesAnswer }),
    ...(oneCall === undefined ? {} : { oneCall }),
    ...(strictTools === undefined ? {} : { strictTools }),
    ...(constraint === undefined ? {} : { constraint }),
    ...(topP === undefined ? {} : { topP }),
    ...(topK === undefined ? {} : { topK }),
    ...(stop === undefined ? {} : { stop }),
    ...(seed === undefined ? {} : { seed }),
    ...(likeliestTokens === undefined ? {} : { likeliestTokens }),
    ...(asWritten === undefined ? {} : { asWritten }),
  }
}

/** @returns undefined for a part that tells nothing */
function toDialectPart(part: ChatPart): DialectPart | undefined {
  if (part.type === 'tool-call') return part
  if (part.type === 'text-delta') {
    const { text, tokens } = part
    if (text === '' && tokens === undefined) return undefined
    return { type: 'text', text, ...(tokens === undefined ? {} : { tokens }) }
  }
  const { promptTokens, completionTokens, cache } = part.usage
  return {
    type: 'end',
    stop: part.stopSequence === undefined ? stopOf[part.reason] : 'stop-sequence',
    usage: {
      inputTokens: promptTokens,
      outputTokens: completionTokens,
      ...(cache === undefined ? {} : { cached: { read: cache.readTokens, written: cache.writtenTokens } }),
    },
    ...(part.stopSequence === undefined ? {} : { stopSequence: part.stopSequence }),
  }
}

const stopOf = { stop: 'end', length: 'length', 'tool-calls': 'tool-call' } as const

/**
 * The tools that the model is told of. With the choice `none` it is told of none, so that it calls none.
 *
 * @throws BodyFault for a choice among none, or of one that is not offered
 */
export function offeredTools({
  tools = [],
  toolChoice,
}: Pick<DialectRequest, 'tools' | 'toolChoice'>): readonly Tool[] {
  if (toolChoice === undefined) return tools
  if (tools.length === 0) {
    throw new BodyFault('/tool_choice', 'a tool choice may only be specified while providing tools')
  }
  if (toolChoice === 'none') return []
  if (typeof toolChoice === 'object' && !tools.some(({ name }) => name === toolChoice.name)) {
    throw new BodyFault(
      '/tool_choice',
      `the tool choice ${JSON.stringify(toolChoice.name)} is not among the tools`,
    )
  }
  return tools
}

/** What the answer must call, if anything. */
function demandedTool({ toolChoice }: DialectRequest): ToolChoice | undefined {
  if (toolChoice === 'any') return 'required'
  return typeof toolChoice === 'object' ? toolChoice : undefined
}

/** @returns undefined where the parts have no end */
export async function gatherAnswer(parts: AsyncIterable<DialectPart>): Promise<DialectAnswer | undefined> {
  const gathered = new GatheredAnswer()
  for await (const part of parts) {
    const answer = gathered.add(part)
    if (answer !== undefined) return answer
  }
  return undefined
}

/** The parts of an answer, unchanged; the whole is given at its end. */
export async function* gathering(
  parts: AsyncIterable<DialectPart>,
  atEnd: (answer: DialectAnswer) => void,
): AsyncGenerator<DialectPart> {
  const gathered = new GatheredAnswer()
  for await (const part of parts) {
    const answer = gathered.add(part)
    yield part
    if (answer !== undefined) atEnd(answer)
  }
}

class GatheredAnswer {
  readonly #texts: string[] = []
  readonly #toolCalls: DialectAnswer['toolCalls'][number][] = []
  #tokens: DialectAnswer['tokens'] | undefined

  /** @returns the answer with its last part */
  add(part: DialectPart): DialectAnswer | undefined {
    if (part.type === 'text') {
      this.#texts.push(part.text)
      if (part.tokens !== undefined) this.#tokens = [...(this.#tokens ?? []), ...part.tokens]
      return undefined
    }
    if (part.type === 'tool-call') {
      this.#toolCalls.push(part.call)
      return undefined
    }
    const { type: _, ...end } = part
    return {
      text: this.#texts.join(''),
      toolCalls: this.#toolCalls,
      ...end,
      ...(this.#tokens === undefined ? {} : { tokens: this.#tokens }),
    }
  }
}
