import type { ChatModel, WaitOptions } from '../../core/chat-model.ts'
import { raceSignal } from '../../lib/race-signal.ts'
import { GenerationProcess } from './generation-process.ts'
import type { ModelFolders } from './generation-protocol.ts'
import { worthwhileCalls } from './local-chat-model.ts'
import type { EngineOptions } from './training-protocol.ts'

/** A base in memory, and how many models are open on it. */
interface Held {
  readonly process: GenerationProcess
  /** Bytes of its weights. */
  readonly opened: Promise<number>
  models: number
}

/** Models whose bases are held once: a process for each base, which computes the answers of all its models together. */
export class SharedBases {
  readonly #worker: URL
  readonly #options: EngineOptions
  readonly #bases = new Map<string, Held>()
  #opened = 0

  /** @param worker file of the process */
  constructor(worker: URL, options: EngineOptions) {
    this.#worker = worker
    this.#options = options
  }

  /**
   * A model whose base is opened, unless it is, and whose adapter is loaded beside. The base is closed with its last model.
   * When its process dies, the calls of all its models fail with `E_WORKER`; the next model that is opened starts a new one.
   *
   * @throws HoneError when the base or the adapter cannot be opened; `signal.reason`
   */
  async open(
    id: string,
    { base, adapter: folder }: ModelFolders,
    { signal }: WaitOptions = {},
  ): Promise<ChatModel> {
    signal?.throwIfAborted()
    const held = this.#hold(base)
    const { process } = held
    held.models += 1
    try {
      const bytes = await raceSignal(held.opened, signal)
      this.#opened += 1
      const name = folder === undefined ? undefined : `${id} ${this.#opened}`
      const own =
        name === undefined || folder === undefined
          ? 0
          : await raceSignal(process.load(name, folder), signal, () => process.unload(name))
      let isOpen = true
      return {
        id,
        concurrency: worthwhileCalls,
        memory: { own, base: { name: base, bytes } },
        get isAlive() {
          return process.isAlive
        },
        chat: (request, wait) => process.chat(request, name, wait),
        scoreLabels: (messages, labels, wait) => process.scoreLabels(messages, labels, name, wait),
        [Symbol.asyncDispose]: async () => {
          if (!isOpen) return
          isOpen = false
          if (name !== undefined) process.unload(name)
          await this.#leave(base, held)
        },
      }
    } catch (error) {
      await this.#leave(base, held)
      throw error
    }
  }

  #hold(base: string): Held {
    const known = this.#bases.get(base)
    if (known?.process.isAlive === true) return known
    const process = new GenerationProcess(base, this.#worker)
    const opened = process.open({ model: { base }, shared: true, options: this.#options })
    const held: Held = { process, opened, models: 0 }
    this.#bases.set(base, held)
    // One that cannot be opened is tried anew by the next model.
    opened.catch(() => {
      if (this.#bases.get(base) === held) this.#bases.delete(base)
    })
    return held
  }

  async #leave(base: string, held: Held): Promise<void> {
    held.models -= 1
    if (held.models > 0) return
    if (this.#bases.get(base) === held) this.#bases.delete(base)
    await held.process[Symbol.asyncDispose]()
  }
}
