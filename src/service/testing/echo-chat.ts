import { setTimeout as pause } from 'node:timers/promises'
import type { ChatModel, ChatPart, ChatRequest, WaitOptions } from '../../core/chat-model.ts'
import type { ChatService } from '../chat/chat-service.ts'

/** A model that repeats the last message, word for word, and how often it is asked. */
export interface EchoChat extends ChatService {
  /** Answers that are under way. */
  readonly running: number
}

export interface EchoOptions {
  /** Before each word; a client that hangs up ends it. */
  readonly pauseMilliseconds?: number
  /** What every answer waits for when it has said its first word. */
  readonly afterFirstWord?: () => Promise<void>
}

export function createEchoChat({ pauseMilliseconds = 0, afterFirstWord }: EchoOptions = {}): EchoChat {
  let running = 0
  async function* chat({ messages }: ChatRequest, { signal }: WaitOptions = {}): AsyncGenerator<ChatPart> {
    const words = (messages.at(-1)?.content ?? '').split(/(?<= )/)
    running++
    try {
      for (const [at, text] of words.entries()) {
        signal?.throwIfAborted()
        if (pauseMilliseconds > 0) {
          await pause(pauseMilliseconds, undefined, signal === undefined ? {} : { signal })
        }
        yield { type: 'text-delta', text }
        if (at === 0) await afterFirstWord?.()
      }
      const usage = { promptTokens: words.length, completionTokens: words.length }
      yield { type: 'finish', reason: 'stop', usage }
    } finally {
      running--
    }
  }
  const model: ChatModel = {
    id: 'echo',
    concurrency: 1000,
    chat,
    scoreLabels: () => Promise.reject(new Error('an echo ranks nothing')),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
  return {
    get running() {
      return running
    },
    open: (id) =>
      Promise.resolve({
        id,
        kind: 'base',
        folder: '',
        base: id,
        defaultSystemPrompt: null,
        systemPrompt: null,
        model,
        countTokens: (messages) => messages.reduce((sum, { content }) => sum + content.split(' ').length, 0),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      }),
  }
}
