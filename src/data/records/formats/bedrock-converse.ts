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
import { dataUrl, formatOfType, splitDataUrl, typeOfFormat } from './media-uri.ts'
import { partsContent, partsOf } from './message-parts.ts'
import { readList, toCall, toTool } from './openai-tools.ts'
import { splitSystem } from './split-system.ts'
import { writeParts } from './write-chat.ts'

const kinds = { image: 'image', video: 'video', document: 'application' } as const

/** Converse wants a name for each document. */
const unnamed = 'document'

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
  writesStrings: false,
  writePart,
  writeCall: ({ id, name, arguments: input }) => ({ toolUse: { toolUseId: id, name, input } }),
  writeResult: (message, lose) => ({
    toolResult: {
      toolUseId: message.toolCallId,
      content: writeParts(partsOf(message), lose, writePart),
      ...(message.failed === true ? { status: 'error' } : {}),
    },
  }),
}

/**
 * The Converse form of Amazon Bedrock as training data.
 * Source: https://docs.aws.amazon.com/nova/latest/userguide/fine-tune-prepare-data-understanding.html
 */
export const bedrockConverse: RecordFormat = {
  id: 'bedrock-converse',
  form: '{"schemaVersion": "bedrock-conversation-2024", "system": [{"text": "…"}], "messages": [{"role": "user", "content": [{"text": "…"}]}, …]}',
  usedBy: 'Amazon Nova and Llama 3.2 and later on Amazon Bedrock',
  requiredKeys: ['messages'],
  optionalKeys: ['schemaVersion', 'system', 'toolConfig'],
  holds: ['system', 'turns', 'parts', 'images', 'media', 'tools', 'calls', 'call-ids', 'failed'],
  fits: (record) =>
    typeof record['schemaVersion'] === 'string' ||
    record['toolConfig'] !== undefined ||
    hasBareBlocks(record),
  read(record, draft) {
    readSystemBlocks(record['system'], draft, dialect)
    readBlockMessages(record['messages'], draft, dialect)
    readToolConfig(record['toolConfig'], draft)
  },
  write({ messages, tools }, lose) {
    const { system, spoken } = splitSystem(messages)
    const written = writeBlockMessages(spoken, lose, dialect)
    return written === undefined
      ? undefined
      : {
          schemaVersion: 'bedrock-conversation-2024',
          ...(system === undefined ? {} : { system: writeParts(partsOf(system), lose, writePart) }),
          messages: written,
          ...(tools === undefined
            ? {}
            : {
                toolConfig: {
                  tools: tools.map(({ name, description, parameters }) => ({
                    toolSpec: {
                      name,
                      ...(description === undefined ? {} : { description }),
                      ...(parameters === undefined ? {} : { inputSchema: { json: parameters } }),
                    },
                  })),
                },
              }),
        }
  },
}

/** A block without a type is Converse's: the services that write types write one in every block. */
function hasBareBlocks({ messages }: JsonObject): boolean {
  if (!Array.isArray(messages)) return false
  for (const message of messages) {
    const content: unknown = isJsonObject(message) ? message['content'] : undefined
    if (!Array.isArray(content)) continue
    const block: unknown = content[0]
    return isJsonObject(block) && block['type'] === undefined
  }
  return false
}

function readToolConfig(value: unknown, draft: RecordDraft): void {
  const tools = isJsonObject(value) ? value['tools'] : undefined
  if (!isMeaningful(tools)) return
  draft.tools = readList(tools, '/toolConfig/tools', draft, 'tools/definition', (tool, pointer) => {
    const body = isJsonObject(tool['toolSpec']) ? tool['toolSpec'] : {}
    const schema = body['inputSchema']
    const parameters = isJsonObject(schema) ? schema['json'] : undefined
    return toTool({ name: body['name'], description: body['description'], parameters }, pointer, draft)
  })
}

