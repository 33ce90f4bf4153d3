import { z } from 'zod'
import type { JsonObject, Media, Message, Part, ToolCall } from '../../core/example.ts'
import { parseJson } from '../../lib/parse-json.ts'
import { withBegunAnswer } from '../begun-answer.ts'
import {
  BodyFault,
  type AnswerContext,
  type DialectAnswer,
  type DialectPart,
  type DialectRequest,
  type DialectStop,
} from '../dialect-request.ts'
import { readWith, refuseBlank } from '../read-body.ts'

const cachePoint = z.object({ type: z.literal('default'), ttl: z.enum(['5m', '1h']).optional() })
const source = z.union([
  z.strictObject({ bytes: z.string() }),
  z.strictObject({ s3Location: z.object({ uri: z.string(), bucketOwner: z.string().optional() }) }),
])
const media = z.object({ format: z.string(), name: z.string().optional(), source })
const toolUse = z.object({
  toolUseId: z.string().min(1),
  name: z.string().min(1),
  input: z.record(z.string(), z.unknown()),
})
const toolResult = z.object({
  toolUseId: z.string().min(1),
  content: z.array(
    z.union([
      z.strictObject({ text: z.string() }),
      z.strictObject({ json: z.unknown() }),
      z.strictObject({ image: media }),
      z.strictObject({ document: media }),
      z.strictObject({ video: media }),
    ]),
  ),
  status: z.enum(['success', 'error']).optional(),
})

const contentBlock = z.union([
  z.strictObject({ text: z.string() }),
  z.strictObject({ image: media }),
  z.strictObject({ document: media }),
  z.strictObject({ video: media }),
  z.strictObject({ toolUse }),
  z.strictObject({ toolResult }),
  z.strictObject({ cachePoint }),
])
type Block = z.infer<typeof contentBlock>

const tool = z.union([
  z.strictObject({
    toolSpec: z.object({
      name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
      description: z.string().min(1).optional(),
      inputSchema: z.strictObject({ json: z.record(z.string(), z.unknown()) }),
      strict: z.boolean().optional(),
    }),
  }),
  z.strictObject({ cachePoint }),
])

const empty = z.object({})

/** Members that `Converse` shares with the bodies of Nova. */
const converseMembers = {
  messages: z
    .array(z.object({ role: z.enum(['user', 'assistant']), content: z.array(contentBlock).min(1) }))
    .min(1),
  system: z.array(z.union([z.strictObject({ text: z.string() }), z.strictObject({ cachePoint })])).optional(),
  toolConfig: z
    .object({
      tools: z.array(tool).min(1),
      toolChoice: z
        .union([
          z.strictObject({ auto: empty }),
          z.strictObject({ any: empty }),
          z.strictObject({ tool: z.object({ name: z.string() }) }),
        ])
        .optional(),
    })
    .optional(),
}

/** A JSON Schema that is sent as text. */
const schemaText = z.string().transform((text, context): JsonObject => {
  try {
    const schema: unknown = parseJson(text)
    if (typeof schema === 'object' && schema !== null && !Array.isArray(schema)) return schema as JsonObject
  } catch {
    // Said below.
  }
  context.addIssue({ code: 'custom', message: 'expected the JSON of a schema' })
  return {}
})

const inferenceConfig = z.object({
  maxTokens: z.int().min(1).optional(),
  temperature: z.number().min(0).max(1).optional(),
  topP: z.number().min(0).max(1).optional(),
  stopSequences: z.array(z.string().min(1)).max(2500).optional(),
})

const converseRequest = z.object({
  ...converseMembers,
  inferenceConfig: inferenceConfig.optional(),
  additionalModelRequestFields: z.record(z.string(), z.unknown()).nullish(),
  guardrailConfig: z.unknown().optional(),
  promptVariables: z.unknown().optional(),
  outputConfig: z
    .object({
      textFormat: z
        .object({
          type: z.literal('json_schema'),
          structure: z.object({ jsonSchema: z.object({ schema: schemaText }) }),
        })
        .nullish(),
    })
    .nullish(),
  requestMetadata: z.record(z.string(), z.string()).optional(),
})

const converseMessages = z.object(converseMembers)

/** Answers of a request that names no limit are this long at most. */
export const defaultMaxTokens: number = 512

/** What of a request would be ignored is refused by name. */
const unsupported = ['guardrailConfig', 'promptVariables'] as const

