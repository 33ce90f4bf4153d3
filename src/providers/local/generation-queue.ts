import type { ChatRequest } from '../../core/chat-model.ts'
import type { Message } from '../../core/example.ts'
import type { BaseModel } from '../../engine/base-model.ts'
import type { GenerationRequest } from '../../engine/generate/answer.ts'
import type { Generator } from '../../engine/generate/generator.ts'
import { toLabelScores } from '../../engine/generate/score-sequences.ts'
import type { FromGenerationWorker } from './generation-protocol.ts'
import { toSerialized } from './worker-process.ts'

interface Ranking {
  readonly id: number
  readonly messages: readonly Message[]
  readonly labels: readonly string[]
}

/** Answers what a worker is asked: chats share the generator's decode loop, rankings take turns beside it. */
export class GenerationQueue {
  readonly #base: BaseModel
  readonly #generator: Generator
  readonly #send: (message: FromGenerationWorker) => void
  readonly #aborts = new Map<number, AbortController>()
  #rankings: Ranking[] = []
  #ranking = false

  constructor(base: BaseModel, generator: Generator, send: (message: FromGenerationWorker) => void) {
    this.#base = base
    this.#generator = generator
    this.#send = send
  }

  async chat(id: number, request: ChatRequest): Promise<void> {
    const abort = new AbortController()
    this.#aborts.set(id, abort)
    try {
      const { messages, maxTokens = 256, stop = [], temperature = 0, topK = 0, topP = 1, seed = 0 } = request
      const asked = {
        prompt: this.#base.text.chatText.encodePrompt(messages),
        maxTokens,
        stop,
        temperature,
        topK,
        topP,
        seed,
        logProbabilities: request.logProbabilities ?? false,
        signal: abort.signal,
        onPart: (part) => this.#send({ type: 'part', id, part }),
      } satisfies GenerationRequest
      await this.#generator.generate([asked])
    } catch (error) {
      if (!abort.signal.aborted) this.#fail(id, error)
    } finally {
      this.#aborts.delete(id)
    }
  }

  async score(id: number, messages: readonly Message[], labels: readonly string[]): Promise<void> {
    this.#rankings.push({ id, messages, labels })
    if (this.#ranking) return
    this.#ranking = true
    for (let next = this.#rankings.shift(); next !== undefined; next = this.#rankings.shift()) {
      await this.#rank(next)
    }
    this.#ranking = false
  }

  cancel(id: number): void {
    this.#aborts.get(id)?.abort()
    this.#rankings = this.#rankings.filter((waiting) => waiting.id !== id)
  }

  async #rank({ id, messages, labels }: Ranking): Promise<void> {
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
    this.#send({ type: 'failed', id, error: toSerialized(error) })
  }
}
