import { z } from 'zod'
import type { Message } from '../../core/example.ts'
import type { DialectRequest } from '../dialect-request.ts'
import {
  asking,
  given,
  metadata,
  onlyValues,
  requestSchema,
  sampling,
  unheeded,
  untilContextIsFull,
} from './request-schema.ts'
import { responseInput, type SentItem } from './response-items.ts'
import { responseFormat, responseToolChoice, responseTools, toolMembers } from './tools.ts'

/** What a request of responses asks for. */
export interface ResponseAsked {
  readonly model: string
  readonly input: readonly SentItem[]
  /** Id of the response that the input goes on from. */
  readonly previous: string | undefined
  /** Whether it is kept, so that it can be asked for again. */
  readonly isStored: boolean
  readonly stream: boolean
  /** What the model is asked for, with the messages that the items of the conversation are. */
  toRequest(messages: readonly Message[]): DialectRequest
  /** As it was sent. */
  readonly body: Readonly<Record<string, unknown>>
}

/** What the model reads, and how its answer begins. */
const read = {
  model: z.string().min(1),
  instructions: z.string().nullish(),
  tools: responseTools,
  tool_choice: responseToolChoice,
  parallel_tool_calls: z.boolean().nullish(),
  text: z.object({ format: responseFormat, verbosity: onlyValues(['medium']) }).nullish(),
  reasoning: onlyValues([{}, { effort: 'none' }, { effort: null }]),
  previous_response_id: z.string().min(1).max(200).nullish(),
  truncation: onlyValues(['disabled']),
}

const noConversations = 'conversations are not kept here, go on by previous_response_id'

const schema = requestSchema(
  {
    ...read,
    input: responseInput,
    ...sampling,
    max_output_tokens: z.int().min(1).nullish(),
    stream: z.boolean().nullish(),
    stream_options: z.object({ include_obfuscation: z.boolean().nullish() }).nullish(),
    include: z
      .array(
        z.literal('message.output_text.logprobs', {
          error: ({ input }) =>
            `Unsupported value: ${JSON.stringify(input)?.slice(0, 60)} is not supported with this model. Only "message.output_text.logprobs" is supported.`,
        }),
      )
      .nullish(),
    top_logprobs: z.int().min(0).max(20).nullish(),
    background: onlyValues([false]),
    service_tier: onlyValues(['auto', 'default']),
    store: z.boolean().nullish(),
    metadata,
    prompt_cache_key: unheeded,
    prompt_cache_options: unheeded,
    prompt_cache_retention: unheeded,
    safety_identifier: unheeded,
    user: unheeded,
  },
  {
    context_management: 'send what is to be read',
    conversation: noConversations,
    max_tool_calls: 'tools are run by their owners',
    moderation: 'nothing is moderated here',
    prompt: 'prompts are not stored here, send their text',
  },
)

/**
 * The body of a response, read.
 * Source: https://platform.openai.com/docs/api-reference/responses/create
 */
export const responseBody: z.ZodType<ResponseAsked> = asking(schema, (body, sent): ResponseAsked => ({
  model: body.model,
  input: body.input,
  previous: body.previous_response_id ?? undefined,
  isStored: body.store ?? true,
  toRequest: (messages) => toRequest(body, messages),
  stream: body.stream ?? false,
  body: sent,
}))

/** What a request asks to be counted. */
export type CountAsked = Pick<ResponseAsked, 'model' | 'input' | 'previous'> & {
  toRequest(messages: readonly Message[]): Pick<DialectRequest, 'messages' | 'tools' | 'toolChoice'>
}

/**
 * The body of a request that only counts what a response would read.
 * Source: https://platform.openai.com/docs/api-reference/responses/input-tokens
 */
export const countBody: z.ZodType<CountAsked> = asking(
  requestSchema(
    { ...read, input: responseInput.nullish() },
    { conversation: noConversations, personality: 'say it in instructions' },
  ),
  (body): CountAsked => ({
    model: body.model,
    input: body.input ?? [],
    previous: body.previous_response_id ?? undefined,
    toRequest: (messages) => ({ messages: withInstructions(body, messages), ...toolMembers(body) }),
  }),
)

/** Instructions of the responses before are not carried over. */
const withInstructions = (
  { instructions }: { readonly instructions?: string | null | undefined },
  messages: readonly Message[],
): readonly Message[] => [
  ...(typeof instructions === 'string' && instructions !== ''
    ? [{ role: 'system' as const, content: instructions }]
    : []),
  ...messages,
]

function toRequest(body: z.infer<typeof schema>, messages: readonly Message[]): DialectRequest {
  const isTold = (body.include ?? []).length > 0 || (body.top_logprobs ?? 0) > 0
  return {
    messages: withInstructions(body, messages),
    maxTokens: body.max_output_tokens ?? untilContextIsFull,
    ...toolMembers(body),
    ...given({
      temperature: body.temperature,
      topP: body.top_p,
      constraint: body.text?.format,
      likeliestTokens: isTold ? (body.top_logprobs ?? 0) : undefined,
    }),
  }
}
