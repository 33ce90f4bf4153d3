import type { ChatPart, ChatRequest } from '../../core/chat-model.ts'
import { HoneError } from '../../core/errors.ts'
import type { Message } from '../../core/example.ts'
import { FairQueue, type FairQueueOptions } from './fair-queue.ts'
import type { StoredLabelDecision } from '../../store/label-decisions.ts'
import { asksForLabel } from '../chat/decided-model.ts'
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
  readonly #limits: FairQueueOptions
  readonly #decisionOf: (homeId: string) => Promise<StoredLabelDecision | undefined>
  /** By local base: its models are computed together. */
  readonly #queues = new Map<string, FairQueue>()

  /**
   * @param limits of each base
   * @param decisionOf how the labels of a model of the home are decided
   */
  constructor(
    pool: ModelPool,
    limits: FairQueueOptions,
    decisionOf: (homeId: string) => Promise<StoredLabelDecision | undefined>,
  ) {
    this.#pool = pool
    this.#limits = limits
    this.#decisionOf = decisionOf
  }

  /** Requests that run and that wait, by local base. */
  get load(): Readonly<Record<string, FairQueue['load']>> {
    return Object.fromEntries([...this.#queues].map(([base, { load }]) => [base, load]))
  }

  /** Answers that are being generated now, or wait for a place. */
  get underWay(): number {
    return Object.values(this.load).reduce((sum, { running, waiting }) => sum + running + waiting, 0)
  }

  /**
   * An answer as it is generated. Aborting frees its place at once. Where the model's process dies before the first part, it
   * is started again, once.
   *
   * @param client whose request it is: clients take turns where requests wait; none (default) never goes ahead
   * @throws HoneError `E_DATA` for messages that no local model reads; `E_WORKER`; QueueFull; `signal.reason`
   */
  async *chat(
    target: InferenceTarget,
    request: InferenceRequest,
    signal: AbortSignal,
    client = '',
  ): AsyncGenerator<ChatPart> {
    requireText(request.messages)
    using place = await this.#queueOf(target).enter(client, signal)
    const wait = { signal, ahead: place.ahead && client !== '' }
    for (let attempt = 1; ; attempt++) {
      using used = await this.#pool.use(target.homeId, signal)
      let begun = false
      try {
        for await (const part of used.chat.model.chat(request, wait)) {
          begun = true
          yield part
        }
        return
      } catch (error) {
        // The pool opens a model whose process is gone anew.
        const died = HoneError.isInstance(error) && error.code === 'E_WORKER'
        if (!died || begun || attempt === 2) throw error
      }
    }
  }

  /** Tokens of a conversation as the model would be given it. */
  async countTokens(
    target: InferenceTarget,
    {
      messages,
      tools = [],
      continuesAnswer,
    }: Pick<InferenceRequest, 'messages' | 'tools' | 'continuesAnswer'>,
    signal?: AbortSignal,
  ): Promise<number> {
    requireText(messages)
    using used = await this.#pool.use(target.homeId, signal)
    return used.chat.countTokens(messages, tools, continuesAnswer)
  }

  /** How the answer to a request is decided, where the probabilities of labels decide it. */
  async labelDecision(
    { homeId }: InferenceTarget,
    request: Pick<InferenceRequest, 'messages' | 'tools' | 'constraint' | 'asWritten'>,
  ): Promise<StoredLabelDecision | undefined> {
    return asksForLabel(request) ? this.#decisionOf(homeId) : undefined
  }

  #queueOf({ localBase }: InferenceTarget): FairQueue {
    const queue = this.#queues.get(localBase) ?? new FairQueue(this.#limits)
    this.#queues.set(localBase, queue)
    return queue
  }
}

/** Local models read text only: anything else would be answered without having been seen. */
function requireText(messages: readonly Message[]): void {
  messages.forEach(({ parts = [] }, at) => {
    const media = parts.find((part) => part.type === 'media')
    if (media !== undefined) {
      throw new HoneError('E_DATA', 'this model reads text only, no images, documents or videos', {
        at: { pointer: `/messages/${at}/content` },
      })
    }
  })
}
