import { z } from 'zod'
import type { JsonObject } from '../../core/example.ts'
import { BodyFault, type DialectRequest } from '../dialect-request.ts'
import { refuseBlank } from '../read-body.ts'
import {
  cacheControl,
  contentBlock,
  readBlocks,
  textBlock,
  type ContentBlock,
  type TextBlock,
} from './content-blocks.ts'

/** A message of a body. */
export interface BodyMessage {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string | readonly ContentBlock[]
}

/** What requests to a model hold in every form of the API. */
export interface RequestMembers {
  readonly messages: readonly BodyMessage[]
  readonly max_tokens: number
  readonly system?: string | readonly TextBlock[] | undefined
  readonly temperature?: number | undefined
  readonly top_p?: number | undefined
  readonly top_k?: number | undefined
  readonly stop_sequences?: readonly string[] | undefined
  readonly tools?: readonly BodyTool[] | undefined
  readonly tool_choice?: BodyToolChoice | undefined
  readonly metadata?: { readonly user_id?: string | null | undefined } | undefined
  readonly output_config?: { readonly format?: OutputFormat | null | undefined } | undefined
}

/** What an answer must be. */
interface OutputFormat {
  readonly type: 'json_schema'
  readonly schema: JsonObject
}

interface BodyTool {
  readonly name: string
  readonly description?: string | undefined
  readonly input_schema: JsonObject
  /** Calls of it keep to its schema. */
  readonly strict?: boolean | undefined
  readonly cache_control?: unknown
}

type BodyToolChoice =
  | { readonly type: 'auto' | 'any'; readonly disable_parallel_tool_use?: boolean | undefined }
  | { readonly type: 'none' }
  | {
      readonly type: 'tool'
      readonly name: string
      readonly disable_parallel_tool_use?: boolean | undefined
    }

/** Messages from these. Amazon Bedrock takes none of the system's among the others. */
export const messageFrom = <Role extends BodyMessage['role']>(
  roles: readonly [Role, ...Role[]],
): z.ZodType<BodyMessage> =>
  z.strictObject({
    role: z.enum(roles),
    content: z.union([z.string(), z.array(contentBlock)]),
  })

const toolChoice = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('auto'), disable_parallel_tool_use: z.boolean().optional() }),
  z.strictObject({ type: z.literal('any'), disable_parallel_tool_use: z.boolean().optional() }),
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({
    type: z.literal('tool'),
    name: z.string(),
    disable_parallel_tool_use: z.boolean().optional(),
  }),
])

const tool = z.strictObject({
  type: z.literal('custom', { error: 'this server runs no tools of its own: only custom ones' }).nullish(),
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/),
  description: z.string().optional(),
  input_schema: z.record(z.string(), z.unknown()),
  strict: z.boolean().optional(),
  defer_loading: z.literal(false, { error: 'the model is told of all tools' }).optional(),
  // Calls come whole, however eagerly they are wanted.
  eager_input_streaming: z.boolean().nullish(),
  input_examples: z
    .array(z.never({ error: 'the model is not shown examples of a tool: describe them' }))
    .optional(),
  allowed_callers: z
    .array(z.literal('direct', { error: 'only the model itself calls tools' }))
    .min(1)
    .optional(),
  cache_control: cacheControl,
})

/** A member that only `null` may be given for. */
export const refused = (why: string): z.ZodOptional<z.ZodNull> => z.null({ error: why }).optional()

/** Schemas of the members but the messages. */
export const requestMembers: {
  readonly [Key in Exclude<keyof RequestMembers, 'messages'>]-?: z.ZodType<RequestMembers[Key]>
} = {
  max_tokens: z.int().min(1),
  system: z.union([z.string(), z.array(textBlock)]).optional(),
  temperature: z.number().min(0).max(1).optional(),
  top_p: z.number().min(0).max(1).optional(),
  top_k: z.int().min(0).optional(),
  stop_sequences: z.array(z.string().min(1)).max(8191).optional(),
  tools: z.array(tool).optional(),
  tool_choice: toolChoice.optional(),
  metadata: z.strictObject({ user_id: z.string().nullish() }).optional(),
  output_config: z
    .strictObject({
      effort: refused('this model has no levels of effort'),
      format: z
        .strictObject({ type: z.literal('json_schema'), schema: z.record(z.string(), z.unknown()) })
        .nullish(),
    })
    .optional(),
}

/** @throws BodyFault for blocks that the messages cannot hold */
export function toDialectRequest(request: RequestMembers): DialectRequest {
  const { temperature, top_p: topP, top_k: topK, stop_sequences: stop } = request
  const { format } = request.output_config ?? {}
  return {
    ...readConversation(request),
    maxTokens: request.max_tokens,
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(topK === undefined ? {} : { topK }),
    ...(stop === undefined ? {} : { stop }),
    ...(format === undefined || format === null
      ? {}
      : { constraint: { type: 'json-schema', schema: format.schema } }),
  }
}

/** What a model is given to read. @throws BodyFault */
export function readConversation({
  messages,
  system,
  tools,
  tool_choice: choice,
}: Pick<RequestMembers, 'messages' | 'system' | 'tools' | 'tool_choice'>): Pick<
  DialectRequest,
  'messages' | 'tools' | 'toolChoice' | 'oneCall' | 'strictTools'
> {
  const strictTools = (tools ?? []).flatMap(({ name, strict }) => (strict === true ? [name] : []))
  const systemText = typeof system === 'string' ? system : system?.map(({ text }) => text).join('\n\n')
  return {
    messages: [
      ...(systemText === undefined || systemText === ''
        ? []
        : [{ role: 'system' as const, content: systemText }]),
      ...messages.flatMap(({ role, content }, at) => {
        const pointer = `/messages/${at}/content`
        // An answer that is begun with nothing is begun by the model.
        const mayBeEmpty = role === 'assistant' && at === messages.length - 1
        if (content.length === 0 && !mayBeEmpty)
          throw new BodyFault(
            pointer,
            'messages must have non-empty content, but for a last one of the assistant',
          )
        if (typeof content !== 'string') return readBlocks(role, content, pointer)
        if (content !== '') refuseBlank(content, pointer)
        return [{ role, content }]
      }),
    ],
    ...(tools === undefined
      ? {}
      : {
          tools: tools.map(({ name, description, input_schema: parameters }) => ({
            name,
            parameters,
            ...(description === undefined ? {} : { description }),
          })),
        }),
    ...(strictTools.length === 0 ? {} : { strictTools }),
    ...(choice === undefined ? {} : readChoice(choice)),
  }
}

function readChoice(choice: BodyToolChoice): Pick<DialectRequest, 'toolChoice' | 'oneCall'> {
  // The named tool is called once.
  if (choice.type === 'tool') return { toolChoice: { name: choice.name } }
  const isOne = choice.type !== 'none' && choice.disable_parallel_tool_use === true
  return { toolChoice: choice.type, ...(isOne ? { oneCall: true } : {}) }
}
