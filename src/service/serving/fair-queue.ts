import { onAbort } from '../../lib/on-abort.ts'

/** A queue has no room for a request now. */
export class QueueFull extends Error {
  override readonly name = 'QueueFull'
}

interface Waiter {
  readonly enter: () => void
  readonly refuse: (error: unknown) => void
}

export interface FairQueueOptions {
  /** Requests that run at once. */
  readonly places: number
  /** Requests that wait, of all clients together. */
  readonly waiting: number
}

/**
 * Lets so many requests run at once. The others wait, and clients take turns: whoever sends a thousand requests delays the one
 * of somebody else by no more than one.
 */
export class FairQueue {
  readonly #options: FairQueueOptions
  /** Of each client that waits, in the order of their turns. */
  readonly #waiting = new Map<string, Waiter[]>()
  #running = 0
  #count = 0

  constructor(options: FairQueueOptions) {
    this.#options = options
  }

  /** Requests that run and that wait. */
  get load(): { readonly running: number; readonly waiting: number } {
    return { running: this.#running, waiting: this.#count }
  }

  /**
   * Waits for a place, which is given back when it is disposed. When too many wait, the newest request of the client that has
   * most of them is refused.
   *
   * @throws QueueFull; `signal.reason`
   */
  async enter(client: string, signal?: AbortSignal): Promise<Disposable> {
    signal?.throwIfAborted()
    if (this.#running < this.#options.places) this.#running += 1
    else await this.#wait(client, signal)
    let left = false
    return {
      [Symbol.dispose]: () => {
        if (left) return
        left = true
        this.#leave()
      },
    }
  }

  #wait(client: string, signal: AbortSignal | undefined): Promise<void> {
    if (this.#count >= this.#options.waiting) this.#makeRoomFor(client)
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        enter: () => {
          ignore()
          resolve()
        },
        refuse: (error) => {
          ignore()
          reject(error)
        },
      }
      const own = this.#waiting.get(client)
      if (own === undefined) this.#waiting.set(client, [waiter])
      else own.push(waiter)
      this.#count += 1
      const ignore = onAbort(signal, () => {
        this.#remove(client, waiter)
        reject(signal?.reason)
      })
    })
  }

  #makeRoomFor(client: string): void {
    let longest = client
    const lengthOf = (name: string): number => this.#waiting.get(name)?.length ?? 0
    for (const name of this.#waiting.keys()) if (lengthOf(name) > lengthOf(longest)) longest = name
    const full = new QueueFull(`${this.#options.waiting} requests are waiting`)
    const newest = this.#waiting.get(longest)?.at(-1)
    // One more of its own would make it the longest again.
    if (newest === undefined || lengthOf(longest) <= lengthOf(client) + 1) throw full
    this.#remove(longest, newest)
    newest.refuse(full)
  }

  #remove(client: string, waiter: Waiter): void {
    const own = this.#waiting.get(client) ?? []
    const at = own.indexOf(waiter)
    if (at === -1) return
    own.splice(at, 1)
    this.#count -= 1
    if (own.length === 0) this.#waiting.delete(client)
  }

  #leave(): void {
    const [next] = this.#waiting
    if (next === undefined) {
      this.#running -= 1
      return
    }
    const [client, own] = next
    const [first] = own
    // Its turn is over: it comes after all others.
    this.#waiting.delete(client)
    this.#waiting.set(client, own)
    if (first === undefined) return
    this.#remove(client, first)
    first.enter()
  }
}
