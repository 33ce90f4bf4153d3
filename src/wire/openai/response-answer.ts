import type { AnswerToken } from '../../core/chat-model.ts'
import type { JsonObject, ToolCall } from '../../core/example.ts'
import type { DialectAnswer, DialectPart } from '../dialect-request.ts'
import { writeAnswerToken, type CompletionContext } from './chat-answer.ts'

/** What a response says again of its request. */
type Sent = JsonObject

/** A response is known by what a completion is known by. */
export type ResponseContext = Pick<CompletionContext, 'id' | 'created' | 'model'>

type Status = 'in_progress' | 'completed' | 'incomplete' | 'failed'

/** A response. Source: https://platform.openai.com/docs/api-reference/responses/object */
export function writeResponse(answer: DialectAnswer, context: ResponseContext, sent: Sent): JsonObject {
  return {
    ...response(context, sent, statusOf(answer)),
    incomplete_details: answer.stop === 'length' ? { reason: 'max_output_tokens' } : null,
    output: writeOutput(answer, context),
    usage: writeUsage(answer.usage),
  }
}

const statusOf = ({ stop }: Pick<DialectAnswer, 'stop'>): 'completed' | 'incomplete' =>
  stop === 'length' ? 'incomplete' : 'completed'

function response({ id, created, model }: ResponseContext, sent: Sent, status: Status): JsonObject {
  const said = (name: string, usual: unknown = null): unknown => sent[name] ?? usual
  const text = said('text', {}) as Sent
  return {
    id: `resp_${id}`,
    object: 'response',
    created_at: created,
    status,
    background: false,
    error: null,
    incomplete_details: null,
    instructions: said('instructions'),
    max_output_tokens: said('max_output_tokens'),
    max_tool_calls: null,
    metadata: said('metadata', {}),
    model,
    output: [],
    parallel_tool_calls: said('parallel_tool_calls', true),
    previous_response_id: said('previous_response_id'),
    prompt_cache_key: said('prompt_cache_key'),
    reasoning: { effort: null, summary: null },
    safety_identifier: said('safety_identifier'),
    service_tier: 'default',
    store: said('store', true),
    temperature: said('temperature', 1),
    text: { verbosity: 'medium', ...text, format: text['format'] ?? { type: 'text' } },
    tool_choice: said('tool_choice', 'auto'),
    tools: said('tools', []),
    top_logprobs: said('top_logprobs', 0),
    top_p: said('top_p', 1),
    truncation: 'disabled',
    usage: null,
    user: said('user'),
  }
}

const writeUsage = ({ inputTokens, outputTokens, cached }: DialectAnswer['usage']): object => ({
  input_tokens: inputTokens,
  input_tokens_details: { cached_tokens: cached?.read ?? 0, cache_write_tokens: cached?.written ?? 0 },
  output_tokens: outputTokens,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: inputTokens + outputTokens,
})

/** An answer without a word and without a call still has its one message. */
const writeOutput = (answer: DialectAnswer, { id }: ResponseContext): object[] => [
  ...(answer.text === '' && answer.toolCalls.length > 0
    ? []
    : [writeMessage(id, statusOf(answer), [writeText(answer.text, answer.tokens)])]),
  ...answer.toolCalls.map((call, at) => writeCall(id, at, call)),
]

const writeMessage = (id: string, status: Status, content: readonly object[]): object => ({
  id: `msg_${id}`,
  type: 'message',
  status,
  role: 'assistant',
  content,
})

const writeText = (text: string, tokens: readonly AnswerToken[] = []): object => ({
  type: 'output_text',
  annotations: [],
  logprobs: tokens.map(writeAnswerToken),
  text,
})

const callId = (id: string, at: number): string => `fc_${id}${at === 0 ? '' : `_${at}`}`

const writeCall = (id: string, at: number, call: ToolCall, status: Status = 'completed'): object => ({
  id: callId(id, at),
  type: 'function_call',
  status,
  call_id: call.id,
  name: call.name,
  arguments: status === 'in_progress' ? '' : JSON.stringify(call.arguments),
})

