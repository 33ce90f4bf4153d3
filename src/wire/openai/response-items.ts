import { z } from 'zod'
import type { JsonObject, Message, ToolCall } from '../../core/example.ts'
import { parseJson } from '../../lib/parse-json.ts'
import { BodyFault } from '../dialect-request.ts'
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

const functionCall = z
  .object({
    type: z.literal('function_call'),
    call_id: z.string().min(1),
    name: z.string().min(1),
    arguments: z.string(),
  })
  .superRefine((call, context) => void callArguments(call.arguments, context, ['arguments']))

const functionCallOutput = z.object({
  type: z.literal('function_call_output'),
  call_id: z.string().min(1),
  output: z.union([
    z.string(),
    z.array(z.discriminatedUnion('type', [inputText, unreadPart('input_image'), unreadPart('input_file')])),
  ]),
})

/** An item that a response before has, by its id. */
const itemReference = z.object({ type: z.literal('item_reference'), id: z.string().min(1).max(200) })

/** What comes before an answer. @see https://platform.openai.com/docs/api-reference/responses/create */
export type ResponseItem =
  | ({ readonly type: 'message' } & Omit<z.infer<typeof message>, 'type'>)
  | z.infer<typeof functionCall>
  | z.infer<typeof functionCallOutput>

/** An item as it is sent. */
export type SentItem = ResponseItem | z.infer<typeof itemReference>

const known: Readonly<Record<string, z.ZodType<SentItem>>> = {
  message: message.transform((item) => ({ ...item, type: 'message' as const })),
  function_call: functionCall,
  function_call_output: functionCallOutput,
  item_reference: itemReference,
}

const item: z.ZodType<SentItem> = z
  .looseObject({ type: z.string().nullish() })
  .transform((value, context): SentItem => {
    const type = value.type ?? ('id' in value && !('role' in value) ? 'item_reference' : 'message')
    const schema = Object.hasOwn(known, type) ? known[type] : undefined
    if (schema === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['type'],
        message: `Unsupported value: items of the type '${type.slice(0, 60)}' are not supported with this model.`,
        params: { code: 'unsupported_value' },
      })
      return z.NEVER
    }
    const { success, data, error } = schema.safeParse({ ...value, type })
    if (success) return data
    for (const issue of error.issues) context.issues.push({ ...issue, input: value } as z.core.$ZodRawIssue)
    return z.NEVER
  })

/** The input of a response as items. */
export const responseInput: z.ZodType<SentItem[]> = z
  .union([
    z.string().transform((content): SentItem[] => [{ type: 'message', role: 'user', content }]),
    z.array(item).min(1),
  ])
  .describe('A text, or a list of messages, calls and results of calls')

/** Items as messages: calls belong to what the assistant said before them. */
export function toMessages(items: readonly ResponseItem[]): Message[] {
  const messages: Message[] = []
  for (const each of items) {
    if (each.type === 'message') {
      const role = each.role === 'developer' ? 'system' : each.role
      messages.push({ role, content: textOf(each.content) })
    } else if (each.type === 'function_call_output') {
      messages.push({ role: 'tool', content: textOf(each.output), toolCallId: each.call_id })
    } else {
      const call: ToolCall = {
        id: each.call_id,
        name: each.name,
        arguments: parseJson(each.arguments) as ToolCall['arguments'],
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

/** An item that is kept, as the API lists it. */
export type KeptItem = JsonObject & { readonly id: string }

const idPrefixes = { message: 'msg_', function_call: 'fc_', function_call_output: 'fco_' } as const

/** The items of a request as they are kept, with ids that tell the response that they came with. */
export const keptItems = (responseId: string, items: readonly ResponseItem[]): KeptItem[] =>
  items.map((each, at) => ({
    id: `${idPrefixes[each.type]}${responseId}_in${at}`,
    status: 'completed',
    ...each,
    ...(each.type === 'message' ? { content: contentParts(each) } : {}),
  }))

const contentParts = ({ role, content }: Extract<ResponseItem, { type: 'message' }>): readonly object[] =>
  typeof content !== 'string'
    ? content
    : [
        role === 'assistant'
          ? { type: 'output_text', text: content, annotations: [] }
          : { type: 'input_text', text: content },
      ]

/** A kept item, read again. @throws BodyFault for what was kept by nobody here */
export function readKeptItem(kept: JsonObject): ResponseItem {
  const { data } = item.safeParse(kept)
  if (data === undefined || data.type === 'item_reference') {
    throw new BodyFault('/input', 'an item of a response before cannot be read')
  }
  return data
}

/** The id of the response that an item came with or was answered in; undefined for an id that is none of these. */
export const responseOfItem = (itemId: string): string | undefined =>
  /^(?:msg|fc|fco)_([0-9a-f]{32})(?:_(?:in)?\d{1,9})?$/.exec(itemId)?.[1]
