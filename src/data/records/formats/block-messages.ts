import type { JsonObject, Message, Part, Role, ToolCall } from '../../../core/example.ts'
import type { ElementPointers } from '../element-pointers.ts'
import { excerpt } from '../../excerpt.ts'
import type { RecordDraft } from '../record-draft.ts'
import { isJsonObject, kindOf, pointerPart, type Lose } from '../record-format.ts'
import { partsContent, partsOf } from './message-parts.ts'
import { readList } from './openai-tools.ts'
import { writeParts } from './write-chat.ts'

/** A part of a message where calls and results are parts too. */
export type Block =
  | Part
  | { readonly type: 'call'; readonly call: ToolCall }
  | {
      readonly type: 'result'
      readonly id: string
      readonly said: Pick<Message, 'content' | 'parts'>
      readonly failed: boolean
    }

/** How a service that writes messages as lists of blocks does so. */
export interface BlockDialect {
  readonly at: ElementPointers
  /** The key of the blocks. */
  readonly contentKey: string
  readonly roles: ReadonlyMap<unknown, Extract<Role, 'user' | 'assistant'>>
  /** `null` for a block without meaning; `undefined` when it was reported. */
  readBlock(block: JsonObject, pointer: string, draft: RecordDraft): Block | null | undefined
  readonly userRole: string
  readonly assistantRole: string
  /** Whether a single text is written as a string. */
  readonly writesStrings: boolean
  readonly writePart: (part: Part, lose: Lose) => JsonObject | undefined
  writeCall(call: ToolCall): JsonObject
  writeResult(result: Message, lose: Lose): JsonObject
}

/** Reads messages whose content is a list of blocks, or one text. A result of a tool becomes a message of its own. */
export function readBlockMessages(value: unknown, draft: RecordDraft, dialect: BlockDialect): void {
  const { at, contentKey, roles } = dialect
  if (!Array.isArray(value)) {
    draft.report('roles/missing', at.list, `messages must be a list, this is ${kindOf(value)}`)
    return
  }
  for (const [index, message] of value.entries()) {
    if (!isJsonObject(message)) {
      draft.report(
        'record/not-object',
        at.element(index),
        `a message must be an object, this is ${kindOf(message)}`,
      )
      continue
    }
    for (const key of Object.keys(message)) {
      if (key === 'role' || key === contentKey) continue
      const pointer = `${at.element(index)}/${pointerPart(key)}`
      draft.report('record/ignored-key', pointer, `${excerpt(key)} of messages is not read`)
    }
    const role = roles.get(message['role'])
    if (role === undefined) {
      const given = typeof message['role'] === 'string' ? excerpt(message['role']) : kindOf(message['role'])
      const known = [...roles.keys()].join(' or ')
      draft.report('roles/unknown', at.role(index), `the role must be ${known}, this is ${given}`)
      continue
    }
    const content = message[contentKey]
    if (typeof content === 'string') {
      const text = draft.text(content, at.content(index))
      if (text !== undefined) draft.add({ role, content: text }, at.role(index), at.content(index))
    } else if (!Array.isArray(content)) {
      const pointer = at.content(index)
      draft.report(
        'content/not-text',
        pointer,
        `the content must be text or a list, this is ${kindOf(content)}`,
      )
    } else {
      const blocks = readBlocks(content, at.content(index), draft, dialect)
      if (blocks !== undefined) addBlocks(blocks, role, index, draft, dialect)
    }
  }
}

/** `undefined` when one could not be read. */
function readBlocks(
  content: readonly unknown[],
  pointer: string,
  draft: RecordDraft,
  dialect: BlockDialect,
): Block[] | undefined {
  let whole = true
  const blocks = readList(content, pointer, draft, 'content/part', (element, place) => {
    const block = dialect.readBlock(element, place, draft)
    if (block === undefined || (hasMedia(block) && draft.refusesToTrain(place, 'media'))) {
      whole = false
      return undefined
    }
    if (block?.type === 'text') draft.text(block.text, place, true)
    return block ?? undefined
  })
  return whole ? blocks : undefined
}

