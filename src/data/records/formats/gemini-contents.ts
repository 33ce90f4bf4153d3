import type { JsonObject, Message, Part, Tool, ToolCall } from '../../../core/example.ts'
import { ElementPointers } from '../element-pointers.ts'
import { excerpt } from '../../excerpt.ts'
import type { RecordDraft } from '../record-draft.ts'
import { isJsonObject, isMeaningful, kindOf, type Lose, type RecordFormat } from '../record-format.ts'
import {
  readBlockMessages,
  readSystemBlocks,
  writeBlockMessages,
  type Block,
  type BlockDialect,
} from './block-messages.ts'
import { dataUrl, splitDataUrl } from './media-uri.ts'
import { partsOf } from './message-parts.ts'
import { parsed, readList, toCall, toTool } from './openai-tools.ts'
import { splitSystem } from './split-system.ts'
import { writeParts } from './write-chat.ts'

const at = new ElementPointers('/contents', 'role', 'parts')

/**
 * Contents of the Gemini API and of tuning data for Vertex AI.
 * Source: https://cloud.google.com/vertex-ai/generative-ai/docs/models/gemini-supervised-tuning-prepare
 */
export const geminiContents: RecordFormat = {
  id: 'gemini-contents',
  form: '{"systemInstruction": {"parts": [{"text": "…"}]}, "contents": [{"role": "user", "parts": [{"text": "…"}]}, {"role": "model", …}]}',
  usedBy: 'Gemini tuning on Vertex AI, the Gemini API',
  requiredKeys: ['contents'],
  optionalKeys: ['systemInstruction', 'system_instruction', 'tools'],
  holds: ['system', 'turns', 'parts', 'images', 'media', 'tools', 'calls', 'call-ids', 'failed'],
  read(record, draft) {
    const dialect = createDialect()
    const key = isMeaningful(record['systemInstruction']) ? 'systemInstruction' : 'system_instruction'
    const system = record[key]
    if (isJsonObject(system)) readSystemBlocks(system['parts'], draft, dialect, `/${key}/parts`)
    else readSystemBlocks(system, draft, dialect, `/${key}`)
    readBlockMessages(record['contents'], draft, dialect)
    readTools(record['tools'], draft)
  },
  write({ messages, tools }, lose) {
    const dialect = createDialect(messages)
    const { system, spoken } = splitSystem(messages)
    const contents = writeBlockMessages(spoken, lose, dialect)
    if (contents === undefined) return undefined
    return {
      ...(system === undefined
        ? {}
        : { systemInstruction: { parts: writeParts(partsOf(system), lose, writePart) } }),
      contents,
      ...(tools === undefined ? {} : { tools: [{ functionDeclarations: tools.map(writeTool) }] }),
    }
  },
}

/** Calls may lack ids: one that has none is `call_N`, the N-th of the conversation, and a result without one answers by name. */
function createDialect(messages: readonly Message[] = []): BlockDialect {
  const open: ToolCall[] = []
  let calls = 0
  const names = new Map(messages.flatMap(({ toolCalls = [] }) => toolCalls.map(({ id, name }) => [id, name])))
  const usual = new Set<string>()
  let written = 0
  const idOf = (id: string): { id?: string } => (usual.has(id) ? {} : { id })
  return {
    at,
    contentKey: 'parts',
    roles: new Map([
      ['user', 'user'],
      ['model', 'assistant'],
      ['function', 'user'],
    ]),
    readBlock(block, pointer, draft) {
      const call = block['functionCall'] ?? block['function_call']
      const result = block['functionResponse'] ?? block['function_response']
      if (isJsonObject(call)) {
        calls++
        const parts = { id: call['id'] ?? `call_${calls}`, name: call['name'], arguments: call['args'] }
        const one = toCall(parts, pointer, draft)
        if (one === undefined) return undefined
        open.push(one)
        return { type: 'call', call: one }
      }
      if (isJsonObject(result)) {
        const place = open.findIndex(({ id, name }) =>
          typeof result['id'] === 'string' ? id === result['id'] : name === result['name'],
        )
        const [answered] = place < 0 ? [] : open.splice(place, 1)
        return { type: 'result', id: answered?.id ?? '', ...responseText(result['response']) }
      }
      return readPart(block, pointer, draft)
    },
    userRole: 'user',
    assistantRole: 'model',
    writesStrings: false,
    writePart,
    writeCall({ id, name, arguments: args }) {
      if (id === `call_${++written}`) usual.add(id)
      return { functionCall: { ...idOf(id), name, args } }
    },
    writeResult({ toolCallId = '', content, failed, parts }, lose) {
      if (parts?.some(({ type }) => type === 'media') === true) {
        lose('media', 'the result of a function can only be text')
      }
      if (parts !== undefined && parts.length > 1) lose('parts', 'the result of a function is one text')
      return {
        functionResponse: {
          ...idOf(toolCallId),
          name: names.get(toolCallId) ?? '',
          response: failed === true ? { error: content } : (objectOf(content) ?? { output: content }),
        },
      }
    },
  }
}

