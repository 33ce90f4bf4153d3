import type { Arithmetic } from '../../core/arithmetic.ts'
import type { ChatModel, WaitOptions } from '../../core/chat-model.ts'
import { raceSignal } from '../../lib/race-signal.ts'
import { GenerationProcess } from './generation-process.ts'
import type { ModelFolders, OpenedWeights } from './generation-protocol.ts'
import { worthwhileCalls } from './local-chat-model.ts'
import type { EngineOptions } from './training-protocol.ts'

/** A base in memory, and how many models are open on it. */
interface Held {
  readonly process: GenerationProcess
  readonly opened: Promise<OpenedWeights>
  models: number
}

interface SharedOpenOptions extends WaitOptions {
  /** Default `exact`. */
  readonly arithmetic?: Arithmetic | undefined
}

/**
 * Models whose bases are held once: a process for each base and way to compute, in which the answers of all its models are
 * computed together.
 */
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
    { signal, arithmetic = 'exact' }: SharedOpenOptions = {},
  ): Promise<ChatModel> {
    signal?.throwIfAborted()
    const key = arithmetic === 'exact' ? base : `${base} ${arithmetic}`
    const held = this.#hold(key, base, arithmetic)
    const { process } = held
    held.models += 1
    try {
      const { bytes, rounding } = await raceSignal(held.opened, signal)
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
        memory: { own, base: { name: key, bytes } },
        ...(rounding === undefined ? {} : { rounding }),
        get isAlive() {
          return process.isAlive
        },
        chat: (request, wait) => process.chat(request, name, wait),
        scoreLabels: (messages, labels, wait) => process.scoreLabels(messages, labels, name, wait),
        [Symbol.asyncDispose]: async () => {
          if (!isOpen) return
          isOpen = false
          if (name !== undefined) process.unload(name)
          await this.#leave(key, held)
        },
      }
    } catch (error) {
      await this.#leave(key, held)
      throw error
    }
  }

  #hold(key: string, base: string, arithmetic: Arithmetic): Held {
    const known = this.#bases.get(key)
    if (known?.process.isAlive === true) return known
    const process = new GenerationProcess(base, this.#worker)
    const options = { ...this.#options, arithmetic }
    const opened = process.open({ model: { base }, shared: true, options })
    const held: Held = { process, opened, models: 0 }
    this.#bases.set(key, held)
    // One that cannot be opened is tried anew by the next model.
    opened.catch(() => {
      if (this.#bases.get(key) === held) this.#bases.delete(key)
    })
    return held
  }

  async #leave(key: string, held: Held): Promise<void> {
    held.models -= 1
    if (held.models > 0) return
    if (this.#bases.get(key) === held) this.#bases.delete(key)
    await held.process[Symbol.asyncDispose]()
  }
}