const hasMedia = (block: Block | null): boolean =>
  block?.type === 'media' ||
  (block?.type === 'result' && block.said.parts?.some(({ type }) => type === 'media') === true)

function addBlocks(
  blocks: readonly Block[],
  role: 'user' | 'assistant',
  index: number,
  draft: RecordDraft,
  { at }: BlockDialect,
): void {
  const parts = blocks.filter((block) => block.type === 'text' || block.type === 'media')
  const calls = blocks.flatMap((block) => (block.type === 'call' ? [block.call] : []))
  const results = blocks.filter((block) => block.type === 'result')
  if (calls.length > 0 && role === 'user') {
    draft.report('tools/call', at.content(index), 'a message from "user" cannot call')
    return
  }
  if (results.length > 0 && role === 'assistant') {
    draft.report('tools/result', at.content(index), 'the result of a tool cannot come from "assistant"')
    return
  }
  for (const { id, said, failed } of results) {
    const { content, parts: inner } = said
    const message: Message = {
      role: 'tool',
      content,
      ...(inner === undefined || draft.textOnly ? {} : { parts: inner }),
      toolCallId: id,
      ...(failed ? { failed } : {}),
    }
    draft.add(message, at.role(index), at.content(index))
  }
  if (parts.length === 0 && results.length > 0) return
  const said = partsContent(parts)
  const isBlank = parts.every((part) => part.type === 'text') && said.content.trim() === ''
  if (isBlank && calls.length === 0) {
    draft.report('content/empty', at.content(index), 'the content is empty')
  }
  draft.add(
    {
      role,
      content: said.content,
      ...(said.parts === undefined || draft.textOnly ? {} : { parts: said.parts }),
      ...(calls.length > 0 ? { toolCalls: calls } : {}),
    },
    at.role(index),
    at.content(index),
  )
}

/** A system prompt written as a text, or as a list of texts. */
export function readSystemBlocks(
  value: unknown,
  draft: RecordDraft,
  dialect: Pick<BlockDialect, 'readBlock'>,
  pointer = '/system',
): void {
  if (value === undefined || value === null) return
  if (!Array.isArray(value)) {
    const content = draft.text(value, pointer)
    if (content !== undefined) draft.add({ role: 'system', content }, pointer, pointer)
    return
  }
  const texts = readList(value, pointer, draft, 'content/part', (element, place) => {
    const block = dialect.readBlock(element, place, draft)
    if (block === null || block === undefined) return undefined
    if (block.type === 'text') return block
    draft.report('content/part', place, 'a system prompt can only be text')
    return undefined
  })
  if (texts.length === 0) return
  const said = partsContent(texts)
  if (draft.text(said.content, pointer) === undefined) return
  draft.add(
    {
      role: 'system',
      content: said.content,
      ...(said.parts && !draft.textOnly ? { parts: said.parts } : {}),
    },
    pointer,
    pointer,
  )
}

/** Writes messages as blocks; results go in front of the user message that follows them. `undefined` when one has nothing left. */
export function writeBlockMessages(
  messages: readonly Message[],
  lose: Lose,
  dialect: BlockDialect,
): JsonObject[] | undefined {
  const written: JsonObject[] = []
  let results: JsonObject[] = []
  const push = (role: string, content: unknown): void => {
    written.push({ role, [dialect.contentKey]: content })
  }
  const flush = (): void => {
    if (results.length > 0) push(dialect.userRole, results)
    results = []
  }
  for (const message of messages) {
    if (message.role === 'tool') {
      results.push(dialect.writeResult(message, lose))
      continue
    }
    const parts = partsOf(message)
    const isUser = message.role === 'user'
    if (!isUser) flush()
    const { toolCalls = [] } = message
    const blocks = [
      ...results,
      ...writeParts(parts, lose, dialect.writePart),
      ...toolCalls.map((call) => dialect.writeCall(call)),
    ]
    if (blocks.length === results.length) return undefined
    const isString =
      dialect.writesStrings && blocks.length === 1 && message.parts === undefined && toolCalls.length === 0
    push(isUser ? dialect.userRole : dialect.assistantRole, isString ? message.content : blocks)
    results = []
  }
  flush()
  return written
}
