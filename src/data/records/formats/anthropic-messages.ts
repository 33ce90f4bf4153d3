import type { JsonObject, Media, Message, Part } from '../../../core/example.ts'
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
import { dataUrl, splitDataUrl, typeOfUri } from './media-uri.ts'
import { partsContent, partsOf } from './message-parts.ts'
import { readList, toCall, toTool } from './openai-tools.ts'
import { splitSystem } from './split-system.ts'
import { writeParts } from './write-chat.ts'

const blockTypes = new Set(['image', 'document', 'tool_use', 'tool_result'])

const dialect: BlockDialect = {
  at: new ElementPointers('/messages'),
  contentKey: 'content',
  roles: new Map([
    ['user', 'user'],
    ['assistant', 'assistant'],
  ]),
  readBlock,
  userRole: 'user',
  assistantRole: 'assistant',
  writesStrings: true,
  writePart,
  writeCall: ({ id, name, arguments: input }) => ({ type: 'tool_use', id, name, input }),
  writeResult: (message, lose) => ({
    type: 'tool_result',
    tool_use_id: message.toolCallId,
    content: message.parts === undefined ? message.content : writeParts(partsOf(message), lose, writePart),
    ...(message.failed === true ? { is_error: true } : {}),
  }),
}

/** Requests of the Anthropic Messages API with their answers. Source: https://docs.anthropic.com/en/api/messages */
export const anthropicMessages: RecordFormat = {
  id: 'anthropic-messages',
  form: '{"system": "…", "messages": [{"role": "user", "content": [{"type": "text", "text": "…"}]}, …], "tools": [{"name": "…", "input_schema": {…}}]}',
  usedBy: 'the Anthropic Messages API',
  requiredKeys: ['messages'],
  optionalKeys: ['system', 'tools'],
  holds: ['system', 'turns', 'parts', 'images', 'media', 'tools', 'calls', 'call-ids', 'failed'],
  fits: (record) => Array.isArray(record['system']) || hasOwnTools(record) || hasOwnBlocks(record),
  read(record, draft) {
    readSystemBlocks(record['system'], draft, dialect)
    readBlockMessages(record['messages'], draft, dialect)
    readTools(record['tools'], draft)
  },
  write({ messages, tools }, lose) {
    const { system, spoken } = splitSystem(messages)
    const written = writeBlockMessages(spoken, lose, dialect)
    const prompt = system?.parts === undefined ? system?.content : writeParts(system.parts, lose, writePart)
    return written === undefined
      ? undefined
      : {
          ...(prompt === undefined ? {} : { system: prompt }),
          messages: written,
          ...(tools === undefined
            ? {}
            : {
                tools: tools.map(({ name, description, parameters }) => ({
                  name,
                  ...(description === undefined ? {} : { description }),
                  ...(parameters === undefined ? {} : { input_schema: parameters }),
                })),
              }),
        }
  },
}

/** OpenAI frames a tool in `function`; here its name stands in the tool itself. */
function hasOwnTools({ tools }: JsonObject): boolean {
  const first: unknown = Array.isArray(tools) ? tools[0] : undefined
  return isJsonObject(first) && typeof first['name'] === 'string'
}

/** Blocks that no other service has, or any blocks beside a system prompt. */
function hasOwnBlocks({ messages, system }: JsonObject): boolean {
  if (!Array.isArray(messages)) return false
  for (const message of messages) {
    const content: unknown = isJsonObject(message) ? message['content'] : undefined
    if (!Array.isArray(content)) continue
    if (typeof system === 'string') return true
    for (const block of content) {
      if (isJsonObject(block) && typeof block['type'] === 'string' && blockTypes.has(block['type']))
        return true
    }
  }
  return false
}

function readTools(tools: unknown, draft: RecordDraft): void {
  if (!isMeaningful(tools)) return
  draft.tools = readList(tools, '/tools', draft, 'tools/definition', (tool, pointer) =>
    toTool(
      { name: tool['name'], description: tool['description'], parameters: tool['input_schema'] },
      pointer,
      draft,
    ),
  )
}

