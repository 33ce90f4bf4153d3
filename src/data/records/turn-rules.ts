import type { RecordDraft } from './record-draft.ts'

/**
 * The order that an example must have: at most one system message at the start, then user and assistant in turn; the calls
 * of an assistant message are followed by one result each.
 */
export function checkTurns(draft: RecordDraft): void {
  const { messages, roleAt } = draft
  let previous: (typeof messages)[number] | undefined
  let last = -1
  /** Calls that no result has answered yet. */
  let open: Set<string> | undefined
  for (let at = 0; at < messages.length; at++) {
    const message = messages[at]
    if (message === undefined) continue
    const { role } = message
    const pointer = roleAt[at] ?? ''
    if (role === 'system') {
      if (at > 0)
        draft.report('roles/system-first', pointer, 'there is one system message, and it comes first')
      continue
    }
    if (previous === undefined) {
      if (role !== 'user') {
        draft.report(
          'roles/first-user',
          pointer,
          `the first message must come from "user", this one from "${role}"`,
        )
      }
    } else if (role === 'tool') {
      if (open?.delete(message.toolCallId ?? '') !== true) {
        draft.report('tools/result', pointer, 'the result answers no call of the message before')
      }
    } else if (open !== undefined && open.size > 0) {
      draft.report('tools/result', pointer, `${open.size} of the calls before this message have no result`)
    } else if (role === previous.role) {
      draft.report('roles/alternation', pointer, `two "${role}" messages in a row`)
    }
    if (role !== 'tool') {
      open = message.toolCalls === undefined ? undefined : new Set(message.toolCalls.map(({ id }) => id))
    }
    previous = message
    last = at
  }
  if (previous === undefined) {
    draft.report('roles/missing', '/messages', 'there is no message to learn from')
  } else if (previous.role !== 'assistant') {
    draft.report(
      'roles/last-assistant',
      roleAt[last] ?? '',
      `the last message must come from "assistant", this one from "${previous.role}"`,
      'add the answer that the model should learn, or remove the record',
    )
  }
}
