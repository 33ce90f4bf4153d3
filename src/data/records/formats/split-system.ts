import type { Message } from '../../../core/example.ts'

/** The system message, where there is one, apart from the others. */
export function splitSystem(messages: readonly Message[]): {
  readonly system: Message | undefined
  readonly spoken: readonly Message[]
} {
  const [first] = messages
  return first?.role === 'system'
    ? { system: first, spoken: messages.slice(1) }
    : { system: undefined, spoken: messages }
}

/** The `system` field of a record that keeps it as text. */
export const systemField = (system: Message | undefined): { system?: string } =>
  system === undefined ? {} : { system: system.content }

/** Role and text of each message: all that plain formats keep. */
export const plainMessages = (messages: readonly Message[]): { role: string; content: string }[] =>
  messages.map(({ role, content }) => ({ role, content }))
