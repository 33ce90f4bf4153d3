import type { ChatModel, ChatRequest, DecidedLabel, FinishReason, TokenUsage } from '../../core/chat-model.ts'
import { HoneError } from '../../core/errors.ts'
import { printableText } from '../../lib/printable-text.ts'

export interface Answer {
  readonly text: string
  readonly finishReason: FinishReason
  readonly usage: TokenUsage
  /** Of each token, where the request asked for them. */
  readonly logProbabilities?: readonly number[]
  /** Where the probabilities of labels decided the answer. */
  readonly label?: DecidedLabel
}

export interface AnswerOptions {
  readonly signal: AbortSignal
  /** Told each piece of the answer as it comes. */
  readonly onText: (text: string) => void
  /** Write what would drive a terminal as ‹U+001B›, for pieces that go to one. */
  readonly visible: boolean
}

/** Streams one answer and gathers it. */
export async function answer(
  model: ChatModel,
  request: ChatRequest,
  { signal, onText, visible }: AnswerOptions,
): Promise<Answer> {
  let text = ''
  const logProbabilities: number[] = []
  for await (const part of model.chat(request, { signal })) {
    if (part.type === 'finish') {
      return {
        text,
        finishReason: part.reason,
        usage: part.usage,
        ...(part.decided === undefined ? {} : { label: part.decided }),
        ...(request.logProbabilities === true ? { logProbabilities } : {}),
      }
    }
    // None are offered, so none are called.
    if (part.type === 'tool-call') continue
    text += part.text
    logProbabilities.push(...(part.logProbabilities ?? []))
    onText(visible ? printableText(part.text, { keepLines: true }) : part.text)
  }
  throw new HoneError('E_WORKER', 'the answer ended without its end')
}