/**
 * The request of `Converse` and `ConverseStream`.
 *
 * @throws BodyFault
 */
export function readConverse(body: unknown): DialectRequest {
  const request = readWith(converseRequest, body)
  for (const name of unsupported) {
    if (request[name] !== undefined && request[name] !== null) {
      throw new BodyFault(`/${name}`, `${name} is not supported by this model`)
    }
  }
  const extra = request.additionalModelRequestFields ?? {}
  const { topK, ...others } = readExtra(extra)
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) {
    throw new BodyFault(
      `/additionalModelRequestFields/${unknown}`,
      `extraneous key [${unknown.slice(0, 60)}] is not permitted`,
    )
  }
  const config = request.inferenceConfig ?? {}
  const format = request.outputConfig?.textFormat
  return withBegunAnswer({
    ...readConverseMessages(body),
    ...(format === null || format === undefined
      ? {}
      : { constraint: { type: 'json-schema' as const, schema: format.structure.jsonSchema.schema } }),
    maxTokens: config.maxTokens ?? defaultMaxTokens,
    ...(config.temperature === undefined ? {} : { temperature: config.temperature }),
    ...(config.topP === undefined ? {} : { topP: config.topP }),
    ...(topK === undefined ? {} : { topK }),
    ...(config.stopSequences === undefined ? {} : { stop: config.stopSequences }),
  })
}

function readExtra({
  top_k: snake,
  topK: camel = snake,
  ...others
}: Readonly<Record<string, unknown>>): { topK?: number } & Record<string, unknown> {
  if (camel === undefined) return others
  if (typeof camel !== 'number' || !Number.isInteger(camel) || camel < 0) {
    throw new BodyFault('/additionalModelRequestFields/top_k', 'top_k must be a whole number of at least 0')
  }
  return { ...others, topK: camel }
}

/**
 * System prompt, messages and tools of a request of `Converse` or of Nova.
 *
 * @throws BodyFault
 */
export function readConverseMessages(
  body: unknown,
): Pick<DialectRequest, 'messages' | 'tools' | 'toolChoice' | 'strictTools'> {
  const request = readWith(converseMessages, body)
  const system = (request.system ?? []).flatMap((each, at) => {
    if (!('text' in each)) return []
    refuseBlank(each.text, `/system/${at}/text`)
    return [each.text]
  })
  const tools = request.toolConfig?.tools.flatMap((each) => ('toolSpec' in each ? [each.toolSpec] : []))
  const strictTools = tools?.flatMap(({ name, strict }) => (strict === true ? [name] : [])) ?? []
  const choice = request.toolConfig?.toolChoice
  return {
    messages: [
      ...(system.length === 0 ? [] : [{ role: 'system' as const, content: system.join('\n\n') }]),
      ...request.messages.flatMap(({ role, content }, at) =>
        readBlocks(role, content, `/messages/${at}/content`),
      ),
    ],
    ...(tools === undefined
      ? {}
      : {
          tools: tools.map(({ name, description, inputSchema }) => ({
            name,
            parameters: inputSchema.json,
            ...(description === undefined ? {} : { description }),
          })),
        }),
    ...(strictTools.length === 0 ? {} : { strictTools }),
    ...(choice === undefined
      ? {}
      : { toolChoice: 'tool' in choice ? { name: choice.tool.name } : 'any' in choice ? 'any' : 'auto' }),
  }
}

