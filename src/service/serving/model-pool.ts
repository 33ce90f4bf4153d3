import type { WaitOptions } from '../../core/chat-model.ts'
import type { OpenedChat } from '../chat-service.ts'

export interface ModelPoolOptions {
  /** Opens a model by its id in the home. */
  readonly open: (id: string, options: WaitOptions) => Promise<OpenedChat>
  /** Models that are held at once; the one that was idle longest makes room. */
  readonly most: number
}

interface Held {
  readonly opened: Promise<OpenedChat>
  users: number
  lastUsed: number
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
   * @throws HoneError when it cannot be opened
   */
  async use(id: string): Promise<{ readonly chat: OpenedChat } & Disposable> {
    const held = this.#held.get(id) ?? this.#hold(id)
    held.users++
    try {
      const chat = await held.opened
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
    const opened = this.#options.open(id, {})
    const held: Held = { opened, users: 0, lastUsed: ++this.#uses }
    this.#held.set(id, held)
    // One that cannot be opened is tried anew by the next request.
    opened.catch(() => {
      if (this.#held.get(id) === held) this.#held.delete(id)
    })
    return held
  }

  async #makeRoom(): Promise<void> {
    while (this.#held.size > this.#options.most) {
      const [idle] = [...this.#held]
        .filter(([, { users }]) => users === 0)
        .toSorted(([, a], [, b]) => a.lastUsed - b.lastUsed)
      if (idle === undefined) return
      await this.#close(...idle)
    }
  }

  async #close(id: string, held: Held): Promise<void> {
    if (this.#held.get(id) === held) this.#held.delete(id)
    const chat = await held.opened.catch(() => undefined)
    await chat?.[Symbol.asyncDispose]()
  }
}
