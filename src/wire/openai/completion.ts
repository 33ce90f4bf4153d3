import { z } from 'zod'
import { BodyFault, type DialectAnswer, type DialectRequest } from '../dialect-request.ts'
import type { AnswerToken } from '../../core/chat-model.ts'
import {
  cachedTokens,
  finishReasons,
  writeLogProbability,
  writeUsage,
  type CompletionContext,
  type IndexedPart,
} from './chat-answer.ts'
import {
  asking,
  given,
  onlyValues,
  requestSchema,
  sampling,
  stopTexts,
  toStop,
  unheeded,
} from './request-schema.ts'
import { tokenText } from './token-bytes.ts'

/** What a request of completions asks for. */
export interface CompletionAsked {
  readonly model: string
  /** A request for each answer: those to the first prompt, then those to the second. */
  readonly requests: readonly DialectRequest[]
  /** What each answer is shown after: its prompt, or nothing. */
  readonly shown: readonly string[]
  readonly stream: boolean
  readonly includeUsage: boolean
  /** As it was sent. */
  readonly body: unknown
}

const mostAnswers = 128

const schema = requestSchema(
  {
    model: z.string().min(1),
    prompt: z
      .union([z.string(), z.array(z.string()).min(1)], {
        error: 'expected a text or a list of texts; tokens are not taken',
      })
      .nullish(),
    ...sampling,
    max_tokens: z.int().min(1).nullish(),
    n: z.int().min(1).max(mostAnswers).nullish(),
    best_of: z.int().min(1).max(20).nullish(),
    echo: z.boolean().nullish(),
    logprobs: z.int().min(0).max(5).nullish(),
    seed: z.int().nullish(),
    stop: stopTexts,
    stream: z.boolean().nullish(),
    stream_options: z
      .object({ include_usage: z.boolean().nullish(), include_obfuscation: z.boolean().nullish() })
      .nullish(),
    frequency_penalty: onlyValues([0]),
    presence_penalty: onlyValues([0]),
    logit_bias: onlyValues([{}]),
    suffix: onlyValues(['']),
    user: unheeded,
  },
  {},
)

/**
 * The body of a completion, read. A prompt is asked as one turn of a user, which is how records of prompt and completion are
 * learned.
 * Source: https://platform.openai.com/docs/api-reference/completions/create
 */
export const completionBody: z.ZodType<CompletionAsked> = asking(schema, (body, sent): CompletionAsked => {
  const prompts = typeof body.prompt === 'string' ? [body.prompt] : (body.prompt ?? [''])
  const count = body.n ?? 1
  refuse(body, prompts.length * count)
  const each = prompts.flatMap((prompt) => Array.from({ length: count }, (_, index) => ({ prompt, index })))
  return {
    model: body.model,
    requests: each.map(({ prompt, index }) => toRequest(body, prompt, index)),
    shown: each.map(({ prompt }) => (body.echo === true ? prompt : '')),
    stream: body.stream ?? false,
    includeUsage: body.stream_options?.include_usage ?? false,
    body: sent,
  }
})

function refuse(body: z.infer<typeof schema>, answers: number): void {
  if (answers > mostAnswers) {
    throw new BodyFault(
      '/n',
      `The request asks for ${answers} answers, more than ${mostAnswers}.`,
      'invalid_value',
    )
  }
  if (typeof body.best_of === 'number' && body.best_of !== (body.n ?? 1)) {
    throw new BodyFault(
      '/best_of',
      `Unsupported value: 'best_of' is not supported with this model unless it is 'n'.`,
      'unsupported_value',
    )
  }
  if (body.echo === true && typeof body.logprobs === 'number') {
    throw new BodyFault(
      '/logprobs',
      "Unsupported parameter: 'logprobs' is not supported together with 'echo': those of a prompt are not computed.",
      'unsupported_parameter',
    )
  }
  if (body.stream_options !== null && body.stream_options !== undefined && body.stream !== true) {
    throw new BodyFault(
      '/stream_options',
      "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
    )
  }
}