/** The object that a text is the JSON of, letter by letter; not one that would be read as `output` or `error`. */
function objectOf(content: string): JsonObject | undefined {
  const value = content.startsWith('{') ? parsed(content) : undefined
  if (!isJsonObject(value) || JSON.stringify(value) !== content) return undefined
  const keys = Object.keys(value)
  return keys.length === 1 && (keys[0] === 'output' || keys[0] === 'error') ? undefined : value
}

/** The API gives results under `output` and failures under `error`; anything else is kept as JSON. */
function responseText(response: unknown): { said: { content: string }; failed: boolean } {
  const [entry, ...more] = isJsonObject(response) ? Object.entries(response) : []
  if (entry !== undefined && more.length === 0 && typeof entry[1] === 'string') {
    if (entry[0] === 'output') return { said: { content: entry[1] }, failed: false }
    if (entry[0] === 'error') return { said: { content: entry[1] }, failed: true }
  }
  return { said: { content: JSON.stringify(response ?? {}) }, failed: false }
}

function readTools(value: unknown, draft: RecordDraft): void {
  if (!isMeaningful(value)) return
  draft.tools = readList(value, '/tools', draft, 'tools/definition', (group, pointer) => {
    const key =
      group['function_declarations'] === undefined ? 'functionDeclarations' : 'function_declarations'
    if (group[key] === undefined) {
      draft.report('tools/definition', pointer, 'only tools of functions are read')
      return undefined
    }
    return readList(group[key], `${pointer}/${key}`, draft, 'tools/definition', (tool, place) =>
      toTool(
        {
          name: tool['name'],
          description: tool['description'],
          parameters: withTypes(tool['parameters'], 'toLowerCase'),
        },
        place,
        draft,
      ),
    )
  }).flat()
}

const schemaTypes = new Set(['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'])

/**
 * A schema with the names of its types in lower case, as JSON Schema has them, or in upper case, as this API has them.
 * Source: https://ai.google.dev/api/caching#Schema
 */
function withTypes(schema: unknown, to: 'toLowerCase' | 'toUpperCase'): unknown {
  if (!isJsonObject(schema)) return schema
  const result: Record<string, unknown> = { ...schema }
  const { type, properties, items, anyOf } = schema
  if (typeof type === 'string' && schemaTypes.has(type.toLowerCase())) result['type'] = type[to]()
  if (isJsonObject(properties)) {
    result['properties'] = Object.fromEntries(
      Object.entries(properties).map(([name, each]) => [name, withTypes(each, to)]),
    )
  }
  if (items !== undefined) result['items'] = withTypes(items, to)
  if (Array.isArray(anyOf)) result['anyOf'] = anyOf.map((each: unknown) => withTypes(each, to))
  return result
}

const writeTool = ({ parameters, ...tool }: Tool): JsonObject => ({
  ...tool,
  ...(parameters === undefined ? {} : { parameters: withTypes(parameters, 'toUpperCase') }),
})

function readPart(block: JsonObject, pointer: string, draft: RecordDraft): Block | undefined {
  const inline = block['inlineData'] ?? block['inline_data']
  const file = block['fileData'] ?? block['file_data']
  if (block['thought'] === true) {
    draft.report('content/part', pointer, 'thoughts are not read')
    return undefined
  }
  if (typeof block['text'] === 'string') return { type: 'text', text: block['text'] }
  const body = isJsonObject(inline) ? inline : isJsonObject(file) ? file : undefined
  const mediaType = body?.['mimeType'] ?? body?.['mime_type']
  if (body !== undefined && typeof mediaType === 'string') {
    const { data } = body
    const uri = body['fileUri'] ?? body['file_uri']
    if (typeof data === 'string') return { type: 'media', mediaType, uri: dataUrl(mediaType, data) }
    if (typeof uri === 'string') return { type: 'media', mediaType, uri }
  }
  if ('text' in block) {
    draft.report(
      'content/not-text',
      `${pointer}/text`,
      `the content must be text, this is ${kindOf(block['text'])}`,
    )
  } else {
    draft.report(
      'content/part',
      pointer,
      `parts with ${excerpt(Object.keys(block)[0] ?? '')} are not read, or lack a type`,
    )
  }
  return undefined
}

function writePart(part: Part, lose: Lose): JsonObject | undefined {
  if (part.type === 'text') return { text: part.text }
  const { mediaType, uri } = part
  const data = splitDataUrl(uri)
  if (data !== undefined) return { inlineData: { mimeType: mediaType, data: data.base64 } }
  if (/^(?:https?|gs):/.test(uri)) return { fileData: { mimeType: mediaType, fileUri: uri } }
  lose(mediaType.startsWith('image/') ? 'images' : 'media', `${excerpt(uri)} is none of https:, gs:, data:`)
  return undefined
}
