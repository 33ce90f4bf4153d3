import type { JsonObject, Role, ToolCall } from '../../../core/example.ts'
import { ElementPointers } from '../element-pointers.ts'
import { excerpt } from '../../excerpt.ts'
import type { RecordDraft } from '../record-draft.ts'
import { isJsonObject, isMeaningful, kindOf, pointerPart } from '../record-format.ts'
import { parsed, readList, toCall, toTool } from './openai-tools.ts'

type Speaker = Role | 'call'

/** Every name that conversations of this kind give their speakers. */
const speakers = new Map<unknown, Speaker>([
  ['system', 'system'],
  ['human', 'user'],
  ['user', 'user'],
  ['gpt', 'assistant'],
  ['chatgpt', 'assistant'],
  ['assistant', 'assistant'],
  ['model', 'assistant'],
  ['bot', 'assistant'],
  ['function_call', 'call'],
  ['observation', 'tool'],
  ['tool', 'tool'],
])

const roleKeys = ['from', 'role'] as const
const contentKeys = ['value', 'content', 'text'] as const
const pointers = new Map<string, ElementPointers>()

function pointersFor(list: string, roleKey: string, contentKey: string): ElementPointers {
  const key = `${list} ${roleKey} ${contentKey}`
  let found = pointers.get(key)
  if (found === undefined) pointers.set(key, (found = new ElementPointers(list, roleKey, contentKey)))
  return found
}

/** Reads turns of `{"from" or "role", "value", "content" or "text"}`, or of `{"human", "assistant"}` pairs. */
export function readSpeakerTurns(value: unknown, list: string, draft: RecordDraft): void {
  if (!Array.isArray(value)) {
    draft.report('roles/missing', list, `the conversation must be a list, this is ${kindOf(value)}`)
    return
  }
  const calls: string[] = []
  let numbered = 0
  for (const [index, turn] of value.entries()) {
    if (!isJsonObject(turn)) {
      const message = `a message must be an object, this is ${kindOf(turn)}`
      draft.report('record/not-object', `${list}/${index}`, message)
      continue
    }
    if (turn['from'] === undefined && turn['role'] === undefined && typeof turn['human'] === 'string') {
      readPair(turn, index, list, draft)
      continue
    }
    const roleKey = roleKeys.find((key) => turn[key] !== undefined) ?? 'from'
    const contentKey = contentKeys.find((key) => turn[key] !== undefined) ?? 'value'
    const at = pointersFor(list, roleKey, contentKey)
    for (const key of Object.keys(turn)) {
      if (key === roleKey || key === contentKey || key === 'weight') continue
      const pointer = `${at.element(index)}/${pointerPart(key)}`
      draft.report('record/ignored-key', pointer, `${excerpt(key)} of messages is not read`)
    }
    const speaker = speakers.get(turn[roleKey])
    if (speaker === undefined) {
      const given = typeof turn[roleKey] === 'string' ? excerpt(turn[roleKey]) : kindOf(turn[roleKey])
      draft.report(
        'roles/unknown',
        at.role(index),
        `the speaker must be human or assistant, this is ${given}`,
      )
      continue
    }
    if (speaker === 'call') {
      const read = readCalls(turn[contentKey], at.content(index), numbered, draft)
      if (read === undefined) continue
      numbered += read.length
      calls.push(...read.map(({ id }) => id))
      draft.add({ role: 'assistant', content: '', toolCalls: read }, at.role(index), at.content(index))
      continue
    }
    const content = draft.text(turn[contentKey], at.content(index), speaker === 'tool')
    if (content === undefined) continue
    if (speaker === 'tool') {
      const toolCallId = calls.shift() ?? ''
      draft.add({ role: 'tool', content, toolCallId }, at.role(index), at.content(index))
    } else {
      draft.add({ role: speaker, content }, at.role(index), at.content(index), turn['weight'] !== 0)
    }
  }
}

function readPair(turn: JsonObject, index: number, list: string, draft: RecordDraft): void {
  for (const [key, role] of [
    ['human', 'user'],
    ['assistant', 'assistant'],
  ] as const) {
    const pointer = `${list}/${index}/${key}`
    const content = draft.text(turn[key], pointer)
    if (content !== undefined) draft.add({ role, content }, pointer, pointer)
  }
  for (const key of Object.keys(turn)) {
    if (key === 'human' || key === 'assistant') continue
    draft.report(
      'record/ignored-key',
      `${list}/${index}/${pointerPart(key)}`,
      `${excerpt(key)} of messages is not read`,
    )
  }
}

/** One call, or a list of them, as JSON text; they have no ids and are numbered. */
function readCalls(
  value: unknown,
  pointer: string,
  numbered: number,
  draft: RecordDraft,
): ToolCall[] | undefined {
  const body = typeof value === 'string' ? parsed(value) : value
  const list = Array.isArray(body) ? body : [body]
  const calls = readList(list, pointer, draft, 'tools/call', (call, place) => {
    numbered++
    const parts = { id: `call_${numbered}`, name: call['name'], arguments: call['arguments'] }
    return toCall(parts, place, draft)
  })
  return calls.length === list.length ? calls : undefined
}

/** A list of tools without OpenAI's frame, often as JSON text. */
export function readToolText(value: unknown, draft: RecordDraft): void {
  const list = typeof value === 'string' ? (value.trim() === '' ? [] : parsed(value)) : value
  if (!isMeaningful(list) && list !== undefined) return
  if (value === undefined || value === null) return
  draft.tools = readList(list, '/tools', draft, 'tools/definition', (tool, pointer) => {
    const body = isJsonObject(tool['function']) ? tool['function'] : tool
    const parts = { name: body['name'], description: body['description'], parameters: body['parameters'] }
    return toTool(parts, pointer, draft)
  })
}
