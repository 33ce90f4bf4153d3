import type { JsonObject } from '../../core/example.ts'
import type { RecordShape } from '../../profiles/profile.ts'

/**
 * True for a record that has exactly the form of the profile's own example: the known keys, texts that are not blank, and
 * roles in order. Most records are; for them the rules about form need not run. False says nothing.
 */
export function isPlainRecord(record: JsonObject, shape: RecordShape): boolean {
  if (shape.kind === 'prompt-completion') {
    for (const key in record) if (key !== 'prompt' && key !== 'completion') return false
    return isText(record['prompt']) && isText(record['completion'])
  }
  if (shape.kind !== 'messages' && shape.kind !== 'openai-chat') return false
  for (const key in record) {
    if (key === 'messages') continue
    if (key !== 'system' || shape.kind !== 'messages' || !isText(record['system'])) return false
  }
  const { messages } = record
  if (!Array.isArray(messages) || messages.length < Math.max(2, shape.minimumMessages)) return false
  const hasSystem = shape.kind === 'openai-chat' && roleAt(messages, 0) === 'system'
  const first = hasSystem ? 1 : 0
  if ((messages.length - first) % 2 !== 0 || messages.length === first) return false
  for (let at = 0; at < messages.length; at++) {
    const message: unknown = messages[at]
    if (typeof message !== 'object' || message === null) return false
    for (const key in message) if (key !== 'role' && key !== 'content') return false
    const { role, content } = message as JsonObject
    const wanted = at < first ? 'system' : (at - first) % 2 === 0 ? 'user' : 'assistant'
    if (role !== wanted || !isText(content)) return false
  }
  return true
}

const roleAt = (messages: readonly unknown[], at: number): unknown =>
  (messages[at] as JsonObject | null)?.['role']

/** Begins with a character that is seen: then it cannot be blank. */
function isText(value: unknown): value is string {
  if (typeof value !== 'string') return false
  const code = value.charCodeAt(0)
  return code > 0x20 && code < 0x7f
}
