import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ChatRequest } from '../../core/chat-model.ts'
import { HoneError } from '../../core/errors.ts'
import type { Message } from '../../core/example.ts'
import type { BaseModel } from '../../engine/base-model.ts'
import { toLabelScores, type GenerationRequest, type Generator } from '../../engine/generate/generator.ts'
import type { FromGenerationWorker } from './generation-protocol.ts'
import { toSerialized } from './worker-process.ts'

/** Answers that are worth computing at once: more rows make better use of each weight that is read. */
export const answersAtOnce = 32

interface Waiting extends GenerationRequest {
  readonly id: number
  readonly abort: AbortController
}

/** Collects requests while a batch runs, and answers them as the next batch. */
export class GenerationQueue {
  readonly #base: BaseModel
  readonly #generator: Generator
  readonly #send: (message: FromGenerationWorker) => void
  readonly #aborts = new Map<number, AbortController>()
  #chats: Waiting[] = []
  #scores: { id: number; messages: readonly Message[]; labels: readonly string[] }[] = []
  #running = false

  constructor(base: BaseModel, generator: Generator, send: (message: FromGenerationWorker) => void) {
    this.#base = base
    this.#generator = generator
    this.#send = send
  }

  chat(id: number, request: ChatRequest): void {
    try {
      const abort = new AbortController()
      const { messages, maxTokens = 256, stop = [], temperature = 0, topK = 0, topP = 1, seed = 0 } = request
      const prompt = this.#base.text.chatText.encodePrompt(messages)
      const { contextLength } = this.#base.config
      if (prompt.length >= contextLength) {
        const message = `the prompt has ${prompt.length} tokens; with an answer it must fit into ${contextLength}`
        throw new HoneError('E_DATA_TOO_LONG', message, { hint: 'shorten the conversation' })
      }
      this.#aborts.set(id, abort)
      this.#chats.push({
        id,
        abort,
        prompt,
        maxTokens,
        stop,
        temperature,
        topK,
        topP,
        seed,
        logProbabilities: request.logProbabilities ?? false,
        signal: abort.signal,
        onPart: (part) => {
          if (part.type === 'finish') this.#aborts.delete(id)
          this.#send({ type: 'part', id, part })
        },
      })
      void this.#work()
    } catch (error) {
      this.#fail(id, error)
    }
  }

  score(id: number, messages: readonly Message[], labels: readonly string[]): void {
    this.#scores.push({ id, messages, labels })
    void this.#work()
  }

  cancel(id: number): void {
    this.#aborts.get(id)?.abort()
    this.#aborts.delete(id)
    this.#chats = this.#chats.filter((waiting) => waiting.id !== id)
    this.#scores = this.#scores.filter((waiting) => waiting.id !== id)
  }

  async #work(): Promise<void> {
    if (this.#running) return
    this.#running = true
    // Requests that were sent together arrive one message after the other.
    await nextTurn()
    while (this.#chats.length > 0 || this.#scores.length > 0) {
      const batch = this.#chats.splice(0, answersAtOnce)
      if (batch.length > 0) await this.#answer(batch)
      const [next] = this.#scores.splice(0, 1)
      if (next !== undefined) await this.#rank(next)
      await nextTurn()
    }
    this.#running = false
  }

  async #answer(batch: readonly Waiting[]): Promise<void> {
    try {
      await this.#generator.generate(batch)
    } catch (error) {
      for (const { id } of batch) if (this.#aborts.has(id)) this.#fail(id, error)
    }
  }

  async #rank(request: {
    id: number
    messages: readonly Message[]
    labels: readonly string[]
  }): Promise<void> {
    const { id, messages, labels } = request
    try {
      const { chatText } = this.#base.text
      const candidates = labels.map((label) =>
        chatText.encodeExample([...messages, { role: 'assistant', content: label }], { answers: 'last' }),
      )
      const scores = toLabelScores(labels, await this.#generator.score(candidates))
      this.#send({ type: 'scores', id, scores })
    } catch (error) {
      this.#fail(id, error)
    }
  }

  #fail(id: number, error: unknown): void {
    this.#aborts.delete(id)
    this.#send({ type: 'failed', id, error: toSerialized(error) })
  }
}
