import { excerpt } from '../../../excerpt.ts'
import { isJsonObject, kindOf } from '../../../records/record-format.ts'
import type { RecordRule } from '../../rule.ts'
import { messagesOf, roleOf, withMessages } from './messages-of.ts'

export const messageRole: RecordRule = {
  id: 'profile/role',
  isAboutForm: true,
  severity: 'error',
  reason: 'The service knows a fixed set of roles.',
  start({ profile }) {
    if (profile === undefined || profile.service === 'local') return undefined
    const { record: shape } = profile
    const known = new Set(shape.roles)
    const list = shape.roles.map((role) => `"${role}"`).join(', ')
    return ({ record }, report) => {
      const messages = messagesOf(record, shape)
      if (messages === undefined) return
      messages.list.forEach((message, at) => {
        const pointer = `${messages.pointer}/${at}`
        if (!isJsonObject(message)) {
          report(pointer, `a message must be an object, this is ${kindOf(message)}`)
          return
        }
        const { role } = message
        if (typeof role === 'string' && known.has(role)) return
        if (role === 'system') {
          report(
            `${pointer}/role`,
            'the system prompt stands beside the messages, not among them',
            'write it as "system"',
          )
        } else {
          const given = typeof role === 'string' ? excerpt(role) : kindOf(role)
          report(`${pointer}/role`, `the role must be one of ${list}, this is ${given}`)
        }
      })
    }
  },
  fixWords: 'a leading system message becomes the field "system"',
  fix(record, { profile }) {
    const shape = profile?.record
    if (shape === undefined || (shape.kind !== 'messages' && shape.kind !== 'converse')) return undefined
    const messages = messagesOf(record, shape)
    const first = messages?.list[0]
    if (messages === undefined || !isJsonObject(first) || roleOf(first) !== 'system') return undefined
    const has = record['system'] !== undefined && record['system'] !== null && record['system'] !== ''
    if (has || messages.list.slice(1).some((message) => roleOf(message) === 'system')) return undefined
    const { content } = first
    if (shape.kind === 'messages' && typeof content !== 'string') return undefined
    const system = shape.kind === 'converse' && typeof content === 'string' ? [{ text: content }] : content
    const { system: _empty, ...rest } = record
    return { system, ...withMessages(rest, shape, messages.list.slice(1)) }
  },
}
