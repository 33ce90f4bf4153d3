import type { AnswerToken, TokenLogProbability } from '../../core/chat-model.ts'
import type { ToolCall } from '../../core/example.ts'
import type { DialectAnswer, DialectPart, DialectStop } from '../dialect-request.ts'
import { tokenText } from './token-bytes.ts'

/** What the answer to a request of chat completions or completions is known by. */
export interface CompletionContext {
  /** Unique for the request, letters and digits. */
  readonly id: string
  /** Seconds since 1970. */
  readonly created: number
  /** Id of the model that answers. */
  readonly model: string
  /** Changes where the same seed gives another answer. */
  readonly fingerprint: string
}

export const finishReasons: Readonly<Record<DialectStop, string>> = {
  end: 'stop',
  length: 'length',
  'stop-sequence': 'stop',
  'tool-call': 'tool_calls',
}

/** A chat completion. Source: https://platform.openai.com/docs/api-reference/chat/object */
export function writeChatCompletion(answers: readonly DialectAnswer[], context: CompletionContext): object {
  return {
    id: `chatcmpl-${context.id}`,
    object: 'chat.completion',
    created: context.created,
    model: context.model,
    choices: answers.map((answer, index) => ({
      index,
      message: {
        role: 'assistant',
        content: answer.text === '' && answer.toolCalls.length > 0 ? null : answer.text,
        ...(answer.toolCalls.length === 0 ? {} : { tool_calls: answer.toolCalls.map(writeCall) }),
        refusal: null,
        annotations: [],
      },
      logprobs: writeTokens(answer.tokens),
      finish_reason: finishReasons[answer.stop],
    })),
    usage: writeUsage(answers.map(({ usage }) => usage)),
    service_tier: 'default',
    system_fingerprint: context.fingerprint,
  }
}

const writeCall = ({ id, name, arguments: given }: ToolCall): object => ({
  id,
  type: 'function',
  function: { name, arguments: JSON.stringify(given) },
})

/** Tokens of several answers to one conversation, which was read once. */
export function writeUsage(usages: readonly DialectAnswer['usage'][]): object {
  const input = Math.max(0, ...usages.map(({ inputTokens }) => inputTokens))
  const output = usages.reduce((sum, { outputTokens }) => sum + outputTokens, 0)
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cachedTokens(usages), audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  }
}

/** Prompt tokens that were there already: where several answers share a prompt, it was read for the one that found least. */
export const cachedTokens = (usages: readonly DialectAnswer['usage'][]): number =>
  usages.length === 0 ? 0 : Math.min(...usages.map(({ cached }) => cached?.read ?? 0))

const writeTokens = (tokens: readonly AnswerToken[] | undefined): object | null =>
  tokens === undefined ? null : { content: tokens.map(writeAnswerToken), refusal: null }

/** A token of an answer, with the likeliest ones at its place. */
export const writeAnswerToken = (token: AnswerToken): object => ({
  ...writeToken(token),
  top_logprobs: token.likeliest.map(writeToken),
})

const writeToken = (token: TokenLogProbability): object => ({
  token: tokenText(token),
  logprob: writeLogProbability(token.logProbability),
  bytes: token.bytes,
})

/** JSON has no infinity; this is what the API writes for what is next to impossible. */
export const writeLogProbability = (value: number): number => (value < -9999 ? -9999 : value)

/** A part of one of several answers. */
export interface IndexedPart {
  readonly index: number
  readonly item: DialectPart
}

/**
 * The chunks of a stream, in the order that the API documents.
 * Source: https://platform.openai.com/docs/api-reference/chat/streaming
 *
 * @param choices how many answers the parts are of
 */
export async function* chatCompletionChunks(
  parts: AsyncIterable<IndexedPart>,
  context: CompletionContext,
  { choices, includeUsage }: { readonly choices: number; readonly includeUsage: boolean },
): AsyncGenerator<object> {
  const chunk = (choice: object[], usage: object | null = null): object => ({
    id: `chatcmpl-${context.id}`,
    object: 'chat.completion.chunk',
    created: context.created,
    model: context.model,
    service_tier: 'default',
    system_fingerprint: context.fingerprint,
    choices: choice,
    ...(includeUsage ? { usage } : {}),
  })
  const delta = (
    index: number,
    members: object,
    logprobs: object | null = null,
    reason: string | null = null,
  ) => chunk([{ index, delta: members, logprobs, finish_reason: reason }])
  const calls = Array.from({ length: choices }, () => 0)
  const begun = Array.from({ length: choices }, () => false)
  const usages: DialectAnswer['usage'][] = []
  for await (const { index, item: part } of parts) {
    if (begun[index] !== true) {
      begun[index] = true
      const content = part.type === 'tool-call' ? null : ''
      yield delta(index, { role: 'assistant', content, refusal: null })
    }
    if (part.type === 'text') yield delta(index, { content: part.text }, writeTokens(part.tokens))
    else if (part.type === 'tool-call') {
      const at = calls[index] ?? 0
      calls[index] = at + 1
      const { id, name, arguments: given } = part.call
      const head = { index: at, id, type: 'function', function: { name, arguments: '' } }
      yield delta(index, { tool_calls: [head] })
      const rest = { index: at, function: { arguments: JSON.stringify(given) } }
      yield delta(index, { tool_calls: [rest] })
    } else {
      usages.push(part.usage)
      yield delta(index, {}, null, finishReasons[part.stop])
    }
  }
  if (includeUsage) yield chunk([], writeUsage(usages))
}
