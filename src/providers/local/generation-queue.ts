import type { ChatPart, ChatRequest } from '../../core/chat-model.ts'
import type { Message } from '../../core/example.ts'
import { HoneError } from '../../core/errors.ts'
import { readAdapter } from '../../engine/adapter/adapter-files.ts'
import { toResident, type ResidentAdapter } from '../../engine/adapter/resident-adapter.ts'
import type { BaseModel } from '../../engine/base-model.ts'
import type { GenerationRequest } from '../../engine/generate/answer.ts'
import type { Generator } from '../../engine/generate/generator.ts'
import { toLabelScores } from '../../engine/generate/score-sequences.ts'
import type { FromGenerationWorker } from './generation-protocol.ts'
import { AnswerConstraints } from '../../text/answer-constraints.ts'
import { readingCalls } from './reading-calls.ts'
import { toSerialized } from './worker-process.ts'

interface Ranking {
  readonly id: number
  readonly messages: readonly Message[]
  readonly labels: readonly string[]
  /** Name of a loaded adapter; without one the base answers, with the adapter that it was opened with. */
  readonly adapter?: string | undefined
}

/** Answers what a worker is asked: chats share the generator's decode loop, rankings take turns beside it. */
export class GenerationQueue {
  readonly #base: BaseModel
  readonly #generator: Generator
  readonly #send: (message: FromGenerationWorker) => void
  readonly #constraints: AnswerConstraints
  readonly #adapters = new Map<string, ResidentAdapter>()
  readonly #aborts = new Map<number, AbortController>()
  #rankings: Ranking[] = []
  #ranking = false

  constructor(base: BaseModel, generator: Generator, send: (message: FromGenerationWorker) => void) {
    this.#base = base
    this.#generator = generator
    this.#send = send
    this.#constraints = new AnswerConstraints(base.text)
  }

  /** Reads an adapter into memory, for requests that name it. */
  async load(id: number, adapter: string, folder: string): Promise<void> {
    try {
      const { architecture, config } = this.#base
      const resident = toResident(architecture, config, await readAdapter(folder, architecture, config))
      this.#adapters.set(adapter, resident)
      this.#send({ type: 'loaded', id, bytes: resident.bytes })
    } catch (error) {
      this.#fail(id, error)
    }
  }

  /** Frees an adapter's memory, when the answers that use it have ended. */
  unload(adapter: string): void {
    const resident = this.#adapters.get(adapter)
    if (resident === undefined) return
    this.#adapters.delete(adapter)
    this.#generator.forget(resident)
  }

  /** @param ahead it does not wait behind others */
  async chat(id: number, request: ChatRequest, adapter?: string, ahead = false): Promise<void> {
    const abort = new AbortController()
    this.#aborts.set(id, abort)
    try {
      const { chatText } = this.#base.text
      const {
        messages,
        tools: given = [],
        toolChoice,
        maxTokens = 256,
        stop = [],
        temperature = 0,
        topK = 0,
        topP = 1,
        seed = 0,
      } = request
      // A model that is told of none calls none.
      const tools = toolChoice === 'none' ? [] : given
      const send = (part: ChatPart): void => this.#send({ type: 'part', id, part })
      const asked = {
        adapter: this.#adapterOf(adapter),
        ahead,
        prompt: chatText.encodePrompt(messages, tools, request.continuesAnswer),
        constraint: this.#constraints.open(request),
        maxTokens,
        stop,
        temperature,
        topK,
        topP,
        seed,
        logProbabilities: request.logProbabilities ?? false,
        likeliestTokens: request.likeliestTokens,
        signal: abort.signal,
        onPart: tools.length === 0 ? send : readingCalls(chatText.callReader(tools), send),
      } satisfies GenerationRequest
      await this.#generator.generate([asked])
    } catch (error) {
      if (!abort.signal.aborted) this.#fail(id, error)
    } finally {
      this.#aborts.delete(id)
    }
  }

  async score(ranking: Ranking): Promise<void> {
    this.#rankings.push(ranking)
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

  #adapterOf(name: string | undefined): ResidentAdapter | undefined {
    if (name === undefined) return undefined
    const adapter = this.#adapters.get(name)
    if (adapter === undefined) throw new HoneError('E_INTERNAL', `the adapter ${name} is not loaded`)
    return adapter
  }

  async #rank({ id, messages, labels, adapter }: Ranking): Promise<void> {
    try {
      const { chatText } = this.#base.text
      const candidates = labels.map((label) =>
        chatText.encodeExample([...messages, { role: 'assistant', content: label }], { answers: 'last' }),
      )
      const scored = await this.#generator.score(candidates, this.#adapterOf(adapter))
      const scores = toLabelScores(labels, scored)
      this.#send({ type: 'scores', id, scores })
    } catch (error) {
      this.#fail(id, error)
    }
  }

  #fail(id: number, error: unknown): void {
    this.#send({ type: 'failed', id, error: toSerialized(error) })
  }
}
