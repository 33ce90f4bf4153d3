import type { WaitOptions } from '../../core/chat-model.ts'
import { HoneError } from '../../core/errors.ts'
import { raceSignal } from '../../lib/race-signal.ts'
import type { OpenedChat } from '../chat/chat-service.ts'

export interface ModelPoolOptions {
  /** Opens a model by its id in the home. */
  readonly open: (id: string, options: WaitOptions) => Promise<OpenedChat>
  /** Models that are held at once; the one that was idle longest makes room. */
  readonly most: number
  /** Bytes that the held ones may take; what is in use is never closed for it. Default: no limit. */
  readonly mostBytes?: number
}

interface Held {
  readonly opened: Promise<OpenedChat>
  users: number
  lastUsed: number
  /** Known when it is open. */
  chat: OpenedChat | undefined
}

/** Whoever asks for a model that was removed since it was found does not learn what others there are. */
function withoutNames(id: string, error: unknown): unknown {
  if (!HoneError.isInstance(error) || error.code !== 'E_MODEL_UNKNOWN') return error
  return new HoneError('E_MODEL_UNKNOWN', `the model "${id}" has been removed`, { cause: error })
}

/** Models in memory, opened when they are first asked for. */
export class ModelPool implements AsyncDisposable {
  readonly #options: ModelPoolOptions
  readonly #held = new Map<string, Held>()
  #uses = 0

  constructor(options: ModelPoolOptions) {
    this.#options = options
  }

  /** Models that are held. */
  get size(): number {
    return this.#held.size
  }

  /**
   * A model to use until it is disposed. It may be closed afterwards to make room for others.
   *
   * @throws HoneError when it cannot be opened; `signal.reason`
   */
  async use(id: string, signal?: AbortSignal): Promise<{ readonly chat: OpenedChat } & Disposable> {
    signal?.throwIfAborted()
    const known = this.#held.get(id)
    // One whose process is gone is opened anew.
    if (known?.chat?.model.isAlive === false) await this.#close(id, known)
    const held = this.#held.get(id) ?? this.#hold(id)
    held.users++
    try {
      const chat = held.chat ?? (await raceSignal(held.opened, signal))
      await this.#makeRoom()
      return {
        chat,
        [Symbol.dispose]: () => {
          held.users--
          held.lastUsed = ++this.#uses
        },
      }
    } catch (error) {
      held.users--
      throw error
    }
  }

  /** Bytes that the held models take, each base once. */
  get bytes(): number {
    const bases = new Map<string, number>()
    let own = 0
    for (const { chat } of this.#held.values()) {
      const memory = chat?.model.memory
      own += memory?.own ?? 0
      if (memory?.base !== undefined) bases.set(memory.base.name, memory.base.bytes)
    }
    return [...bases.values()].reduce((sum, bytes) => sum + bytes, own)
  }

  /** Closes a model that was removed, when nobody uses it any more. */
  async forget(id: string): Promise<void> {
    const held = this.#held.get(id)
    if (held === undefined || held.users > 0) return
    await this.#close(id, held)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#held].map(([id, held]) => this.#close(id, held)))
  }

  #hold(id: string): Held {
    const open = async (): Promise<OpenedChat> => {
      const chat = await this.#options.open(id, {}).catch((error: unknown) => {
        throw withoutNames(id, error)
      })
      held.chat = chat
      return chat
    }
    const opened = open()
    const held: Held = { opened, users: 0, lastUsed: ++this.#uses, chat: undefined }
    this.#held.set(id, held)
    // One that cannot be opened is tried anew by the next request.
    opened.catch(() => {
      if (this.#held.get(id) === held) this.#held.delete(id)
    })
    return held
  }

  async #makeRoom(): Promise<void> {
    const { most, mostBytes = Infinity } = this.#options
    while (this.#held.size > most || this.bytes > mostBytes) {
      const [idle] = [...this.#held]
        .filter(([, { users }]) => users === 0)
        .toSorted(([, a], [, b]) => a.lastUsed - b.lastUsed)
      if (idle === undefined) return
      await this.#close(...idle)
    }
  }

  async #close(id: string, held: Held): Promise<void> {
    // Whoever took it out closes it.
    if (this.#held.get(id) !== held) return
    this.#held.delete(id)
    const chat = held.chat ?? (await held.opened.catch(() => undefined))
    await chat?.[Symbol.asyncDispose]()
  }
}
