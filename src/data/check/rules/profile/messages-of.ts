import type { JsonObject } from '../../../../core/example.ts'
import type { RecordShape } from '../../../../profiles/profile.ts'

/** The list of messages of a record with a profile's shape, and its pointer; `undefined` where the record holds none. */
export function messagesOf(
  record: JsonObject,
  { kind }: RecordShape,
): { readonly list: readonly unknown[]; readonly pointer: string } | undefined {
  if (kind === 'prompt-completion') return undefined
  if (kind === 'openai-preference') {
    const input = record['input']
    const list = typeof input === 'object' && input !== null ? (input as JsonObject)['messages'] : undefined
    return Array.isArray(list) ? { list, pointer: '/input/messages' } : undefined
  }
  const list = record['messages']
  return Array.isArray(list) ? { list, pointer: '/messages' } : undefined
}

/** The record with another list of messages. */
export function withMessages(
  record: JsonObject,
  { kind }: RecordShape,
  messages: readonly unknown[],
): JsonObject {
  if (kind !== 'openai-preference') return { ...record, messages }
  return { ...record, input: { ...(record['input'] as JsonObject), messages } }
}

/** The role of a message, '' where it has none. */
export function roleOf(message: unknown): string {
  if (typeof message !== 'object' || message === null) return ''
  const { role } = message as { readonly role?: unknown }
  return typeof role === 'string' ? role : ''
}