function readBlock(block: JsonObject, pointer: string, draft: RecordDraft): Block | null | undefined {
  if (typeof block['text'] === 'string') return { type: 'text', text: block['text'] }
  for (const [key, kind] of Object.entries(kinds)) {
    if (isJsonObject(block[key])) return readMedia(block[key], kind, `${pointer}/${key}`, draft)
  }
  const { toolUse, toolResult } = block
  if (isJsonObject(toolUse)) {
    const parts = { id: toolUse['toolUseId'], name: toolUse['name'], arguments: toolUse['input'] }
    const call = toCall(parts, pointer, draft)
    return call && { type: 'call', call }
  }
  if (isJsonObject(toolResult)) {
    const id = typeof toolResult['toolUseId'] === 'string' ? toolResult['toolUseId'] : ''
    const said = readResult(toolResult['content'] ?? [], `${pointer}/toolResult/content`, draft)
    return said && { type: 'result', id, said, failed: toolResult['status'] === 'error' }
  }
  const keys = Object.keys(block)
  if (keys[0] === 'cachePoint') {
    draft.report('record/ignored-key', `${pointer}/cachePoint`, '"cachePoint" of a block is not read')
    return null
  }
  if ('text' in block) {
    draft.report(
      'content/not-text',
      `${pointer}/text`,
      `the content must be text, this is ${kindOf(block['text'])}`,
    )
  } else draft.report('content/part', pointer, `blocks with ${excerpt(keys[0] ?? '')} are not read`)
  return undefined
}

function readResult(value: unknown, pointer: string, draft: RecordDraft): Pick<Message, 'content' | 'parts'> {
  const parts = readList(value, pointer, draft, 'content/part', (block, place): Part | undefined => {
    if (block['json'] !== undefined) return { type: 'text', text: JSON.stringify(block['json']) }
    const read = readBlock(block, place, draft)
    return read?.type === 'text' || read?.type === 'media' ? read : undefined
  })
  return partsContent(parts)
}

function readMedia(
  body: JsonObject,
  kind: 'image' | 'video' | 'application',
  pointer: string,
  draft: RecordDraft,
): Media | undefined {
  const format = typeof body['format'] === 'string' ? body['format'] : ''
  const source = isJsonObject(body['source']) ? body['source'] : {}
  const location = isJsonObject(source['s3Location']) ? source['s3Location'] : {}
  const mediaType = typeOfFormat(format, kind)
  for (const [owner, key, what] of [
    [body, 'name', 'a document'],
    [location, 'bucketOwner', 'an S3 location'],
  ] as const) {
    // The name that is written where there is none says nothing.
    if (owner[key] !== undefined && owner[key] !== unnamed) {
      draft.report('record/ignored-key', `${pointer}/${key}`, `"${key}" of ${what} is not read`)
    }
  }
  if (format !== '' && typeof location['uri'] === 'string') {
    return { type: 'media', mediaType, uri: location['uri'] }
  }
  if (format !== '' && typeof source['bytes'] === 'string') {
    return { type: 'media', mediaType, uri: dataUrl(mediaType, source['bytes']) }
  }
  draft.report('content/part', pointer, 'media needs a format, and a source of bytes or an s3Location')
  return undefined
}

function writePart(part: Part, lose: Lose): JsonObject | undefined {
  if (part.type === 'text') return { text: part.text }
  const { mediaType, uri } = part
  const key = mediaType.startsWith('image/') ? 'image' : mediaType.startsWith('video/') ? 'video' : 'document'
  const data = splitDataUrl(uri)
  const format = formatOfType(mediaType)
  if ((data === undefined && !uri.startsWith('s3:')) || format === '*') {
    const what = format === '*' ? 'of an unknown kind' : 'neither in S3 nor in the record'
    lose(key === 'image' ? 'images' : 'media', `${excerpt(uri)} is ${what}`)
    return undefined
  }
  return {
    [key]: {
      format,
      ...(key === 'document' ? { name: unnamed } : {}),
      source: data === undefined ? { s3Location: { uri } } : { bytes: data.base64 },
    },
  }
}
