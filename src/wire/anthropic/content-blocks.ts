import { z } from 'zod'
import type { JsonObject, Media, Message, Part, ToolCall } from '../../core/example.ts'
import { BodyFault } from '../dialect-request.ts'
import { refuseBlank } from '../read-body.ts'

interface Marked {
  /** The end of what a client wants to be kept for requests to come. */
  readonly cache_control?: CacheMark | null | undefined
}

interface CacheMark {
  readonly type: 'ephemeral'
  readonly ttl?: '5m' | '1h' | undefined
}

export interface TextBlock extends Marked {
  readonly type: 'text'
  readonly text: string
}

interface ImageBlock extends Marked {
  readonly type: 'image'
  readonly source:
    | { readonly type: 'base64'; readonly media_type: string; readonly data: string }
    | { readonly type: 'url'; readonly url: string }
    | { readonly type: 'file'; readonly file_id: string }
}

interface ToolUseBlock extends Marked {
  readonly type: 'tool_use'
  readonly id: string
  readonly name: string
  readonly input: JsonObject
}

interface ToolResultBlock extends Marked {
  readonly type: 'tool_result'
  readonly tool_use_id: string
  readonly content?: string | readonly (TextBlock | ImageBlock)[] | undefined
  readonly is_error?: boolean | undefined
}

/** A block of a message. */
export type ContentBlock = TextBlock | ImageBlock | ToolUseBlock | ToolResultBlock

export const cacheControl: z.ZodType<CacheMark | null | undefined> = z
  .strictObject({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).optional() })
  .nullish()

/** What only the service's own tools and documents lead to. */
const nothing = (what: string): z.ZodOptional<z.ZodNull> => z.null({ error: what }).optional()
const noCitations = z
  .union([z.null(), z.array(z.never())], { error: 'this model cites nothing: leave citations out' })
  .optional()
const directCaller = z
  .strictObject({
    type: z.literal('direct', { error: 'this server runs no tools: only the model itself calls them' }),
  })
  .optional()

const text = z.strictObject({
  type: z.literal('text'),
  text: z.string(),
  citations: noCitations,
  cache_control: cacheControl,
})

export const textBlock: z.ZodType<TextBlock> = text

const imageBlock = z.strictObject({
  type: z.literal('image'),
  source: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('base64'), media_type: z.string(), data: z.string() }),
    z.strictObject({ type: z.literal('url'), url: z.string() }),
    z.strictObject({ type: z.literal('file'), file_id: z.string() }),
  ]),
  transformations: nothing('this model reads no images'),
  cache_control: cacheControl,
})

const toolUseBlock = z.strictObject({
  type: z.literal('tool_use'),
  id: z.string().min(1),
  name: z.string().min(1),
  input: z.record(z.string(), z.unknown()),
  caller: directCaller,
  toolset_name: nothing('this server has no toolsets'),
  cache_control: cacheControl,
})

const toolResultBlock = z.strictObject({
  type: z.literal('tool_result'),
  tool_use_id: z.string().min(1),
  content: z
    .union([z.string(), z.array(z.discriminatedUnion('type', [text, imageBlock], { error: unread }))])
    .optional(),
  is_error: z.boolean().optional(),
  toolset_name: nothing('this server has no toolsets'),
  cache_control: cacheControl,
})

export const contentBlock: z.ZodType<ContentBlock> = z.discriminatedUnion(
  'type',
  [text, imageBlock, toolUseBlock, toolResultBlock],
  { error: unread },
)

function unread(issue: { readonly code?: string; readonly input?: unknown }): string | undefined {
  const { input } = issue
  if (issue.code !== 'invalid_union' || typeof input !== 'object' || input === null) return undefined
  const type = 'type' in input && typeof input.type === 'string' ? input.type.slice(0, 60) : ''
  return `blocks of the type ${JSON.stringify(type)} are not read by this model`
}

/**
 * The messages that a message of blocks comes to: the results of tools first, each as a message of its own.
 *
 * @param pointer of the blocks
 * @throws BodyFault
 */
export function readBlocks(
  role: 'system' | 'user' | 'assistant',
  blocks: readonly ContentBlock[],
  pointer: string,
): Message[] {
  const results: Message[] = []
  const parts: Part[] = []
  const toolCalls: ToolCall[] = []
  blocks.forEach((each, at) => {
    if (each.type === 'text') {
      refuseBlank(each.text, `${pointer}/${at}/text`)
      parts.push({ type: 'text', text: each.text })
    } else if (role === 'system') throw new BodyFault(`${pointer}/${at}`, 'system messages hold text only')
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

function readImage({ source }: ImageBlock): Media {
  if (source.type === 'base64') {
    const { media_type: mediaType, data } = source
    return { type: 'media', mediaType, uri: `data:${mediaType};base64,${data}` }
  }
  return {
    type: 'media',
    mediaType: 'image/*',
    uri: source.type === 'url' ? source.url : `file:${source.file_id}`,
  }
}

function readResult({ tool_use_id: toolCallId, content, is_error: failed }: ToolResultBlock): Message {
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
