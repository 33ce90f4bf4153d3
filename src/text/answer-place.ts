import { HoneError } from '../core/errors.ts'
import type { Message } from '../core/example.ts'
import type { TokenPlace } from './added-tokens.ts'
import type { ChatTemplate } from './chat-template.ts'
import { trimmed, type MarkedRendering } from './marked-rendering.ts'

/** A conversation as it is rendered for training. */
export interface RenderedExample {
  readonly messages: readonly Message[]
  readonly rendering: MarkedRendering
  /** The added tokens that the template wrote, in order. */
  readonly tokens: readonly TokenPlace[]
}

/** What an answer is trained on: UTF-16 offsets into the rendered text, the end-of-turn token included. */
export interface AnswerPlace {
  readonly start: number
  readonly end: number
  /** Where the end-of-turn token begins. */
  readonly turnEnd: number
}

/**
 * Where the answer of an assistant message stands: from the end of the generation prompt, which is where the model goes
 * on when it is served, up to and including the end-of-turn token. Where the template writes an answer without what its
 * generation prompt ends with, from the start of the message's content.
 *
 * @throws HoneError `E_TEMPLATE` where the template writes the conversation so far, or the answer, differently from how
 * it does when this answer is the one to come: the loss would be taken on what the model is never asked for
 */
export function placeAnswer(
  template: Pick<ChatTemplate, 'render'>,
  example: RenderedExample,
  message: number,
  endOfTurn: number | undefined,
): AnswerPlace {
  const { messages, rendering, tokens } = example
  const content = messages[message]?.content ?? ''
  const { core } = trimmed(content)
  const { start: contentStart, end: contentEnd } = rendering.contentEdges(message)
  const isChanged =
    contentStart !== undefined &&
    contentEnd !== undefined &&
    rendering.text.slice(contentStart, contentEnd) !== core
  if (core !== '' && (contentEnd === undefined || isChanged)) {
    throw refusal(message, 'the template does not write the answer as it is')
  }

  const start = startOfAnswer(template, example, message)
  const from = Math.max(start, contentEnd ?? start)
  const calls = (messages[message]?.toolCalls ?? []).length > 0
  // The marks of a call may be tokens of their own; in what the call says there is none.
  const mark = tokens.find((place) => place.start >= from && (!calls || place.id === endOfTurn))
  const isNextTurn = messages.some((_, later) => {
    const begins = later > message ? rendering.contentEdges(later).start : undefined
    return begins !== undefined && mark !== undefined && begins < mark.start
  })
  if (mark === undefined || isNextTurn || mark.id !== endOfTurn) {
    throw refusal(message, 'the template writes no end-of-turn token after the answer')
  }
  if (message === messages.length - 1) return { start, end: mark.end, turnEnd: mark.start }
  const own = template.render(messages.slice(0, message + 1), { addGenerationPrompt: false })
  if (commonPrefix(own, rendering.text) < mark.end) {
    throw refusal(message, 'the template writes this answer differently when messages follow it')
  }
  return { start, end: mark.end, turnEnd: mark.start }
}

function startOfAnswer(
  template: Pick<ChatTemplate, 'render'>,
  example: RenderedExample,
  message: number,
): number {
  const { messages, rendering } = example
  const prompt = template.render(messages.slice(0, message), { addGenerationPrompt: true })
  const common = commonPrefix(prompt, rendering.text)
  const { start, end } = rendering.contentEdges(message)
  if (common === prompt.length && (end === undefined || common <= end)) return common

  const contextEnd = messages
    .slice(0, message)
    .reduce((latest, _, earlier) => Math.max(latest, rendering.contentEdges(earlier).end ?? 0), 0)
  // Calls have no edges that would tell whether the template wrote them as before.
  const hasCalls = messages.slice(0, message).some(({ toolCalls = [] }) => toolCalls.length > 0)
  if (start === undefined || hasCalls || common < contextEnd) {
    throw refusal(message, 'the template writes the messages before the answer differently once it is there')
  }
  const { before } = trimmed(messages[message]?.content ?? '')
  const isKept = rendering.text.slice(start - before.length, start) === before
  return isKept ? Math.min(start, Math.max(common, start - before.length)) : start
}

/** How many UTF-16 units two texts have in common from the start. */
function commonPrefix(one: string, other: string): number {
  const limit = Math.min(one.length, other.length)
  let length = 0
  while (length < limit && one.charCodeAt(length) === other.charCodeAt(length)) length++
  return length
}

function refusal(message: number, reason: string): HoneError {
  return new HoneError('E_TEMPLATE', `message ${message + 1} cannot be trained on: ${reason}`, {
    at: { pointer: `/messages/${message}` },
    hint: 'end the conversation with this answer, train on last answers only, or choose another base model',
  })
}
