import { z } from 'zod'
import type { Message, ToolCall } from '../../core/example.ts'
import { callArguments } from './chat-messages.ts'
import { unreadPart } from './request-schema.ts'

const inputText = z.object({ type: z.literal('input_text'), text: z.string() })
const outputText = z.object({ type: z.literal('output_text'), text: z.string() })
const refusal = z.object({ type: z.literal('refusal'), refusal: z.string() })

const part = z.discriminatedUnion('type', [
  inputText,
  outputText,
  refusal,
  unreadPart('input_image'),
  unreadPart('input_file'),
  unreadPart('input_audio'),
])

const message = z.object({
  type: z.literal('message').optional(),
  role: z.enum(['user', 'assistant', 'system', 'developer'], {
    error: 'expected the role user, assistant, system or developer',
  }),
  content: z.union([z.string(), z.array(part)]),
})

const functionCall = z.object({
  type: z.literal('function_call'),
  call_id: z.string().min(1),
  name: z.string().min(1),
  arguments: z.string(),
})

const functionCallOutput = z.object({
  type: z.literal('function_call_output'),
  call_id: z.string().min(1),
  output: z.union([
    z.string(),
    z.array(z.discriminatedUnion('type', [inputText, unreadPart('input_image'), unreadPart('input_file')])),
  ]),
})

/** What comes before an answer. @see https://platform.openai.com/docs/api-reference/responses/create */
type Item =
  | ({ readonly kind: 'message' } & z.infer<typeof message>)
  | ({ readonly kind: 'call' } & z.infer<typeof functionCall>)
  | ({ readonly kind: 'result' } & z.infer<typeof functionCallOutput>)

const known: Readonly<Record<string, z.ZodType<Item>>> = {
  message: message.transform((item) => ({ kind: 'message' as const, ...item })),
  function_call: functionCall.transform((item) => ({ kind: 'call' as const, ...item })),
  function_call_output: functionCallOutput.transform((item) => ({ kind: 'result' as const, ...item })),
}

const item: z.ZodType<Item> = z
  .looseObject({ type: z.string().nullish() })
  .transform((value, context): Item => {
    const type = value.type ?? 'message'
    const schema = Object.hasOwn(known, type) ? known[type] : undefined
    if (schema === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['type'],
        message: `Unsupported value: items of the type '${type.slice(0, 60)}' are not supported with this model${
          type === 'item_reference' ? ': responses are not stored here, send the item itself' : ''
        }.`,
        params: { code: 'unsupported_value' },
      })
      return z.NEVER
    }
    const { success, data, error } = schema.safeParse(value)
    if (success) return data
    for (const issue of error.issues) context.issues.push({ ...issue, input: value } as z.core.$ZodRawIssue)
    return z.NEVER
  })

/** The input of a response as messages: calls belong to what the assistant said before them. */
export const responseInput: z.ZodType<Message[]> = z
  .union([
    z.string().transform((text): Message[] => [{ role: 'user', content: text }]),
    z
      .array(item)
      .min(1)
      .transform((items, context) => toMessages(items, context)),
  ])
  .describe('A text, or a list of messages, calls and results of calls')

function toMessages(items: readonly Item[], context: z.RefinementCtx): Message[] {
  const messages: Message[] = []
  for (const [at, each] of items.entries()) {
    if (each.kind === 'message') {
      const role = each.role === 'developer' ? 'system' : each.role
      messages.push({ role, content: textOf(each.content) })
    } else if (each.kind === 'result') {
      messages.push({ role: 'tool', content: textOf(each.output), toolCallId: each.call_id })
    } else {
      const call: ToolCall = {
        id: each.call_id,
        name: each.name,
        arguments: callArguments(each.arguments, context, [at, 'arguments']),
      }
      const last = messages.at(-1)
      if (last?.role === 'assistant') {
        messages[messages.length - 1] = { ...last, toolCalls: [...(last.toolCalls ?? []), call] }
      } else messages.push({ role: 'assistant', content: '', toolCalls: [call] })
    }
  }
  return messages
}

const textOf = (content: string | readonly { readonly type: string }[]): string =>
  typeof content === 'string'
    ? content
    : content
        .map((each) => ('text' in each ? String(each.text) : 'refusal' in each ? String(each.refusal) : ''))
        .join('')
