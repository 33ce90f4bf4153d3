import { z } from 'zod'
import type { ChatPart, ChatRequest, FinishReason } from '../../core/chat-model.ts'
import { HoneError } from '../../core/errors.ts'
import type { JsonObject, Message } from '../../core/example.ts'
import { parseJson } from '../../lib/parse-json.ts'

/** Names of fields that servers disagree about. */
export interface CompletionDialect {
  /** Newer models of OpenAI take `max_completion_tokens` only, other servers know `max_tokens` only. */
  readonly limit: 'max_tokens' | 'max_completion_tokens'
  /** Reasoning models take their own temperature only. */
  readonly sendsTemperature: boolean
}

/** The body of `POST /chat/completions` (OpenAI API reference, "Create chat completion"). */
export function toCompletionRequest(
  model: string,
  request: ChatRequest,
  { limit, sendsTemperature }: CompletionDialect,
): JsonObject {
  const { messages, tools, maxTokens = 256, temperature = 0, topP, topK, seed, stop } = request
  return {
    model,
    messages: messages.map(toMessage),
    [limit]: maxTokens,
    ...(sendsTemperature ? { temperature } : {}),
    ...(topP === undefined ? {} : { top_p: topP }),
    // No field of OpenAI's own, but of most servers that speak its form.
    ...(topK === undefined || topK === 0 ? {} : { top_k: topK }),
    ...(seed === undefined ? {} : { seed }),
    ...(stop === undefined ? {} : { stop }),
    ...(tools === undefined
      ? {}
      : { tools: tools.map((tool) => ({ type: 'function', function: { parameters: {}, ...tool } })) }),
  }
}

function toMessage({ role, content, toolCalls, toolCallId, name }: Message): JsonObject {
  return {
    role,
    content: toolCalls === undefined || content !== '' ? content : null,
    ...(name === undefined ? {} : { name }),
    ...(toolCallId === undefined ? {} : { tool_call_id: toolCallId }),
    ...(toolCalls === undefined
      ? {}
      : {
          tool_calls: toolCalls.map((call) => ({
            id: call.id,
            type: 'function',
            function: { name: call.name, arguments: JSON.stringify(call.arguments) },
          })),
        }),
  }
}

const count = z.number().min(0)

// Only what is read; the rest may be anything.
const completion = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({
          content: z.string().nullish(),
          refusal: z.string().nullish(),
          tool_calls: z
            .array(
              z.object({ id: z.string(), function: z.object({ name: z.string(), arguments: z.string() }) }),
            )
            .nullish(),
        }),
        finish_reason: z.string().nullish(),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: count, completion_tokens: count }).nullish(),
})

const reasons: Readonly<Record<string, FinishReason>> = { length: 'length', tool_calls: 'tool-calls' }

/**
 * The parts of an answer.
 *
 * @throws HoneError `E_PROVIDER` for a body that is no completion, or does not say how many tokens it took
 */
export function fromCompletion(body: unknown): ChatPart[] {
  const parsed = completion.safeParse(body)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new HoneError(
      'E_PROVIDER',
      `the answer is no chat completion: /${issue?.path.join('/') ?? ''} ${issue?.message ?? ''}`,
    )
  }
  const { choices, usage } = parsed.data
  const { message, finish_reason: reason } = choices[0]!
  if (usage === null || usage === undefined) {
    throw new HoneError('E_PROVIDER', 'the answer does not say how many tokens it took ("usage" is missing)')
  }
  const text = message.content ?? message.refusal ?? ''
  return [
    ...(text === '' ? [] : [{ type: 'text-delta' as const, text }]),
    ...(message.tool_calls ?? []).map((call) => ({
      type: 'tool-call' as const,
      call: { id: call.id, name: call.function.name, arguments: argumentsOf(call.function.arguments) },
    })),
    {
      type: 'finish',
      reason: reasons[reason ?? ''] ?? 'stop',
      usage: { promptTokens: usage.prompt_tokens, completionTokens: usage.completion_tokens },
    },
  ]
}

/** A model may write arguments that are no object; the call then counts as one without any. */
function argumentsOf(text: string): JsonObject {
  try {
    const value: unknown = parseJson(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
  } catch {
    return {}
  }
}
