import type { ChatPart, ChatRequest } from '../../core/chat-model.ts'
import { HoneError } from '../../core/errors.ts'
import type { Message } from '../../core/example.ts'
import type { ModelPool } from './model-pool.ts'

/** A model that answers, and as what. */
export interface InferenceTarget {
  /** Id of the model in the home. */
  readonly homeId: string
  /** Id of the local base, told to the client. */
  readonly localBase: string
}

/** What it takes to answer a conversation of text. */
export type InferenceRequest = Omit<ChatRequest, 'logProbabilities'>

/** Answers conversations with models of the pool. */
export class InferenceService {
  readonly #pool: ModelPool
  #underWay = 0

  constructor(pool: ModelPool) {
    this.#pool = pool
  }

  /** Answers that are being generated now. */
  get underWay(): number {
    return this.#underWay
  }

  /**
   * An answer as it is generated.
   *
   * @throws HoneError `E_DATA` for messages that no local model reads; `E_WORKER`; `signal.reason`
   */
  async *chat(
    target: InferenceTarget,
    request: InferenceRequest,
    signal: AbortSignal,
  ): AsyncGenerator<ChatPart> {
    requireText(request.messages)
    this.#underWay++
    try {
      using used = await this.#pool.use(target.homeId)
      yield* used.chat.model.chat(request, { signal })
    } finally {
      this.#underWay--
    }
  }

  /** Tokens of a conversation as the model would be given it. */
  async countTokens(target: InferenceTarget, messages: readonly Message[]): Promise<number> {
    requireText(messages)
    using used = await this.#pool.use(target.homeId)
    return used.chat.countTokens(messages)
  }
}

/** Local models read text only: anything else would be answered without having been seen. */
function requireText(messages: readonly Message[]): void {
  messages.forEach(({ parts = [], toolCalls = [], role }, at) => {
    const media = parts.find((part) => part.type === 'media')
    if (media !== undefined) {
      throw new HoneError('E_DATA', 'this model reads text only, no images, documents or videos', {
        at: { pointer: `/messages/${at}/content` },
      })
    }
    if (toolCalls.length > 0 || role === 'tool') {
      throw new HoneError('E_DATA', 'this model cannot use tools', { at: { pointer: `/messages/${at}` } })
    }
  })
}
