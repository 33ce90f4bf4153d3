import type { AnswerToken, ChatModel, ChatPart, ChatRequest } from '../../src/core/chat-model.ts'
import { readingCalls } from '../../src/providers/local/reading-calls.ts'
import type { ChatService } from '../../src/service/chat/chat-service.ts'
import { createChatText } from '../../src/text/chat-text.ts'
import { tinyTemplate, tinyTokenizer } from '../../src/text/testing/tiny-model.ts'

const chatText = createChatText(tinyTokenizer(), tinyTemplate('zephyr'))

/** A model that says what it is told to, read as that of the machine is. */
export interface ToldChat extends ChatService {
  /** What it says next; an error is thrown after the text. */
  answer: string
  failure: unknown
  /** What it was asked, oldest first. */
  readonly asked: ChatRequest[]
}

export function createToldChat(): ToldChat {
  const told: ToldChat = {
    answer: '',
    failure: undefined,
    asked: [],
    open: (id) => Promise.resolve(opened(id)),
  }
  const model: ChatModel = {
    id: 'told',
    concurrency: 1,
    async *chat(request: ChatRequest): AsyncGenerator<ChatPart> {
      told.asked.push(request)
      const { answer, failure } = told
      const { messages, tools = [] } = request
      // A call is told whole: what cuts it is not what its tests are about.
      const maxTokens = tools.length === 0 ? (request.maxTokens ?? Infinity) : Infinity
      const promptTokens = chatText.encodePrompt(messages, tools).length
      const parts: ChatPart[] = []
      const send = (part: ChatPart): void => void parts.push(part)
      const take = tools.length === 0 ? send : readingCalls(chatText.callReader(tools), send)
      const all = Array.from(answer)
      const characters = all.slice(0, maxTokens)
      for (const text of characters) {
        const tokens =
          request.likeliestTokens === undefined ? {} : { tokens: [tokenOf(text, request.likeliestTokens)] }
        take({ type: 'text-delta', text, ...tokens })
      }
      if (failure !== undefined) {
        yield* parts
        throw failure
      }
      const reason = characters.length < all.length ? 'length' : 'stop'
      take({ type: 'finish', reason, usage: { promptTokens, completionTokens: characters.length } })
      yield* parts
    },
    scoreLabels: () => Promise.reject(new Error('nobody asks')),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
  const opened = (id: string): Awaited<ReturnType<ChatService['open']>> => ({
    id,
    kind: 'base',
    folder: id,
    base: id,
    defaultSystemPrompt: null,
    systemPrompt: null,
    model,
    countTokens: (messages, tools) => chatText.encodePrompt(messages, tools).length,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  })
  return told
}

/** Each character is a token that is certain. */
function tokenOf(text: string, likeliest: number): AnswerToken {
  const token = { bytes: [...Buffer.from(text)], logProbability: -0.5 }
  return { ...token, likeliest: Array.from({ length: likeliest }, () => token) }
}
