import { z } from 'zod'
import { BodyFault, type DialectRequest } from '../dialect-request.ts'
import { chatMessages } from './chat-messages.ts'
import {
  asking,
  given,
  metadata,
  onlyValues,
  requestSchema,
  sampling,
  stopTexts,
  toStop,
  unheeded,
  untilContextIsFull,
} from './request-schema.ts'
import { chatFormat, chatToolChoice, chatTools, toolMembers } from './tools.ts'

/** What a request of chat completions asks for. */
export interface ChatAsked {
  readonly model: string
  readonly request: DialectRequest
  /** Answers to the one conversation. */
  readonly choices: number
  readonly stream: boolean
  /** Whether the end of a stream tells the tokens. */
  readonly includeUsage: boolean
  /** As it was sent. */
  readonly body: unknown
}

const schema = requestSchema(
  {
    model: z.string().min(1),
    messages: chatMessages,
    ...sampling,
    max_tokens: z.int().min(1).nullish(),
    max_completion_tokens: z.int().min(1).nullish(),
    n: z.int().min(1).max(128).nullish(),
    seed: z.int().nullish(),
    stop: stopTexts,
    stream: z.boolean().nullish(),
    stream_options: z
      .object({ include_usage: z.boolean().nullish(), include_obfuscation: z.boolean().nullish() })
      .nullish(),
    logprobs: z.boolean().nullish(),
    top_logprobs: z.int().min(0).max(20).nullish(),
    tools: chatTools,
    tool_choice: chatToolChoice,
    parallel_tool_calls: z.boolean().nullish(),
    response_format: chatFormat,
    frequency_penalty: onlyValues([0]),
    presence_penalty: onlyValues([0]),
    logit_bias: onlyValues([{}]),
    modalities: onlyValues([['text']]),
    reasoning_effort: onlyValues(['none']),
    service_tier: onlyValues(['auto', 'default']),
    store: onlyValues([false]),
    verbosity: onlyValues(['medium']),
    metadata,
    prediction: unheeded,
    prompt_cache_key: unheeded,
    prompt_cache_options: unheeded,
    prompt_cache_retention: unheeded,
    safety_identifier: unheeded,
    user: unheeded,
  },
  {
    audio: 'answers are text',
    function_call: 'use tool_choice',
    functions: 'use tools',
    moderation: 'nothing is moderated here',
    web_search_options: 'nothing is searched for here',
  },
)

/**
 * The body of a chat completion, read.
 * Source: https://platform.openai.com/docs/api-reference/chat/create
 */
export const chatBody: z.ZodType<ChatAsked> = asking(schema, (body, sent): ChatAsked => ({
  model: body.model,
  request: toRequest(body),
  choices: body.n ?? 1,
  stream: body.stream ?? false,
  includeUsage: body.stream_options?.include_usage ?? false,
  body: sent,
}))

function toRequest(body: z.infer<typeof schema>): DialectRequest {
  const { max_tokens: most, max_completion_tokens: mostCompletion } = body
  if (typeof most === 'number' && typeof mostCompletion === 'number') {
    throw new BodyFault(
      '/max_tokens',
      "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
      'invalid_parameter_combination',
    )
  }
  if (body.stream_options !== null && body.stream_options !== undefined && body.stream !== true) {
    throw new BodyFault(
      '/stream_options',
      "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
    )
  }
  if (typeof body.top_logprobs === 'number' && body.logprobs !== true) {
    throw new BodyFault(
      '/top_logprobs',
      "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.",
    )
  }
  const stop = toStop(body.stop)
  return {
    messages: body.messages,
    maxTokens: mostCompletion ?? most ?? untilContextIsFull,
    ...toolMembers(body),
    ...given({
      temperature: body.temperature,
      topP: body.top_p,
      seed: body.seed,
      constraint: body.response_format,
      stop: stop.length === 0 ? undefined : stop,
      likeliestTokens: body.logprobs === true ? (body.top_logprobs ?? 0) : undefined,
    }),
  }
}
