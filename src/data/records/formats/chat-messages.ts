import type { Message, Part, Role, ToolCall } from '../../../core/example.ts'
import { excerpt } from '../../excerpt.ts'
import { ElementPointers } from '../element-pointers.ts'
import type { RecordDraft } from '../record-draft.ts'
import { isJsonObject, isMeaningful, kindOf, pointerPart } from '../record-format.ts'
import { image } from './media-uri.ts'
import { partsContent } from './message-parts.ts'
import { readList, toCall } from './openai-tools.ts'

/** OpenAI's newer name for the system role is `developer`; its older name for the tool role is `function`. */
function roleOf(name: unknown): Role | undefined {
  switch (name) {
    case 'user':
    case 'assistant':
    case 'system':
    case 'tool':
      return name
    case 'developer':
      return 'system'
    case 'function':
      return 'tool'
    default:
      return undefined
  }
}

const messageKeys = new Set([
  'role',
  'content',
  'weight',
  'name',
  'tool_calls',
  'tool_call_id',
  'failed',
  'function_call',
  'audio',
])
const messagesAt = new ElementPointers('/messages')

/** The turns of a `messages` list of `{"role", "content"}` objects, the form that most services share. */
export function readMessages(value: unknown, draft: RecordDraft, at: ElementPointers = messagesAt): void {
  if (!Array.isArray(value)) {
    draft.report('roles/missing', at.list, `messages must be a list, this is ${kindOf(value)}`)
    return
  }
  for (let index = 0; index < value.length; index++) {
    const message: unknown = value[index]
    if (isJsonObject(message)) readMessage(message, index, draft, at)
    else {
      draft.report(
        'record/not-object',
        at.element(index),
        `a message must be an object, this is ${kindOf(message)}`,
      )
    }
  }
}

/** The one assistant text of a list of messages, as preference formats write an answer. */
export function readAnswer(value: unknown, pointer: string, draft: RecordDraft): string | undefined {
  if (!Array.isArray(value) || value.length !== 1) {
    const count = Array.isArray(value) ? `these are ${value.length}` : `this is ${kindOf(value)}`
    draft.report('roles/missing', pointer, `an answer is one assistant message, ${count}`)
    return undefined
  }
  const before = draft.messages.length
  readMessages(value, draft, new ElementPointers(pointer))
  if (draft.messages.length === before) return undefined
  const turn = draft.messages.pop()
  draft.roleAt.pop()
  draft.contentAt.pop()
  if (turn?.role !== 'assistant') {
    draft.report(
      'roles/last-assistant',
      `${pointer}/0/role`,
      `an answer must come from "assistant", not from "${turn?.role ?? ''}"`,
    )
    return undefined
  }
  draft.learned.pop()
  if (turn.toolCalls !== undefined || turn.parts !== undefined) {
    draft.report('record/unsupported', `${pointer}/0`, 'an answer of a preference pair can only be text')
    return undefined
  }
  return turn.content
}

function readMessage(
  message: Readonly<Record<string, unknown>>,
  index: number,
  draft: RecordDraft,
  at: ElementPointers,
): void {
  let plain = true
  for (const key in message) {
    if (key === 'role' || key === 'content') continue
    if (key === 'name' ? draft.textOnly : !messageKeys.has(key)) {
      draft.report(
        'record/ignored-key',
        `${at.element(index)}/${pointerPart(key)}`,
        `${excerpt(key)} of messages is not read`,
      )
    } else plain = false
  }
  const role = roleOf(message['role'])
  if (role === undefined) {
    const given = typeof message['role'] === 'string' ? excerpt(message['role']) : kindOf(message['role'])
    draft.report(
      'roles/unknown',
      at.role(index),
      `the role must be system, user or assistant, this is ${given}`,
    )
  }
  const { content } = message
  if (plain && role !== undefined && role !== 'tool' && typeof content === 'string') {
    const text = draft.text(content, at.content(index))
    if (text !== undefined) draft.add({ role, content: text }, at.role(index), at.content(index))
    return
  }
  readRichMessage(message, role, index, draft, at)
}

function readRichMessage(
  message: Readonly<Record<string, unknown>>,
  role: Role | undefined,
  index: number,
  draft: RecordDraft,
  at: ElementPointers,
): void {
  const pointer = at.element(index)
  const { weight } = message
  if (weight !== undefined && weight !== 0 && weight !== 1) {
    draft.report(
      'record/unsupported',
      `${pointer}/weight`,
      'the weight of a message is 0 (context) or 1 (learned)',
      'give the whole record another weight: {"messages": […], "weight": 0.5}',
    )
  }
  if (isMeaningful(message['audio'])) {
    if (draft.refusesToTrain(`${pointer}/audio`, '"audio"')) return
    draft.report('record/unsupported', `${pointer}/audio`, '"audio" of a message cannot be held')
  }
  const calls = readCalls(message, pointer, draft)
  const said = readContent(message['content'], at.content(index), draft, calls.length > 0 || role === 'tool')
  if (role === undefined || said === undefined) return
  if (calls.length > 0 && role !== 'assistant') {
    draft.report('tools/call', pointer, `a message from "${role}" cannot call`)
    return
  }
  const { name } = message
  const call = role === 'tool' ? answeredCall(message, draft) : {}
  // The name of a result is that of its tool, which the call says.
  const isSpeaker = typeof name === 'string' && !draft.textOnly && !(role === 'tool' && name === call.name)
  draft.add(
    {
      role,
      ...said,
      ...(calls.length > 0 ? { toolCalls: calls } : {}),
      ...(role === 'tool' ? { toolCallId: call.id ?? '' } : {}),
      ...(role === 'tool' && message['failed'] === true ? { failed: true } : {}),
      ...(isSpeaker ? { name } : {}),
    },
    at.role(index),
    at.content(index),
    weight !== 0,
  )
}

