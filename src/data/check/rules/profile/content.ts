import type { RecordShape } from '../../../../profiles/profile.ts'
import { isJsonObject, kindOf } from '../../../records/record-format.ts'
import type { RecordRule, RowReport } from '../../rule.ts'
import { messagesOf, withMessages } from './messages-of.ts'

/** What a message may hold instead of content. */
const insteadOfContent = ['tool_calls', 'function_call', 'refusal']

export const contentType: RecordRule = {
  id: 'profile/content-type',
  isAboutForm: true,
  severity: 'error',
  reason: 'The service reads content of one kind: text, or a list of blocks.',
  start({ profile }) {
    if (profile === undefined || profile.service === 'local') return undefined
    const { record: shape } = profile
    return ({ record }, report) => {
      const messages = messagesOf(record, shape)
      if (messages === undefined) return
      for (let at = 0; at < messages.list.length; at++) {
        const message = messages.list[at]
        if (isJsonObject(message)) checkContent(message, `${messages.pointer}/${at}/content`, shape, report)
      }
    }
  },
  fixWords: 'a list of text blocks becomes one text, and a text becomes a list of one block',
  fix(record, { profile }) {
    const shape = profile?.record
    const messages = shape && messagesOf(record, shape)
    if (shape === undefined || messages === undefined || shape.content === 'either') return undefined
    const list = messages.list.map((message) => {
      if (!isJsonObject(message)) return message
      const { content } = message
      if (shape.content === 'blocks') {
        return typeof content === 'string' ? { ...message, content: [{ text: content }] } : message
      }
      const texts = Array.isArray(content) ? content.map(plainText) : []
      const isText = texts.length > 0 && texts.every((text) => text !== undefined)
      return isText ? { ...message, content: texts.join('') } : message
    })
    return withMessages(record, shape, list)
  },
}

function checkContent(
  message: Readonly<Record<string, unknown>>,
  pointer: string,
  shape: RecordShape,
  report: RowReport,
): void {
  const { content } = message
  if (typeof content === 'string') {
    if (shape.content === 'blocks') {
      report(pointer, 'the content must be a list such as [{"text": "…"}], this is text')
    }
  } else if (Array.isArray(content)) {
    if (shape.content === 'text') report(pointer, 'the content must be text, this is a list of blocks')
    else {
      content.forEach((block: unknown, at) => {
        if (!isJsonObject(block))
          report(`${pointer}/${at}`, `a block must be an object, this is ${kindOf(block)}`)
      })
    }
  } else {
    const absent = content === null || content === undefined
    if (
      absent &&
      insteadOfContent.some((key) => shape.messageKeys.includes(key) && message[key] !== undefined)
    )
      return
    report(
      pointer,
      `the content must be ${shape.content === 'blocks' ? 'a list of blocks' : 'text'}, this is ${kindOf(content)}`,
    )
  }
}

/** The text of a block that is nothing but text. */
function plainText(block: unknown): string | undefined {
  if (!isJsonObject(block) || typeof block['text'] !== 'string') return undefined
  const isPlain = Object.entries(block).every(
    ([key, value]) => key === 'text' || (key === 'type' && value === 'text'),
  )
  return isPlain ? block['text'] : undefined
}

export const emptyContent: RecordRule = {
  id: 'profile/empty-content',
  isAboutForm: true,
  severity: 'error',
  reason: 'The service refuses messages without content.',
  start({ profile }) {
    if (profile === undefined || profile.service === 'local') return undefined
    const { record: shape } = profile
    return ({ record, turns, answer }, report) => {
      for (const turn of turns) {
        if (turn !== answer && isBlank(turn.text)) report(turn.pointer, 'the content is empty')
      }
      const messages = messagesOf(record, shape)
      if (messages === undefined) return
      for (let at = 0; at < messages.list.length; at++) {
        const message = messages.list[at]
        if (isJsonObject(message) && Array.isArray(message['content']) && message['content'].length === 0) {
          report(`${messages.pointer}/${at}/content`, 'the list of blocks is empty')
        }
      }
    }
  },
}

const isBlank = (text: string): boolean => text.length < 1000 && text.trim() === ''
