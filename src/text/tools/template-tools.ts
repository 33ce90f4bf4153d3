import type { JsonObject, Message, Tool, ToolCall } from '../../core/example.ts'
import type { ChatTemplate } from '../chat-template.ts'
import { callForms, type CallForm, type WrittenCall } from './call-form.ts'

/** How a chat template writes tools. */
export interface TemplateTools {
  readonly form: CallForm
  /** Whether it writes the text of a message that also calls. */
  readonly writesTextWithCalls: boolean
  /** Whether it writes several calls of one message. */
  readonly writesSeveralCalls: boolean
}

const parameters = { type: 'object', properties: { Hparameter: { type: 'string', description: 'Hmeaning' } } }
const tools: readonly Tool[] = [
  { name: 'Htool', description: 'Hdescription', parameters },
  { name: 'Hother', parameters },
]
const first: ToolCall = {
  id: 'call00001',
  name: 'Htool',
  arguments: { Hparameter: 'é "quoted"\n</tool_call> {', deep: { list: [1, true, null] } },
}
const second: ToolCall = { id: 'call00002', name: 'Hother', arguments: {} }
const user: Message = { role: 'user', content: 'Huserprobe' }
const text = 'Htextprobe'
const result: Message = { role: 'tool', name: 'Htool', content: 'Hresultprobe', toolCallId: 'call00001' }

/**
 * Whether the template has a section for tools that can be used, told by what it writes: it must name tools with their
 * descriptions and parameters, write a call so that it can be read back, and write its result.
 */
export function findTemplateTools(template: ChatTemplate): TemplateTools | undefined {
  if (!template.source.includes('tool')) return undefined
  const render = (messages: readonly Message[], addGenerationPrompt: boolean): string | undefined => {
    try {
      return template.render(messages, { addGenerationPrompt, tools })
    } catch {
      return undefined
    }
  }
  const prompt = render([user], true)
  const isTold = ['Htool', 'Hdescription', 'Hparameter', 'Hmeaning', 'Hother'].every((word) =>
    prompt?.includes(word),
  )
  const plain = render([user, { role: 'assistant', content: text }], false)
  if (prompt === undefined || plain === undefined || !isTold) return undefined
  const turnEnd = plain.slice(plain.lastIndexOf(text) + text.length)
  const answerOf = (message: Message): string | undefined => {
    const rendered = render([user, message], false)
    return rendered?.startsWith(prompt) === true && rendered.endsWith(turnEnd)
      ? rendered.slice(prompt.length, rendered.length - turnEnd.length)
      : undefined
  }
  const reads = (form: CallForm, content: string, toolCalls: readonly ToolCall[]): boolean => {
    const answer = answerOf({ role: 'assistant', content, toolCalls })
    const read = answer === undefined ? undefined : form.read(answer, () => true)
    return read !== undefined && areSameCalls(read.calls, toolCalls) && read.text.includes(content)
  }
  const answered = render([user, { role: 'assistant', content: '', toolCalls: [first] }, result], true)
  const form = callForms.find((each) => reads(each, '', [first]))
  if (form === undefined || answered?.includes(result.content) !== true) return undefined
  return {
    form,
    writesTextWithCalls: reads(form, text, [first]),
    writesSeveralCalls: reads(form, '', [first, second]),
  }
}

/** Whether two lists of calls are the same but for their ids. */
export function areSameCalls(one: readonly WrittenCall[], other: readonly WrittenCall[]): boolean {
  return one.length === other.length && one.every((call, at) => isSameCall(call, other[at] as WrittenCall))
}

const isSameCall = (one: WrittenCall, other: WrittenCall): boolean =>
  one.name === other.name && isSame(one.arguments, other.arguments)

function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return one === 0 && other === 0
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const [left, right] = [one as JsonObject, other as JsonObject]
  const keys = Object.keys(left)
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && isSame(left[key], right[key]))
  )
}
