import { z } from 'zod'
import type { Media, Message, Part, ToolCall } from '../../core/example.ts'
import {
  BodyFault,
  type AnswerContext,
  type BodyCodec,
  type DialectAnswer,
  type DialectPart,
  type DialectRequest,
  type DialectStop,
} from '../dialect-request.ts'
import { readWith } from '../read-body.ts'

const cacheControl = z.object({ type: z.string() }).nullish()
const textBlock = z.object({ type: z.literal('text'), text: z.string(), cache_control: cacheControl })
const imageBlock = z.object({
  type: z.literal('image'),
  source: z.union([
    z.object({ type: z.literal('base64'), media_type: z.string(), data: z.string() }),
    z.object({ type: z.literal('url'), url: z.string() }),
  ]),
  cache_control: cacheControl,
})
const toolUseBlock = z.object({
  type: z.literal('tool_use'),
  id: z.string().min(1),
  name: z.string().min(1),
  input: z.record(z.string(), z.unknown()),
  cache_control: cacheControl,
})
const toolResultBlock = z.object({
  type: z.literal('tool_result'),
  tool_use_id: z.string().min(1),
  content: z.union([z.string(), z.array(z.union([textBlock, imageBlock]))]).optional(),
  is_error: z.boolean().optional(),
  cache_control: cacheControl,
})

const block = z.discriminatedUnion('type', [textBlock, imageBlock, toolUseBlock, toolResultBlock])
type Block = z.infer<typeof block>

const message = z.object({
  role: z.enum(['user', 'assistant']),
  content: z.union([z.string(), z.array(block)]),
})

const toolChoice = z.discriminatedUnion('type', [
  z.object({ type: z.literal('auto'), disable_parallel_tool_use: z.boolean().optional() }),
  z.object({ type: z.literal('any'), disable_parallel_tool_use: z.boolean().optional() }),
  z.object({ type: z.literal('none') }),
  z.object({ type: z.literal('tool'), name: z.string(), disable_parallel_tool_use: z.boolean().optional() }),
])

const members = {
  max_tokens: z.int().min(1),
  messages: z.array(message).min(1),
  system: z.union([z.string(), z.array(textBlock)]).optional(),
  temperature: z.number().min(0).max(1).optional(),
  top_p: z.number().min(0).max(1).optional(),
  top_k: z.int().min(0).max(500).optional(),
  stop_sequences: z.array(z.string().min(1)).max(8191).optional(),
  tools: z
    .array(
      z.object({
        type: z.literal('custom').nullish(),
        name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/),
        description: z.string().optional(),
        input_schema: z.record(z.string(), z.unknown()),
        // Arguments are not constrained to a schema.
        strict: z.literal(false).optional(),
        cache_control: cacheControl,
      }),
    )
    .optional(),
  tool_choice: toolChoice.optional(),
  metadata: z.object({ user_id: z.string().nullish() }).optional(),
}

const bedrockRequest = z.strictObject({
  // Anthropic's own client sends the version of its API instead.
  anthropic_version: z
    .string()
    .regex(/^(bedrock-2023-05-31|20\d\d-\d\d-\d\d)$/, 'expected "bedrock-2023-05-31"'),
  anthropic_beta: z.array(z.string()).optional(),
  ...members,
})

type AnthropicRequest = Omit<z.infer<typeof bedrockRequest>, 'anthropic_version'>

/**
 * Anthropic's Messages as Bedrock takes them in `InvokeModel`.
 * Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages-request-response.html
 */
export const anthropicMessages: BodyCodec = {
  id: 'anthropic',
  read: (body) => toDialectRequest(readWith(bedrockRequest, body)),
  write: writeAnthropicMessage,
  async *stream(parts, context) {
    for await (const event of anthropicEvents(parts, context)) yield event
  },
}

function toDialectRequest(request: AnthropicRequest): DialectRequest {
  const { system, temperature, top_p: topP, top_k: topK, stop_sequences: stop, tools } = request
  const systemText = typeof system === 'string' ? system : system?.map(({ text }) => text).join('\n\n')
  return {
    messages: [
      ...(systemText === undefined || systemText === ''
        ? []
        : [{ role: 'system' as const, content: systemText }]),
      ...request.messages.flatMap(({ role, content }, at) =>
        typeof content === 'string'
          ? [{ role, content }]
          : readBlocks(role, content, `/messages/${at}/content`),
      ),
    ],
    maxTokens: request.max_tokens,
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(topK === undefined ? {} : { topK }),
    ...(stop === undefined ? {} : { stop }),
    ...(tools === undefined
      ? {}
      : {
          tools: tools.map(({ name, description, input_schema: parameters }) => ({
            name,
            parameters,
            ...(description === undefined ? {} : { description }),
          })),
        }),
    ...(request.tool_choice === undefined ? {} : { toolChoice: readChoice(request.tool_choice) }),
  }
}

function readChoice(choice: z.infer<typeof toolChoice>): NonNullable<DialectRequest['toolChoice']> {
  // One tool that must be called is called once.
  const isOnce = choice.type === 'none' || choice.type === 'tool'
  if (!isOnce && choice.disable_parallel_tool_use === true) {
    throw new BodyFault(
      '/tool_choice/disable_parallel_tool_use',
      'this model cannot be kept to one call of a tool',
    )
  }
  return choice.type === 'tool' ? { name: choice.name } : choice.type
}

