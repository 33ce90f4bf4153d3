import type { ChatModel, ChatPart, ChatRequest, LabelScore, WaitOptions } from '../../core/chat-model.ts'
import { HoneError } from '../../core/errors.ts'
import type { Message } from '../../core/example.ts'
import { answersAtOnce } from '../../engine/generate/generator.ts'
import type { FromGenerationWorker, ModelFolders, ToGenerationWorker } from './generation-protocol.ts'
import type { EngineOptions } from './training-protocol.ts'
import { WorkerProcess } from './worker-process.ts'
import { onAbort } from '../../lib/on-abort.ts'

interface Pending {
  onPart(part: ChatPart): void
  onScores(scores: readonly LabelScore[]): void
  onError(error: unknown): void
}

const nothing = (): void => undefined

/**
 * A model that answers on this machine, in a process of its own. When that process dies, the calls under way and all later
 * ones fail with `E_WORKER`; the program goes on.
 *
 * @throws HoneError when the model cannot be opened
 */
export async function openLocalChatModel(
  id: string,
  worker: URL,
  model: ModelFolders,
  options: EngineOptions,
  { signal }: WaitOptions = {},
): Promise<ChatModel> {
  signal?.throwIfAborted()
  const opened = new LocalChatModel(id, worker)
  try {
    await opened.open(model, options, signal)
    return opened
  } catch (error) {
    await opened[Symbol.asyncDispose]()
    throw error
  }
}

class LocalChatModel implements ChatModel {
  readonly id: string
  // Some wait in the worker, so that those that follow an answer are let in several at once.
  readonly concurrency = 1.25 * answersAtOnce
  readonly #process: WorkerProcess<ToGenerationWorker, FromGenerationWorker>
  readonly #pending = new Map<number, Pending>()
  #ready: { resolve: () => void; reject: (error: unknown) => void } | undefined
  #dead: HoneError | undefined
  #lastId = 0

  constructor(id: string, worker: URL) {
    this.id = id
    this.#process = new WorkerProcess(worker, {
      onMessage: (message) => this.#receive(message),
      onDeath: (error) => this.#die(error),
    })
  }

  open(model: ModelFolders, options: EngineOptions, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const ignore = onAbort(signal, () => reject(signal?.reason))
      const settle = (action: () => void): void => {
        ignore()
        action()
      }
      this.#ready = { resolve: () => settle(resolve), reject: (error) => settle(() => reject(error)) }
      this.#process.send({ type: 'open', model, options })
    })
  }

  async *chat(request: ChatRequest, { signal }: WaitOptions = {}): AsyncGenerator<ChatPart> {
    signal?.throwIfAborted()
    const parts: ChatPart[] = []
    let failure: { error: unknown } | undefined
    let wake = nothing
    const id = this.#add({
      onPart: (part) => {
        parts.push(part)
        wake()
      },
      onScores: nothing,
      onError: (error) => {
        failure = { error }
        wake()
      },
    })
    const ignore = onAbort(signal, () => this.#pending.get(id)?.onError(signal?.reason))
    try {
      this.#process.send({ type: 'chat', id, request })
      for (;;) {
        // An answer that arrived whole before it was read is aborted all the same.
        signal?.throwIfAborted()
        const part = parts.shift()
        if (part !== undefined) {
          yield part
          if (part.type === 'finish') return
          continue
        }
        if (failure !== undefined) throw failure.error
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    } finally {
      ignore()
      // Still pending: the caller stopped reading, or aborted.
      if (this.#pending.delete(id) && this.#dead === undefined) this.#process.send({ type: 'cancel', id })
    }
  }

  async scoreLabels(
    messages: readonly Message[],
    labels: readonly string[],
    { signal }: WaitOptions = {},
  ): Promise<readonly LabelScore[]> {
    signal?.throwIfAborted()
    if (labels.length === 0) throw new HoneError('E_USAGE', 'there is no label to score')
    let id = 0
    let ignore = nothing
    try {
      return await new Promise((resolve, reject) => {
        id = this.#add({ onPart: nothing, onScores: resolve, onError: reject })
        ignore = onAbort(signal, () => {
          this.#process.send({ type: 'cancel', id })
          reject(signal?.reason)
        })
        this.#process.send({ type: 'score', id, messages, labels })
      })
    } finally {
      ignore()
      this.#pending.delete(id)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]()
    this.#die(new HoneError('E_WORKER', `the model ${this.id} was closed`))
  }

  #add(pending: Pending): number {
    if (this.#dead !== undefined) throw this.#dead
    this.#lastId += 1
    this.#pending.set(this.#lastId, pending)
    return this.#lastId
  }

  #receive(message: FromGenerationWorker): void {
    if (message.type === 'ready') this.#ready?.resolve()
    else if (message.type === 'failed') {
      const error = HoneError.fromJSON(message.error)
      if (message.id === undefined) this.#ready?.reject(error)
      else this.#take(message.id, 'end')?.onError(error)
    } else if (message.type === 'scores') this.#take(message.id, 'end')?.onScores(message.scores)
    else this.#take(message.id, message.part.type === 'finish' ? 'end' : 'go on')?.onPart(message.part)
  }

  #take(id: number, what: 'end' | 'go on'): Pending | undefined {
    const pending = this.#pending.get(id)
    if (what === 'end') this.#pending.delete(id)
    return pending
  }

  #die(error: HoneError): void {
    this.#dead ??= error
    this.#ready?.reject(error)
    for (const pending of this.#pending.values()) pending.onError(error)
    this.#pending.clear()
  }
}
