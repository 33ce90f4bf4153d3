import type { ErrorPlace } from '../core/errors.ts'
import type { Example, Message } from '../core/example.ts'

/** An example that knows which record it was read from. */
export interface PlacedExample extends Example {
  readonly at?: ErrorPlace
}

/** Finds the label in an example's answer, as written there; `undefined` when it cannot be read. */
export type LabelOf = (example: Example) => string | undefined

/** Everything before the answer: what the model is given. */
export function inputOf(example: Example): readonly Message[] {
  return example.messages.slice(0, -1)
}

/** The last assistant turn: what is asked for. */
export function answerOf(example: Example): string {
  return example.messages.at(-1)?.content ?? ''
}

/**
 * The turns of the conversation before the answer as one text. The system prompt, which a whole dataset shares, is left
 * out: it would make all records look alike.
 */
export function conversationText(example: Example): string {
  return inputOf(example)
    .filter(({ role }) => role !== 'system')
    .map(({ content }) => content)
    .join('\n')
}

/** The place of an example for a finding. */
export const placeOf = (example: PlacedExample | undefined): ErrorPlace => example?.at ?? {}
