import type { JsonObject } from '../../../../core/example.ts'
import { isJsonObject } from '../../../records/record-format.ts'
import type { RecordRule } from '../../rule.ts'
import { messagesOf, roleOf, withMessages } from './messages-of.ts'

/** Roles that take part in the conversation. */
const spoken = (role: string): boolean => role !== 'system' && role !== 'developer'

export const firstRole: RecordRule = {
  id: 'profile/first-role',
  isAboutForm: true,
  severity: 'error',
  reason: 'The service lets the user speak first.',
  start({ profile }) {
    const shape = profile?.record
    if (shape?.first === undefined || profile?.service === 'local') return undefined
    const wanted = shape.first
    return ({ record }, report) => {
      const messages = messagesOf(record, shape)
      const at = messages?.list.findIndex((message) => spoken(roleOf(message))) ?? -1
      if (messages === undefined || at < 0) return
      const role = roleOf(messages.list[at])
      if (role === wanted || !shape.roles.includes(role)) return
      report(
        `${messages.pointer}/${at}/role`,
        `the first message must come from "${wanted}", this one from "${role}"`,
        'take the greeting away, or put the question before it',
      )
    }
  },
  fixWords: 'what the assistant says before the first user message is taken away',
  fix(record, { profile }) {
    const shape = profile?.record
    const messages = shape && messagesOf(record, shape)
    if (shape === undefined || messages === undefined) return undefined
    const start = messages.list.findIndex((message) => roleOf(message) === 'user')
    const before = messages.list.slice(0, Math.max(0, start))
    if (start <= 0 || !before.every((message) => roleOf(message) === 'assistant')) return undefined
    const kept = messages.list.slice(start)
    return kept.some((message) => roleOf(message) === 'assistant')
      ? withMessages(record, shape, kept)
      : undefined
  },
}

export const lastRole: RecordRule = {
  id: 'profile/last-role',
  isAboutForm: true,
  severity: 'error',
  reason: 'The last message is the answer that is learned; without one nothing is.',
  start({ profile }) {
    const shape = profile?.record
    if (shape?.last === undefined || profile?.service === 'local') return undefined
    const wanted = shape.last
    return ({ record }, report) => {
      const messages = messagesOf(record, shape)
      if (messages === undefined || messages.list.length === 0) return
      const role = roleOf(messages.list.at(-1))
      if (role === wanted || !shape.roles.includes(role)) return
      report(
        `${messages.pointer}/${messages.list.length - 1}/role`,
        `the last message must come from "${wanted}", this one from "${role}"`,
        wanted === 'assistant' ? 'add the answer, or take the question away' : 'end with the question',
      )
    }
  },
  fixWords: 'user messages after the last answer are taken away',
  fix(record, { profile }) {
    const shape = profile?.record
    const messages = shape && messagesOf(record, shape)
    if (messages === undefined || shape?.last !== 'assistant') return undefined
    const last = messages.list.findLastIndex((message) => roleOf(message) === 'assistant')
    const after = messages.list.slice(last + 1)
    if (last < 1 || after.length === 0 || !after.every((message) => roleOf(message) === 'user'))
      return undefined
    return withMessages(record, shape, messages.list.slice(0, last + 1))
  },
}

export const alternation: RecordRule = {
  id: 'profile/alternation',
  isAboutForm: true,
  severity: 'error',
  reason: 'The service lets user and assistant alternate.',
  start({ profile }) {
    const shape = profile?.record
    if (shape?.alternating !== true || profile?.service === 'local') return undefined
    return ({ record }, report) => {
      const messages = messagesOf(record, shape)
      if (messages === undefined) return
      let before = ''
      for (let at = 0; at < messages.list.length; at++) {
        const role = roleOf(messages.list[at])
        if (role === before && shape.roles.includes(role)) {
          report(
            `${messages.pointer}/${at}/role`,
            `two "${role}" messages in a row`,
            'join them, or add what was said between them',
          )
        }
        before = role
      }
    }
  },
  fixWords: 'messages of one role in a row become one, with an empty line between their texts',
  fix(record, { profile }) {
    const shape = profile?.record
    const messages = shape && messagesOf(record, shape)
    if (shape === undefined || messages === undefined) return undefined
    const list: unknown[] = []
    for (const message of messages.list) {
      const last = list.at(-1)
      const joined = isJsonObject(last) && isJsonObject(message) ? join(last, message) : undefined
      if (joined === undefined) list.push(message)
      else list[list.length - 1] = joined
    }
    return list.length === messages.list.length ? undefined : withMessages(record, shape, list)
  },
}

/** Both as one, `undefined` where they cannot be: other roles, other fields than text, contents of two kinds. */
function join(first: JsonObject, second: JsonObject): JsonObject | undefined {
  const role = roleOf(first)
  if ((role !== 'user' && role !== 'assistant') || role !== roleOf(second)) return undefined
  const plain = [first, second].every((message) =>
    Object.keys(message).every((key) => key === 'role' || key === 'content'),
  )
  if (!plain) return undefined
  const [a, b] = [first['content'], second['content']]
  if (typeof a === 'string' && typeof b === 'string') return { role, content: `${a}\n\n${b}` }
  return Array.isArray(a) && Array.isArray(b)
    ? { role, content: [...(a as unknown[]), ...(b as unknown[])] }
    : undefined
}

export const messageCount: RecordRule = {
  id: 'profile/too-few-messages',
  isAboutForm: true,
  severity: 'error',
  reason: 'A conversation needs a question and an answer.',
  start({ profile }) {
    const shape = profile?.record
    if (shape === undefined || shape.minimumMessages === 0 || profile?.service === 'local') return undefined
    const { minimumMessages } = shape
    return ({ record }, report) => {
      const messages = messagesOf(record, shape)
      if (messages === undefined || messages.list.length >= minimumMessages) return
      report(
        messages.pointer,
        `the record has ${messages.list.length} of at least ${minimumMessages} messages`,
      )
    }
  },
}
