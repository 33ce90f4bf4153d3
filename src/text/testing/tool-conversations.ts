import type { Example, JsonObject, Message, Tool, ToolCall } from '../../core/example.ts'
import { mixedStrings } from './mixed-strings.ts'

/** Conversations about one to three tools, some of which call nothing. */
export type ToolConversation = Pick<Example, 'messages'> & { readonly tools: readonly Tool[] }

/**
 * Conversations of mixed strings in which tools are called: one call or two, with text or without, answered or not, after a
 * system message or none. Deterministic. Ids are of the kind that every template takes.
 */
export function toolConversations(count: number, seed = 3): ToolConversation[] {
  const texts = mixedStrings(count * 12 + 300, seed).slice(300)
  return Array.from({ length: count }, (_, index) => {
    const text = (place: number): string => texts[index * 12 + place] ?? ''
    const tools = [0, 1, 2].slice(0, 1 + (index % 3)).map((at) => tool(at, text(at)))
    const calls: ToolCall[] = [0, 1].slice(0, 1 + (index % 2)).map((at) => ({
      id: `call0000${at + 1}`,
      name: tools[at % tools.length]?.name ?? '',
      arguments: argumentsOf(index + at, text(3 + at)),
    }))
    const results = calls.map(({ id }, at): Message => ({
      role: 'tool',
      content: text(5 + at),
      toolCallId: id,
    }))
    const messages: Message[] = [
      ...(index % 4 < 2 ? [{ role: 'system', content: text(7) } as const] : []),
      { role: 'user', content: text(8) },
      ...(index % 7 === 6
        ? [{ role: 'assistant', content: text(9) } as const]
        : [
            { role: 'assistant', content: index % 5 === 0 ? text(9) : '', toolCalls: calls } as const,
            ...(index % 6 === 5 ? [] : results),
            ...(index % 6 < 3 ? [{ role: 'assistant', content: text(10) } as const] : []),
          ]),
    ]
    return { messages, tools }
  })
}

const tool = (at: number, text: string): Tool => ({
  name: ['find_claim', 'send-mail', 'weather'][at] ?? '',
  description: text,
  parameters: {
    type: 'object',
    properties: { id: { type: 'string', description: text }, count: { type: 'integer', minimum: at } },
    required: ['id'],
  },
})

function argumentsOf(kind: number, text: string): JsonObject {
  const all: readonly JsonObject[] = [
    { id: text },
    {},
    { id: text, count: kind, share: 1.5, open: false, none: null },
    { id: text, list: [text, { deep: [1, true, text] }, []], object: {} },
  ]
  return all[kind % all.length] ?? {}
}
