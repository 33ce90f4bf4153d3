import { HoneError } from '../../core/errors.ts'
import type { Message, Tool } from '../../core/example.ts'
import type { ChatTemplate } from '../chat-template.ts'
import { callForms } from './call-form.ts'
import type { CallWriting } from './call-language.ts'
import type { PlacedMessage, PreparedConversation } from './prepared-conversation.ts'
import { findTemplateTools, type TemplateTools } from './template-tools.ts'
import { toLayout } from './tool-layout.ts'

/** Conversations with tools as one model writes them. */
export interface ToolText extends CallWriting {
  /** @throws HoneError `E_DATA` where calls and results do not belong together, `E_TEMPLATE` for what the template leaves out */
  prepare(messages: readonly Message[], tools: readonly Tool[]): PreparedConversation
}

export function createToolText(template: ChatTemplate): ToolText {
  const own = findTemplateTools(template)
  return own === undefined
    ? {
        form: callForms[0],
        writesSeveralCalls: true,
        prepare: (messages, tools) => toLayout(template, inOrder(messages), tools),
      }
    : {
        form: own.form,
        writesSeveralCalls: own.writesSeveralCalls,
        prepare: (messages, tools) => forTemplate(inOrder(messages), tools, own),
      }
}

/**
 * The results of calls in the order of the calls, which is the only thing that tells them apart in many templates. A result
 * of a call that failed begins with `Error: `.
 */
function inOrder(messages: readonly Message[]): PlacedMessage[] {
  const placed: PlacedMessage[] = []
  let open: (PlacedMessage | undefined)[] = []
  let calls: Message['toolCalls'] = []
  const close = (): void => {
    const missing = open.indexOf(undefined)
    if (missing >= 0) {
      const name = calls?.[missing]?.name ?? ''
      throw fault(placed.at(-1)?.origin ?? 0, `the call of ${JSON.stringify(name)} has no result`)
    }
    placed.push(...open.filter((each) => each !== undefined))
    open = []
  }
  messages.forEach((message, origin) => {
    if (message.role === 'tool') {
      const at = calls?.findIndex(({ id }) => id === message.toolCallId) ?? -1
      const call = calls?.[at]
      if (call === undefined || open[at] !== undefined) {
        throw fault(origin, 'the result answers no call of the message before')
      }
      const content = message.failed === true ? `Error: ${message.content}` : message.content
      open[at] = { message: { ...message, content, name: call.name }, origin }
      return
    }
    close()
    placed.push({ message, origin })
    calls = message.toolCalls ?? []
    open = Array.from({ length: origin === messages.length - 1 ? 0 : calls.length }, () => undefined)
  })
  close()
  return placed
}

const fault = (origin: number, message: string): HoneError =>
  new HoneError('E_DATA', message, {
    at: { pointer: `/messages/${origin}` },
    hint: 'give each call one result, in a tool message right after it that names the id of the call',
  })

function forTemplate(
  placed: readonly PlacedMessage[],
  tools: readonly Tool[],
  { writesTextWithCalls, writesSeveralCalls }: TemplateTools,
): PreparedConversation {
  let count = 0
  const ids = new Map<string, string>()
  const messages = placed.map(({ message, origin }): Message => {
    const { content, toolCalls, toolCallId } = message
    if (toolCallId !== undefined) return { ...message, toolCallId: ids.get(toolCallId) ?? toolCallId }
    if (toolCalls === undefined || toolCalls.length === 0) return message
    if (toolCalls.length > 1 && !writesSeveralCalls) {
      throw refusal(origin, `${toolCalls.length} calls in one message: the model's chat template writes one`)
    }
    if (content.trim() !== '' && !writesTextWithCalls) {
      throw refusal(origin, "the model's chat template leaves out the text of a message that calls a tool")
    }
    const renamed = toolCalls.map((call) => {
      // Some templates write the ids, and some of these refuse all but nine letters and digits.
      const id = `call${String(++count).padStart(5, '0')}`
      ids.set(call.id, id)
      return { ...call, id }
    })
    return { ...message, toolCalls: renamed }
  })
  return {
    messages,
    tools: tools.length === 0 ? undefined : tools,
    origins: placed.map(({ origin }) => origin),
  }
}

const refusal = (origin: number, message: string): HoneError =>
  new HoneError('E_TEMPLATE', message, {
    at: { pointer: `/messages/${origin}` },
    hint: 'give the record one call without text in a message, or choose another base model',
  })