/** A message of blocks: the results of tools come first, each as a message of its own. */
function readBlocks(role: 'user' | 'assistant', blocks: readonly Block[], pointer: string): Message[] {
  const results: Message[] = []
  const parts: Part[] = []
  const toolCalls: ToolCall[] = []
  blocks.forEach((each, at) => {
    if (each.type === 'text') parts.push({ type: 'text', text: each.text })
    else if (each.type === 'image') parts.push(readImage(each))
    else if (each.type === 'tool_use') {
      if (role !== 'assistant')
        throw new BodyFault(`${pointer}/${at}`, 'tool_use blocks come from the assistant')
      toolCalls.push({ id: each.id, name: each.name, arguments: each.input })
    } else {
      if (role !== 'user') throw new BodyFault(`${pointer}/${at}`, 'tool_result blocks come from the user')
      results.push(readResult(each))
    }
  })
  const texts = parts.flatMap((part) => (part.type === 'text' ? [part.text] : []))
  const empty = parts.length === 0 && toolCalls.length === 0
  if (empty && results.length > 0) return results
  const own: Message = {
    role,
    content: texts.join(''),
    ...(parts.length === texts.length ? {} : { parts }),
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
  }
  return [...results, own]
}

function readImage({ source }: z.infer<typeof imageBlock>): Media {
  return source.type === 'url'
    ? { type: 'media', mediaType: 'image/*', uri: source.url }
    : { type: 'media', mediaType: source.media_type, uri: `data:${source.media_type};base64,${source.data}` }
}

function readResult({
  tool_use_id: toolCallId,
  content,
  is_error: failed,
}: z.infer<typeof toolResultBlock>): Message {
  const parts =
    typeof content === 'string'
      ? []
      : (content ?? []).map((each): Part =>
          each.type === 'text' ? { type: 'text', text: each.text } : readImage(each),
        )
  const texts = parts.flatMap((part) => (part.type === 'text' ? [part.text] : []))
  return {
    role: 'tool',
    content: typeof content === 'string' ? content : texts.join(''),
    toolCallId,
    ...(parts.length === texts.length ? {} : { parts }),
    ...(failed === undefined ? {} : { failed }),
  }
}

const stopReasons: Readonly<Record<DialectStop, string>> = {
  end: 'end_turn',
  length: 'max_tokens',
  'stop-sequence': 'stop_sequence',
  'tool-call': 'tool_use',
}

function writeAnthropicMessage(answer: DialectAnswer, { id, model }: AnswerContext): object {
  const { text, toolCalls, stop, stopSequence, usage } = answer
  return {
    id: `msg_${id}`,
    type: 'message',
    role: 'assistant',
    model,
    content: [
      ...(text === '' && toolCalls.length > 0 ? [] : [{ type: 'text', text }]),
      ...toolCalls.map((call) => ({ type: 'tool_use', id: call.id, name: call.name, input: call.arguments })),
    ],
    stop_reason: stopReasons[stop],
    stop_sequence: stopSequence ?? null,
    usage: { input_tokens: usage.inputTokens, output_tokens: usage.outputTokens },
  }
}

/** The events of a stream in the order that the API documents. */
async function* anthropicEvents(
  parts: AsyncIterable<DialectPart>,
  context: AnswerContext,
): AsyncGenerator<{ readonly type: string } & Readonly<Record<string, unknown>>> {
  const started = {
    id: `msg_${context.id}`,
    type: 'message',
    role: 'assistant',
    model: context.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
  }
  let index = -1
  let textIsOpen = false
  let firstByte: number | undefined
  let isStarted = false
  const start = (): { readonly type: string } & Readonly<Record<string, unknown>> => {
    isStarted = true
    firstByte = context.elapsed()
    const usage = { input_tokens: context.inputTokens(), output_tokens: 0 }
    return { type: 'message_start', message: { ...started, usage } }
  }
  for await (const part of parts) {
    if (!isStarted) yield start()
    if (part.type === 'text') {
      if (!textIsOpen) {
        index++
        textIsOpen = true
        yield { type: 'content_block_start', index, content_block: { type: 'text', text: '' } }
      }
      yield { type: 'content_block_delta', index, delta: { type: 'text_delta', text: part.text } }
    } else if (part.type === 'tool-call') {
      if (textIsOpen) yield { type: 'content_block_stop', index }
      textIsOpen = false
      index++
      const { id, name } = part.call
      yield { type: 'content_block_start', index, content_block: { type: 'tool_use', id, name, input: {} } }
      const json = JSON.stringify(part.call.arguments)
      yield { type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json: json } }
      yield { type: 'content_block_stop', index }
    } else {
      // An answer without a word still has its one block.
      if (index === -1) {
        index++
        textIsOpen = true
        yield { type: 'content_block_start', index, content_block: { type: 'text', text: '' } }
      }
      if (textIsOpen) yield { type: 'content_block_stop', index }
      yield {
        type: 'message_delta',
        delta: { stop_reason: stopReasons[part.stop], stop_sequence: part.stopSequence ?? null },
        usage: { output_tokens: part.usage.outputTokens },
      }
      yield {
        type: 'message_stop',
        'amazon-bedrock-invocationMetrics': {
          inputTokenCount: part.usage.inputTokens,
          outputTokenCount: part.usage.outputTokens,
          invocationLatency: Math.round(context.elapsed()),
          firstByteLatency: Math.round(firstByte ?? context.elapsed()),
        },
      }
    }
  }
}
