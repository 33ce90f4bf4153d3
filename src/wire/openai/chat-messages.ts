import { z } from 'zod'
import type { Message, ToolCall } from '../../core/example.ts'
import { parseJson } from '../../lib/parse-json.ts'
import { unreadPart } from './request-schema.ts'

const textPart = z.object({ type: z.literal('text'), text: z.string() })
const refusalPart = z.object({ type: z.literal('refusal'), refusal: z.string() })
const texts = z.union([z.string(), z.array(textPart).min(1)])
const name = z.string().max(256).nullish()

const userPart = z.discriminatedUnion('type', [
  textPart,
  unreadPart('image_url'),
  unreadPart('input_audio'),
  unreadPart('file'),
])

const functionCall = z.object({
  id: z.string().min(1),
  type: z.literal('function').default('function'),
  function: z.object({ name: z.string().min(1), arguments: z.string() }),
})

/** Messages of a chat completion. Source: https://platform.openai.com/docs/api-reference/chat/create */
const message = z.discriminatedUnion('role', [
  z.object({ role: z.literal('developer'), content: texts, name }),
  z.object({ role: z.literal('system'), content: texts, name }),
  z.object({ role: z.literal('user'), content: z.union([z.string(), z.array(userPart).min(1)]), name }),
  z.object({
    role: z.literal('assistant'),
    content: z.union([z.string(), z.array(z.discriminatedUnion('type', [textPart, refusalPart]))]).nullish(),
    refusal: z.string().nullish(),
    name,
    tool_calls: z.array(functionCall).nullish(),
    audio: z.null().optional(),
    function_call: z.null().optional(),
  }),
  z.object({ role: z.literal('tool'), content: texts, tool_call_id: z.string().min(1) }),
])

type ChatMessage = z.infer<typeof message>

/** Messages of a chat completion, read. Several texts of a message are one. */
export const chatMessages: z.ZodType<Message[]> = z.array(message.transform(toMessage)).min(1)

function toMessage(given: ChatMessage, context: z.RefinementCtx): Message {
  if (given.role === 'tool') {
    return { role: 'tool', content: joined(given.content), toolCallId: given.tool_call_id }
  }
  if (given.role === 'assistant') return toAnswer(given, context)
  const role = given.role === 'user' ? 'user' : 'system'
  return { role, content: joined(given.content), ...named(given.name) }
}

function toAnswer(
  given: Extract<ChatMessage, { readonly role: 'assistant' }>,
  context: z.RefinementCtx,
): Message {
  const toolCalls = (given.tool_calls ?? []).map((call, at): ToolCall => ({
    id: call.id,
    name: call.function.name,
    arguments: callArguments(call.function.arguments, context, ['tool_calls', at, 'function', 'arguments']),
  }))
  return {
    role: 'assistant',
    content: joined(given.content ?? given.refusal ?? ''),
    ...named(given.name),
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
  }
}

type Content = string | readonly { readonly type: string }[]

const joined = (content: Content): string =>
  typeof content === 'string' ? content : content.map(textOf).join('')

function textOf(part: { readonly type: string }): string {
  if ('text' in part) return String(part.text)
  return 'refusal' in part ? String(part.refusal) : ''
}

const named = (speaker: string | null | undefined): { readonly name?: string } =>
  speaker === null || speaker === undefined ? {} : { name: speaker }

/** The arguments that a call was made with. What is no JSON object is an issue at the path. */
export function callArguments(
  json: string,
  context: z.RefinementCtx,
  path: readonly (string | number)[],
): ToolCall['arguments'] {
  try {
    const value: unknown = parseJson(json)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as ToolCall['arguments']
    }
  } catch {
    // Said below.
  }
  context.addIssue({
    code: 'custom',
    path: [...path],
    message: 'expected the JSON of an object',
    params: { code: 'invalid_value' },
  })
  return {}
}
