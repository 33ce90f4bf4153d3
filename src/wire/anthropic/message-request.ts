import { z } from 'zod'
import type { Message } from '../../core/example.ts'
import { withBegunAnswer } from '../begun-answer.ts'
import type { DialectRequest } from '../dialect-request.ts'
import { readWith } from '../read-body.ts'
import { cacheControl } from './content-blocks.ts'
import {
  messageFrom,
  readConversation,
  refused,
  requestMembers,
  toDialectRequest,
  type RequestMembers,
} from './message-members.ts'
import { threadCode } from './error-body.ts'

/** A body of `POST /v1/messages/count_tokens`, and what it shares with one that is answered. */
export interface CountBody extends Pick<
  RequestMembers,
  'messages' | 'system' | 'tools' | 'tool_choice' | 'output_config'
> {
  readonly model: string
  readonly cache_control?: unknown
}

/** A body of `POST /v1/messages`. Members that change nothing here are left out. */
export interface MessageBody extends RequestMembers, CountBody {
  readonly stream?: boolean | undefined
}

const counted = {
  model: z.string().min(1).max(256),
  messages: z
    .array(messageFrom(['user', 'assistant', 'system']))
    .min(1)
    .max(100_000),
  system: requestMembers.system,
  tools: requestMembers.tools,
  tool_choice: requestMembers.tool_choice,
  thinking: z
    .strictObject({
      type: z.literal('disabled', { error: 'this model does not think before it answers: disable it' }),
    })
    .optional(),
  cache_control: cacheControl,
  output_config: requestMembers.output_config,
  speed: z.literal('standard', { error: 'this server has one speed, standard' }).nullish(),
  context_management: refused('this server edits no context'),
  thread: z
    .unknown()
    .superRefine((thread, context) => {
      if (thread === null || thread === undefined) return
      const message = 'this server keeps no threads: send the whole conversation (thread: false in the SDK)'
      context.addIssue({ code: 'custom', message, params: { code: threadCode } })
    })
    .optional(),
  mcp_servers: z.array(z.never({ error: 'this server calls no MCP servers' })).optional(),
}

/**
 * What `POST /v1/messages` is sent.
 * Source: https://docs.anthropic.com/en/api/messages
 */
export const messageBody: z.ZodType<MessageBody> = z.strictObject({
  ...requestMembers,
  ...counted,
  stream: z.boolean().optional(),
  service_tier: z.enum(['auto', 'standard_only']).optional(),
  container: refused('this server runs no containers'),
  diagnostics: refused('this server remembers no earlier request to compare with'),
  inference_geo: refused('answers are computed where this server runs'),
})

/** What `POST /v1/messages/count_tokens` is sent. */
export const countBody: z.ZodType<CountBody> = z.strictObject(counted)

/** A request for a message. */
export interface MessageRequest {
  readonly model: string
  readonly stream: boolean
  /** The client has marked what it wants to be cached, and is told what was. */
  readonly caches: boolean
  readonly asked: DialectRequest
}

/** @throws BodyFault that names what is wrong, or is not done here */
export const readMessageRequest = (body: unknown): MessageRequest =>
  toMessageRequest(readWith(messageBody, body))

/** @throws BodyFault for what no model here can keep to */
export function toMessageRequest(body: MessageBody): MessageRequest {
  const { model, stream = false, ...request } = body
  const asked = toDialectRequest(request)
  const turns = { ...asked, messages: readTurns(asked.messages) }
  return { model, stream, caches: hasMark(body), asked: withBegunAnswer(turns) }
}

/** @throws BodyFault for what no model here can keep to */
export function toCountRequest({ model, ...request }: CountBody): {
  readonly model: string
  readonly asked: Pick<DialectRequest, 'messages' | 'continuesAnswer' | 'tools' | 'toolChoice' | 'oneCall'>
} {
  const asked = readConversation(request)
  return { model, asked: withBegunAnswer({ ...asked, messages: readTurns(asked.messages) }) }
}

/** Turns of the same speaker that follow each other are one turn. */
function readTurns(messages: readonly Message[]): readonly Message[] {
  const turns: Message[] = []
  for (const message of messages) {
    const before = turns.at(-1)
    if (before?.role !== message.role || message.role === 'tool') turns.push(message)
    else turns.splice(-1, 1, joined(before, message))
  }
  return turns
}

function joined(before: Message, after: Message): Message {
  const toolCalls = [...(before.toolCalls ?? []), ...(after.toolCalls ?? [])]
  const parts = [before, after].flatMap(
    ({ parts: own, content }) => own ?? [{ type: 'text' as const, text: content }],
  )
  const hasMedia = parts.some(({ type }) => type === 'media')
  return {
    role: before.role,
    content: [before.content, after.content].filter((text) => text !== '').join('\n\n'),
    ...(hasMedia ? { parts } : {}),
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
  }
}

/** Whether a `cache_control` stands anywhere it may. */
function hasMark(body: Marked): boolean {
  const { cache_control: whole, system, tools, messages } = body
  const contents = messages.map(({ content }) => content)
  const inner = contents.flatMap((content) => blocksOf(content).map((block) => block.content))
  return [whole, ...[system, tools, ...contents, ...inner].flatMap((blocks) => marksOf(blocks))].some(
    (mark) => mark !== undefined && mark !== null,
  )
}

interface Block {
  readonly cache_control?: unknown
  readonly content?: string | readonly Block[] | undefined
}
interface Marked {
  readonly cache_control?: unknown
  readonly system?: string | readonly Block[] | undefined
  readonly tools?: readonly Block[] | undefined
  readonly messages: readonly { readonly content: string | readonly Block[] }[]
}
const blocksOf = (blocks: string | readonly Block[] | undefined): readonly Block[] =>
  typeof blocks === 'object' ? blocks : []
const marksOf = (blocks: string | readonly Block[] | undefined): unknown[] =>
  blocksOf(blocks).map(({ cache_control: mark }) => mark)
