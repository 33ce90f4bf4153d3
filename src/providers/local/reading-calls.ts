import { randomUUID } from 'node:crypto'
import type { AnswerToken, ChatPart } from '../../core/chat-model.ts'
import type { AnswerPart } from '../../engine/generate/answer.ts'
import type { CallReader } from '../../text/tools/call-reader.ts'

/**
 * Passes on the parts of an answer, with the calls that its text makes as parts of their own, after all text. What is told
 * of their tokens comes with the text before them, which may be empty.
 */
export function readingCalls(reader: CallReader, send: (part: ChatPart) => void): (part: AnswerPart) => void {
  let waiting: number[] = []
  let areAsked = false
  let tokens: AnswerToken[] | undefined
  const sendText = (text: string): void => {
    if (text === '' && waiting.length === 0 && (tokens ?? []).length === 0) return
    send({
      type: 'text-delta',
      text,
      ...(areAsked ? { logProbabilities: waiting } : {}),
      ...(tokens === undefined ? {} : { tokens }),
    })
    waiting = []
    tokens &&= []
  }
  return (part) => {
    if (part.type === 'text-delta') {
      areAsked ||= part.logProbabilities !== undefined
      waiting.push(...(part.logProbabilities ?? []))
      if (part.tokens !== undefined) tokens = [...(tokens ?? []), ...part.tokens]
      const text = reader.push(part.text)
      if (text !== '') sendText(text)
    } else {
      const { text, calls } = reader.end()
      sendText(text)
      for (const call of calls) {
        const id = `call_${randomUUID().replaceAll('-', '').slice(0, 24)}`
        send({ type: 'tool-call', call: { id, ...call } })
      }
      const isWaiting = calls.length > 0 && part.reason === 'stop' && part.stopSequence === undefined
      send(isWaiting ? { ...part, reason: 'tool-calls' } : part)
    }
  }
}
