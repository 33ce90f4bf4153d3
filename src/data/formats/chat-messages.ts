import type { Role } from '../../core/example.ts'
import { excerpt } from '../excerpt.ts'
import { isJsonObject, kindOf, pointerPart, textAt, type Turn } from '../record-format.ts'
import type { Report } from '../reading-rules.ts'

/** OpenAI's newer name for the system role is `developer`. */
const roles: Readonly<Record<string, Role>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
}

const meaningful = ['tool_calls', 'tool_call_id', 'function_call', 'audio']

/** The turns of a `messages` list of `{"role", "content"}` objects, the form that most services share. */
export function readMessages(value: unknown, pointer: string, report: Report): Turn[] {
  if (!Array.isArray(value)) {
    report('roles/missing', pointer, `messages must be a list, this is ${kindOf(value)}`)
    return []
  }
  return value.flatMap((message: unknown, at) => readMessage(message, `${pointer}/${at}`, report))
}

/** The one assistant turn of a list of messages, as preference formats write an answer. */
export function readAnswer(value: unknown, pointer: string, report: Report): Turn[] {
  const turns = readMessages(value, pointer, report)
  const [turn] = turns
  if (Array.isArray(value) && value.length !== 1) {
    report('roles/missing', pointer, `an answer is one assistant message, these are ${value.length}`)
    return []
  }
  if (turn !== undefined && turn.role !== 'assistant') {
    report(
      'roles/last-assistant',
      turn.roleAt,
      `an answer must come from "assistant", not from "${turn.role}"`,
    )
    return []
  }
  return turns
}

function readMessage(message: unknown, pointer: string, report: Report): Turn[] {
  if (!isJsonObject(message)) {
    report('record/not-object', pointer, `a message must be an object, this is ${kindOf(message)}`)
    return []
  }
  const told = meaningful.filter((key) => isMeaningful(message[key]))
  for (const key of told) report('record/unsupported', `${pointer}/${key}`, `"${key}" cannot be trained`)
  const weight = message['weight']
  if (weight !== undefined && weight !== 0 && weight !== 1) {
    report(
      'record/unsupported',
      `${pointer}/weight`,
      'the weight of a message is 0 (context) or 1 (learned)',
      'give the whole record another weight: {"messages": […], "weight": 0.5}',
    )
  }
  for (const key of Object.keys(message)) {
    if (!['role', 'content', 'weight', ...meaningful].includes(key)) {
      report(
        'record/ignored-key',
        `${pointer}/${pointerPart(key)}`,
        `${excerpt(key)} of messages is not read`,
      )
    }
  }
  const name = message['role']
  const role = typeof name === 'string' && Object.hasOwn(roles, name) ? roles[name] : undefined
  if (role === undefined) {
    const given = typeof name === 'string' ? excerpt(name) : kindOf(name)
    report('roles/unknown', `${pointer}/role`, `the role must be system, user or assistant, this is ${given}`)
  }
  if (told.length > 0) return []
  const content = textAt(message['content'], `${pointer}/content`, report)
  if (role === undefined || content === undefined) return []
  const places = { roleAt: `${pointer}/role`, contentAt: `${pointer}/content` }
  return [{ role, content, ...places, ...(weight === 0 ? { learned: false } : {}) }]
}

const isMeaningful = (value: unknown): boolean =>
  value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0)