/** The call that a result answers: by its id, else the first open one of its name, else the first open one. */
function answeredCall(message: Readonly<Record<string, unknown>>, draft: RecordDraft): Partial<ToolCall> {
  const { tool_call_id: given, name } = message
  const asked = draft.messages.findLastIndex(({ role }) => role !== 'tool')
  const calls = draft.messages[asked]?.toolCalls ?? []
  if (typeof given === 'string') return calls.find(({ id }) => id === given) ?? { id: given }
  const answered = new Set(draft.messages.slice(asked + 1).map(({ toolCallId }) => toolCallId))
  const open = calls.filter(({ id }) => !answered.has(id))
  return (
    open.find((call) => call.name === name) ??
    (typeof name !== 'string' || open.length === 1 ? (open[0] ?? {}) : {})
  )
}

/** `tool_calls`, whose ids some programs leave out, or the one `function_call` of older records, which has none: `call_N`. */
function readCalls(
  message: Readonly<Record<string, unknown>>,
  pointer: string,
  draft: RecordDraft,
): ToolCall[] {
  if (isMeaningful(message['tool_calls'])) {
    let calls = draft.messages.reduce((sum, { toolCalls = [] }) => sum + toolCalls.length, 0)
    return readList(message['tool_calls'], `${pointer}/tool_calls`, draft, 'tools/call', (call, place) => {
      const body = isJsonObject(call['function']) ? call['function'] : call
      const id = call['id'] ?? `call_${++calls}`
      return toCall({ id, name: body['name'], arguments: body['arguments'] }, place, draft)
    })
  }
  const call = message['function_call']
  if (!isMeaningful(call)) return []
  const body = isJsonObject(call) ? call : {}
  const id = `call_${draft.messages.length + 1}`
  const one = toCall(
    { id, name: body['name'], arguments: body['arguments'] },
    `${pointer}/function_call`,
    draft,
  )
  return one === undefined ? [] : [one]
}

/** Content as text, as a list of parts, or `null` beside calls. `undefined` when it was reported. */
function readContent(
  value: unknown,
  pointer: string,
  draft: RecordDraft,
  mayBeEmpty: boolean,
): Pick<Message, 'content' | 'parts'> | undefined {
  if (mayBeEmpty && (value === undefined || value === null)) return { content: '' }
  if (!Array.isArray(value)) {
    const content = draft.text(value, pointer, mayBeEmpty)
    return content === undefined ? undefined : { content }
  }
  const parts: Part[] = []
  for (const [at, part] of value.entries()) {
    const read = readPart(part, `${pointer}/${at}`, draft)
    if (read === undefined) return undefined
    parts.push(read)
  }
  const said = partsContent(parts)
  const hasMedia = parts.some(({ type }) => type === 'media')
  if (!hasMedia && draft.text(said.content, pointer, mayBeEmpty) === undefined) return undefined
  // Without media, what is trained is the text as a whole.
  return draft.textOnly ? { content: said.content } : said
}

function readPart(part: unknown, pointer: string, draft: RecordDraft): Part | undefined {
  const type = isJsonObject(part) ? part['type'] : undefined
  if (!isJsonObject(part) || typeof type !== 'string') {
    draft.report('content/not-text', pointer, 'a part of a message must be an object with a type')
    return undefined
  }
  if (type === 'text' && typeof part['text'] === 'string') {
    const text = draft.text(part['text'], `${pointer}/text`, true)
    return text === undefined ? undefined : { type: 'text', text }
  }
  const source = part['image_url']
  const url = isJsonObject(source) ? source['url'] : source
  if (type === 'image_url' && typeof url === 'string') {
    if (isJsonObject(source) && isMeaningful(source['detail'])) {
      draft.report('record/ignored-key', `${pointer}/image_url/detail`, '"detail" of images is not read')
    }
    return draft.refusesToTrain(pointer, 'an image') ? undefined : image(url)
  }
  const { media_type: mediaType, uri } = part
  if (type === 'media' && typeof mediaType === 'string' && typeof uri === 'string') {
    return draft.refusesToTrain(pointer, 'media') ? undefined : { type: 'media', mediaType, uri }
  }
  if (!draft.refusesToTrain(pointer, `a part of the type ${excerpt(type)}`)) {
    draft.report(
      'content/part',
      pointer,
      `parts of the type ${excerpt(type)} are not read, or lack what they need`,
    )
  }
  return undefined
}
