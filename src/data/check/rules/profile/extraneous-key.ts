import type { JsonObject } from '../../../../core/example.ts'
import { excerpt } from '../../../excerpt.ts'
import { isJsonObject, pointerPart } from '../../../records/record-format.ts'
import type { RecordRule } from '../../rule.ts'
import { messagesOf, withMessages } from './messages-of.ts'

/** Keys that say what is to be learned: taking them away would change the record's meaning. */
const meaningful = new Set([
  'tools',
  'functions',
  'tool_choice',
  'tool_calls',
  'tool_call_id',
  'function_call',
  'weight',
  'audio',
  'prompt',
  'completion',
  'messages',
  'input',
  'output',
  'chosen',
  'rejected',
  'conversations',
])

export const extraneousKey: RecordRule = {
  id: 'profile/extraneous-key',
  isAboutForm: true,
  severity: 'error',
  reason: 'The service reads a fixed set of keys and refuses records with others.',
  start({ profile }) {
    if (profile === undefined || profile.service === 'local') return undefined
    const { record: shape } = profile
    const top = new Set([...shape.required, ...shape.optional])
    const inMessage = new Set(shape.messageKeys)
    const allowed = shape.kind === 'prompt-completion' ? '' : shape.messageKeys.join(', ')
    return ({ record }, report) => {
      if (shape.openKeys === undefined) {
        for (const key in record) {
          if (top.has(key)) continue
          report(
            `/${pointerPart(key)}`,
            `the key ${excerpt(key)} is not allowed`,
            `a record has ${[...top].join(', ')}`,
          )
        }
      }
      const messages = messagesOf(record, shape)
      if (messages === undefined) return
      for (let at = 0; at < messages.list.length; at++) {
        const message = messages.list[at]
        if (!isJsonObject(message)) continue
        for (const key in message) {
          if (inMessage.has(key)) continue
          report(
            `${messages.pointer}/${at}/${pointerPart(key)}`,
            `the key ${excerpt(key)} of a message is not allowed`,
            `a message has ${allowed}`,
          )
        }
      }
    }
  },
  fixWords: 'the key is taken away, unless it says what is to be learned',
  fix(record, { profile }) {
    if (profile === undefined) return undefined
    const { record: shape } = profile
    const top = [...shape.required, ...shape.optional]
    const mended = shape.openKeys ? record : without(record, top)
    const messages = messagesOf(mended, shape)
    if (messages === undefined) return mended
    const list = messages.list.map((message) =>
      isJsonObject(message) ? without(message, shape.messageKeys) : message,
    )
    return withMessages(mended, shape, list)
  },
}

function without(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(
    Object.entries(object).filter(
      ([key, value]) => keys.includes(key) || (meaningful.has(key) && !isEmpty(value)),
    ),
  )
}

const isEmpty = (value: unknown): boolean => value === null || (Array.isArray(value) && value.length === 0)