function readBlocks(role: 'user' | 'assistant', blocks: readonly Block[], pointer: string): Message[] {
  const results: Message[] = []
  const parts: Part[] = []
  const toolCalls: ToolCall[] = []
  blocks.forEach((each, at) => {
    if ('text' in each) {
      refuseBlank(each.text, `${pointer}/${at}/text`)
      parts.push({ type: 'text', text: each.text })
    } else if ('toolUse' in each) {
      if (role !== 'assistant')
        throw new BodyFault(`${pointer}/${at}`, 'toolUse blocks come from the assistant')
      const { toolUseId: id, name, input } = each.toolUse
      toolCalls.push({ id, name, arguments: input })
    } else if ('toolResult' in each) {
      if (role !== 'user') throw new BodyFault(`${pointer}/${at}`, 'toolResult blocks come from the user')
      const { toolUseId: toolCallId, content, status } = each.toolResult
      const texts = content.map((part) =>
        'text' in part ? part.text : 'json' in part ? JSON.stringify(part.json) : undefined,
      )
      const other = texts.indexOf(undefined)
      if (other !== -1) {
        throw new BodyFault(`${pointer}/${at}/toolResult/content/${other}`, 'only text and json can be read')
      }
      results.push({
        role: 'tool',
        content: texts.join(''),
        toolCallId,
        ...(status === 'error' ? { failed: true } : {}),
      })
    } else if (!('cachePoint' in each)) parts.push(readMedia(each))
  })
  const texts = parts.flatMap((part) => (part.type === 'text' ? [part.text] : []))
  if (parts.length === 0 && toolCalls.length === 0 && results.length > 0) return results
  const own: Message = {
    role,
    content: texts.join(''),
    ...(parts.length === texts.length ? {} : { parts }),
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
  }
  return [...results, own]
}

function readMedia(
  block: Extract<Block, { image: unknown } | { document: unknown } | { video: unknown }>,
): Media {
  const [kind, content] =
    'image' in block
      ? (['image', block.image] as const)
      : 'video' in block
        ? (['video', block.video] as const)
        : (['application', block.document] as const)
  const mediaType = `${kind}/${content.format}`
  return {
    type: 'media',
    mediaType,
    uri:
      'bytes' in content.source
        ? `data:${mediaType};base64,${content.source.bytes}`
        : content.source.s3Location.uri,
  }
}

const stopReasons: Readonly<Record<DialectStop, string>> = {
  end: 'end_turn',
  length: 'max_tokens',
  'stop-sequence': 'stop_sequence',
  'tool-call': 'tool_use',
}

const usageOf = ({ usage }: Pick<DialectAnswer, 'usage'>): object => ({
  inputTokens: usage.inputTokens,
  outputTokens: usage.outputTokens,
  totalTokens: usage.inputTokens + usage.outputTokens,
})

/** Output, stop reason and usage, as `Converse` and Nova answer. */
export function writeConverse(answer: DialectAnswer): object {
  const { text, toolCalls, stop } = answer
  return {
    output: {
      message: {
        role: 'assistant',
        content: [
          ...(text === '' && toolCalls.length > 0 ? [] : [{ text }]),
          ...toolCalls.map(({ id, name, arguments: input }) => ({ toolUse: { toolUseId: id, name, input } })),
        ],
      },
    },
    stopReason: stopReasons[stop],
    usage: usageOf(answer),
  }
}

/** What the events of `ConverseStream` tell beside the answer. */
export interface ConverseTold extends Pick<AnswerContext, 'elapsed'> {
  /** More members of `metadata`. */
  readonly told?: object
  /** More members of `messageStop`. */
  readonly fieldsOf?: (end: Pick<DialectAnswer, 'stopSequence'>) => object
}

/** The events of `ConverseStream`, each by its member's name. */
export async function* converseEvents(
  parts: AsyncIterable<DialectPart>,
  { elapsed, told, fieldsOf }: ConverseTold,
): AsyncGenerator<readonly [type: string, payload: object]> {
  let contentBlockIndex = 0
  let textIsOpen = false
  let started = false
  for await (const part of parts) {
    if (!started) {
      started = true
      yield ['messageStart', { role: 'assistant' }]
    }
    if (part.type === 'text') {
      textIsOpen = true
      yield ['contentBlockDelta', { contentBlockIndex, delta: { text: part.text } }]
      continue
    }
    if (textIsOpen) {
      yield ['contentBlockStop', { contentBlockIndex }]
      contentBlockIndex++
      textIsOpen = false
    }
    if (part.type === 'tool-call') {
      const { id: toolUseId, name } = part.call
      yield ['contentBlockStart', { contentBlockIndex, start: { toolUse: { toolUseId, name } } }]
      const input = JSON.stringify(part.call.arguments)
      yield ['contentBlockDelta', { contentBlockIndex, delta: { toolUse: { input } } }]
      yield ['contentBlockStop', { contentBlockIndex }]
      contentBlockIndex++
    } else {
      yield ['messageStop', { stopReason: stopReasons[part.stop], ...fieldsOf?.(part) }]
      yield ['metadata', { usage: usageOf(part), ...told, metrics: { latencyMs: Math.round(elapsed()) } }]
    }
  }
}
