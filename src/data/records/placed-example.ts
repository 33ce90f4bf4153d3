import type { ErrorPlace } from '../../core/errors.ts'
import type { Example, Message } from '../../core/example.ts'

/** An example that knows which record it was read from. */
export interface PlacedExample extends Example {
  readonly at?: ErrorPlace
  /** What it belongs to (a patient, a conversation), where that was asked for and the record says it. */
  readonly group?: string
}

/** Finds the label in an example's answer, as written there; `undefined` when it cannot be read. */
export type LabelOf = (example: Example) => string | undefined

/** Everything before the answer: what the model is given. */
export function inputOf(example: Example): readonly Message[] {
  return example.messages.slice(0, -1)
}

/** The last assistant turn: what is asked for, with the calls that it makes. */
export function answerOf(example: Example): string {
  const last = example.messages.at(-1)
  return last?.toolCalls === undefined ? (last?.content ?? '') : textOf(last)
}

/** What of a conversation is compared with others. */
export type ComparedPart = 'input' | 'conversation' | 'answer'

/**
 * A part of the conversation as one text: the turns before the answer (`input`), all turns, or the answer alone. The system
 * prompt, which a whole dataset shares, is left out: it would make all records look alike.
 */
export function comparedText(example: Example, part: ComparedPart): string {
  const messages = example.messages
  if (part === 'answer') return textOf(messages.at(-1))
  const turns = part === 'input' ? messages.slice(0, -1) : messages
  return turns
    .filter(({ role }) => role !== 'system')
    .map(textOf)
    .join('\n')
}

/** The place of an example for a finding. */
export const placeOf = (example: PlacedExample | undefined): ErrorPlace => example?.at ?? {}

/** The turns of the conversation before the answer as one text. */
export const conversationText = (example: Example): string => comparedText(example, 'input')

/** What a message says, with the media that it shows and the calls that it makes. */
function textOf(message: Message | undefined): string {
  if (message === undefined) return ''
  const { content, parts, toolCalls } = message
  if (parts === undefined && toolCalls === undefined) return content
  return [
    content,
    ...(parts ?? []).flatMap((part) => (part.type === 'media' ? [part.uri] : [])),
    ...(toolCalls ?? []).map((call) => `${call.name} ${JSON.stringify(call.arguments)}`),
  ].join('\n')
}