/** An event of a stream, but for its number. */
type Event = { readonly type: string } & JsonObject

/**
 * The events of a stream, in the order that the API documents.
 * Source: https://platform.openai.com/docs/api-reference/responses-streaming
 *
 * @param toFailure what is said of a failure in the middle; one that is thrown where it says nothing
 */
export async function* responseEvents(
  parts: AsyncIterable<DialectPart>,
  context: ResponseContext,
  sent: Sent,
  toFailure: (error: unknown) => { readonly code: string; readonly message: string } | undefined,
): AsyncGenerator<Event & { readonly sequence_number: number }> {
  let sequence = 0
  const numbered = (event: Event): Event & { readonly sequence_number: number } => ({
    ...event,
    sequence_number: sequence++,
  })
  const started = response(context, sent, 'in_progress')
  yield numbered({ type: 'response.created', response: started })
  yield numbered({ type: 'response.in_progress', response: started })
  try {
    for await (const event of answerEvents(parts, context, sent)) yield numbered(event)
  } catch (error) {
    const failure = toFailure(error)
    if (failure === undefined) throw error
    const failed = { ...response(context, sent, 'failed'), error: failure }
    yield numbered({ type: 'response.failed', response: failed })
  }
}

async function* answerEvents(
  parts: AsyncIterable<DialectPart>,
  context: ResponseContext,
  sent: Sent,
): AsyncGenerator<Event> {
  const { id } = context
  const texts: string[] = []
  const tokens: AnswerToken[] = []
  const calls: ToolCall[] = []
  let message: 'none' | 'open' | 'done' = 'none'
  const place = { item_id: `msg_${id}`, output_index: 0, content_index: 0 }
  const open = (): Event[] => [
    added(0, writeMessage(id, 'in_progress', [])),
    { type: 'response.content_part.added', ...place, part: writeText('') },
  ]
  const done = (status: Status): Event[] => {
    const text = texts.join('')
    const part = writeText(text, tokens)
    const logprobs = tokens.map(writeAnswerToken)
    return [
      { type: 'response.output_text.done', ...place, text, logprobs },
      { type: 'response.content_part.done', ...place, part },
      { type: 'response.output_item.done', output_index: 0, item: writeMessage(id, status, [part]) },
    ]
  }
  for await (const part of parts) {
    if (part.type === 'text') {
      if (message === 'none') yield* open()
      message = 'open'
      texts.push(part.text)
      tokens.push(...(part.tokens ?? []))
      const logprobs = (part.tokens ?? []).map(writeAnswerToken)
      yield { type: 'response.output_text.delta', ...place, delta: part.text, logprobs }
    } else if (part.type === 'tool-call') {
      if (message === 'open') yield* done('completed')
      if (message === 'open') message = 'done'
      yield* callEvents(id, calls.length, part.call, calls.length + (message === 'done' ? 1 : 0))
      calls.push(part.call)
    } else {
      if (message === 'none' && calls.length === 0) {
        yield* open()
        message = 'open'
      }
      if (message === 'open') yield* done(statusOf(part))
      const { type: _, ...end } = part
      const answer = { text: texts.join(''), toolCalls: calls, tokens, ...end }
      yield { type: `response.${statusOf(part)}`, response: writeResponse(answer, context, sent) }
    }
  }
}

const added = (index: number, item: object): Event => ({
  type: 'response.output_item.added',
  output_index: index,
  item,
})

function* callEvents(id: string, at: number, call: ToolCall, index: number): Generator<Event> {
  const place = { item_id: callId(id, at), output_index: index }
  const json = JSON.stringify(call.arguments)
  yield added(index, writeCall(id, at, call, 'in_progress'))
  yield { type: 'response.function_call_arguments.delta', ...place, delta: json }
  yield { type: 'response.function_call_arguments.done', ...place, name: call.name, arguments: json }
  yield { type: 'response.output_item.done', output_index: index, item: writeCall(id, at, call) }
}
