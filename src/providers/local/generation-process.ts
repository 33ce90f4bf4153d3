import type { ChatOptions, ChatPart, ChatRequest, LabelScore, WaitOptions } from '../../core/chat-model.ts'
import { HoneError } from '../../core/errors.ts'
import type { Message } from '../../core/example.ts'
import { onAbort } from '../../lib/on-abort.ts'
import type {
  FromGenerationWorker,
  ModelFolders,
  OpenedWeights,
  ToGenerationWorker,
} from './generation-protocol.ts'
import type { EngineOptions } from './training-protocol.ts'
import { WorkerProcess } from './worker-process.ts'

interface Pending {
  onPart?(part: ChatPart): void
  onScores?(scores: readonly LabelScore[]): void
  onLoaded?(bytes: number): void
  onError(error: unknown): void
}

interface OpenProcess {
  readonly model: ModelFolders
  /** Adapters are loaded afterwards, and named with each call. */
  readonly shared: boolean
  readonly options: EngineOptions
}

const nothing = (): void => undefined

/** A process that holds a base and answers with it. When it dies, the calls under way and all later ones fail with `E_WORKER`. */
export class GenerationProcess implements AsyncDisposable {
  /** Told in errors. */
  readonly #id: string
  readonly #process: WorkerProcess<ToGenerationWorker, FromGenerationWorker>
  readonly #pending = new Map<number, Pending>()
  #ready: { resolve: (opened: OpenedWeights) => void; reject: (error: unknown) => void } | undefined
  #dead: HoneError | undefined
  #lastId = 0

  constructor(id: string, worker: URL) {
    this.#id = id
    this.#process = new WorkerProcess(worker, {
      onMessage: (message) => this.#receive(message),
      onDeath: (error) => this.#die(error),
    })
  }

  get isAlive(): boolean {
    return this.#dead === undefined
  }

  /**
   * Opens the base in the process, once.
   *
   * @throws HoneError when it cannot be opened
   */
  open({ model, shared, options }: OpenProcess, signal?: AbortSignal): Promise<OpenedWeights> {
    return new Promise((resolve, reject) => {
      const ignore = onAbort(signal, () => reject(signal?.reason))
      this.#ready = {
        resolve: (opened) => {
          ignore()
          resolve(opened)
        },
        reject: (error) => {
          ignore()
          reject(error)
        },
      }
      this.#process.send({ type: 'open', model, shared, options })
    })
  }

  /**
   * Loads an adapter beside a shared base, under a name that no other has.
   *
   * @returns its bytes
   * @throws HoneError when it cannot be read
   */
  load(adapter: string, folder: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const id = this.#add({ onLoaded: resolve, onError: reject })
      this.#process.send({ type: 'load', id, adapter, folder })
    })
  }

  /** Frees an adapter. */
  unload(adapter: string): void {
    if (this.isAlive) this.#process.send({ type: 'unload', adapter })
  }

  /** @param adapter name of a loaded one */
  async *chat(
    request: ChatRequest,
    adapter: string | undefined,
    { signal, ahead = false }: ChatOptions = {},
  ): AsyncGenerator<ChatPart> {
    signal?.throwIfAborted()
    const parts: ChatPart[] = []
    let failure: { error: unknown } | undefined
    let wake = nothing
    const id = this.#add({
      onPart: (part) => {
        parts.push(part)
        wake()
      },
      onError: (error) => {
        failure = { error }
        wake()
      },
    })
    const ignore = onAbort(signal, () => this.#pending.get(id)?.onError(signal?.reason))
    try {
      this.#process.send({ type: 'chat', id, request, adapter, ahead })
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
    adapter: string | undefined,
    { signal }: WaitOptions = {},
  ): Promise<readonly LabelScore[]> {
    signal?.throwIfAborted()
    if (labels.length === 0) throw new HoneError('E_USAGE', 'there is no label to score')
    let id = 0
    let ignore = nothing
    try {
      return await new Promise((resolve, reject) => {
        id = this.#add({ onScores: resolve, onError: reject })
        ignore = onAbort(signal, () => {
          this.#process.send({ type: 'cancel', id })
          reject(signal?.reason)
        })
        this.#process.send({ type: 'score', id, messages, labels, adapter })
      })
    } finally {
      ignore()
      this.#pending.delete(id)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]()
    this.#die(new HoneError('E_WORKER', `the model ${this.#id} was closed`))
  }

  #add(pending: Pending): number {
    if (this.#dead !== undefined) throw this.#dead
    this.#lastId += 1
    this.#pending.set(this.#lastId, pending)
    return this.#lastId
  }

  #receive(message: FromGenerationWorker): void {
    if (message.type === 'ready') this.#ready?.resolve(message)
    else if (message.type === 'failed') {
      const error = HoneError.fromJSON(message.error)
      if (message.id === undefined) this.#ready?.reject(error)
      else this.#take(message.id, 'end')?.onError(error)
    } else if (message.type === 'scores') this.#take(message.id, 'end')?.onScores?.(message.scores)
    else if (message.type === 'loaded') this.#take(message.id, 'end')?.onLoaded?.(message.bytes)
    else this.#take(message.id, message.part.type === 'finish' ? 'end' : 'go on')?.onPart?.(message.part)
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