function readBlock(block: JsonObject, pointer: string, draft: RecordDraft): Block | null | undefined {
  const { type } = block
  if (block['cache_control'] !== undefined) {
    draft.report('record/ignored-key', `${pointer}/cache_control`, '"cache_control" of blocks is not read')
  }
  switch (type) {
    case 'text':
      if (typeof block['text'] === 'string') return { type, text: block['text'] }
      draft.report(
        'content/not-text',
        `${pointer}/text`,
        `the content must be text, this is ${kindOf(block['text'])}`,
      )
      return undefined
    case 'image':
    case 'document':
      return readMedia(block['source'], type, pointer, draft)
    case 'tool_use': {
      const call = toCall({ id: block['id'], name: block['name'], arguments: block['input'] }, pointer, draft)
      return call && { type: 'call', call }
    }
    case 'tool_result': {
      const id = typeof block['tool_use_id'] === 'string' ? block['tool_use_id'] : ''
      const said = readResult(block['content'] ?? '', `${pointer}/content`, draft)
      return { type: 'result', id, said, failed: block['is_error'] === true }
    }
    default:
      draft.report(
        'content/part',
        pointer,
        `blocks of the type ${typeof type === 'string' ? excerpt(type) : kindOf(type)} are not read`,
      )
      return undefined
  }
}

function readResult(value: unknown, pointer: string, draft: RecordDraft): Pick<Message, 'content' | 'parts'> {
  if (typeof value === 'string') return { content: draft.text(value, pointer, true) ?? '' }
  const parts = readList(value, pointer, draft, 'content/part', (block, place): Part | undefined => {
    const read = readBlock(block, place, draft)
    return read?.type === 'text' || read?.type === 'media' ? read : undefined
  })
  return partsContent(parts)
}

function readMedia(
  source: unknown,
  kind: 'image' | 'document',
  pointer: string,
  draft: RecordDraft,
): Media | undefined {
  const { type, media_type: given, data, url, file_id: id } = isJsonObject(source) ? source : {}
  const unknown = kind === 'image' ? 'image/*' : 'application/pdf'
  if (type === 'base64' && typeof given === 'string' && typeof data === 'string') {
    return { type: 'media', mediaType: given, uri: dataUrl(given, data) }
  }
  if (type === 'url' && typeof url === 'string') {
    return { type: 'media', mediaType: kind === 'image' ? typeOfUri(url) : unknown, uri: url }
  }
  if (type === 'file' && typeof id === 'string')
    return { type: 'media', mediaType: unknown, uri: `file:${id}` }
  if (type === 'text' && typeof data === 'string') {
    const base64 = Buffer.from(data).toString('base64')
    return { type: 'media', mediaType: 'text/plain', uri: dataUrl('text/plain', base64) }
  }
  draft.report('content/part', pointer, `the source of the ${kind} is none of base64, url, file`)
  return undefined
}

function writePart(part: Part, lose: Lose): JsonObject | undefined {
  if (part.type === 'text') return { type: 'text', text: part.text }
  const { mediaType, uri } = part
  const type = mediaType.startsWith('image/') ? 'image' : 'document'
  const data = splitDataUrl(uri)
  if (data?.mediaType === 'text/plain') {
    const text = Buffer.from(data.base64, 'base64').toString('utf8')
    return { type, source: { type: 'text', media_type: 'text/plain', data: text } }
  }
  if (type === 'document' && mediaType !== 'application/pdf') {
    lose('media', `${excerpt(mediaType)} is neither an image, a text nor a PDF`)
    return undefined
  }
  if (data !== undefined) {
    return { type, source: { type: 'base64', media_type: data.mediaType, data: data.base64 } }
  }
  if (/^https?:/.test(uri)) return { type, source: { type: 'url', url: uri } }
  if (uri.startsWith('file:')) return { type, source: { type: 'file', file_id: uri.slice(5) } }
  lose(
    type === 'image' ? 'images' : 'media',
    `${excerpt(uri)} is no https: or data: URL and no file of the service`,
  )
  return undefined
}