function toRequest(body: z.infer<typeof schema>, prompt: string, index: number): DialectRequest {
  const stop = toStop(body.stop)
  return {
    messages: [{ role: 'user', content: prompt }],
    maxTokens: body.max_tokens ?? 16,
    ...given({
      temperature: body.temperature,
      topP: body.top_p,
      seed: typeof body.seed === 'number' ? body.seed + index : undefined,
      stop: stop.length === 0 ? undefined : stop,
      likeliestTokens: body.logprobs,
    }),
  }
}

/** A completion. Source: https://platform.openai.com/docs/api-reference/completions/object */
export function writeCompletion(
  answers: readonly DialectAnswer[],
  context: CompletionContext,
  { shown, requests }: Pick<CompletionAsked, 'shown' | 'requests'>,
): object {
  return {
    ...head(context),
    choices: answers.map((answer, index) => ({
      index,
      text: `${shown[index] ?? ''}${answer.text}`,
      logprobs: writeTokens(answer.tokens, 0),
      finish_reason: finishReasons[answer.stop],
    })),
    usage: usageOf(
      answers.map(({ usage }) => usage),
      requests,
    ),
  }
}

const head = ({ id, created, model, fingerprint }: CompletionContext): object => ({
  id: `cmpl-${id}`,
  object: 'text_completion',
  created,
  model,
  system_fingerprint: fingerprint,
})

/** Each prompt is read once, whatever is answered to it. */
function usageOf(usages: readonly DialectAnswer['usage'][], requests: readonly DialectRequest[]): object {
  const prompts = new Map<string, DialectAnswer['usage'][]>()
  for (const [at, { messages }] of requests.entries()) {
    const prompt = messages[0]?.content ?? ''
    const usage = usages[at]
    if (usage !== undefined) prompts.set(prompt, [...(prompts.get(prompt) ?? []), usage])
  }
  const sum = (count: (each: readonly DialectAnswer['usage'][]) => number): number =>
    [...prompts.values()].reduce((total, each) => total + count(each), 0)
  const inputTokens = sum((each) => each.at(-1)?.inputTokens ?? 0)
  const outputTokens = usages.reduce((total, usage) => total + usage.outputTokens, 0)
  return writeUsage([{ inputTokens, outputTokens, cached: { read: sum(cachedTokens), written: 0 } }])
}

/** @param from characters of the answer that stand before */
function writeTokens(tokens: readonly AnswerToken[] | undefined, from: number): object | null {
  if (tokens === undefined) return null
  let offset = from
  const offsets = tokens.map((token) => {
    const at = offset
    offset += tokenText(token).length
    return at
  })
  return {
    tokens: tokens.map(tokenText),
    token_logprobs: tokens.map(({ logProbability }) => writeLogProbability(logProbability)),
    top_logprobs: tokens.map(({ likeliest }) =>
      Object.fromEntries(
        likeliest.map((each) => [tokenText(each), writeLogProbability(each.logProbability)]),
      ),
    ),
    text_offset: offsets,
  }
}

/** The chunks of a stream. */
export async function* completionChunks(
  parts: AsyncIterable<IndexedPart>,
  context: CompletionContext,
  { shown, requests, includeUsage }: Pick<CompletionAsked, 'shown' | 'requests' | 'includeUsage'>,
): AsyncGenerator<object> {
  const usages: DialectAnswer['usage'][] = []
  const lengths = shown.map(() => 0)
  const begun = shown.map((text) => text === '')
  const chunk = (choices: readonly object[], usage: object | null = null): object => ({
    ...head(context),
    choices,
    ...(includeUsage ? { usage } : {}),
  })
  for await (const { index, item } of parts) {
    if (begun[index] !== true) {
      begun[index] = true
      yield chunk([{ index, text: shown[index], logprobs: null, finish_reason: null }])
    }
    if (item.type === 'text') {
      const logprobs = writeTokens(item.tokens, lengths[index] ?? 0)
      lengths[index] = (lengths[index] ?? 0) + item.text.length
      yield chunk([{ index, text: item.text, logprobs, finish_reason: null }])
    } else if (item.type === 'end') {
      usages[index] = item.usage
      yield chunk([{ index, text: '', logprobs: null, finish_reason: finishReasons[item.stop] }])
    }
  }
  if (includeUsage) yield chunk([], usageOf(usages, requests))
}
