import { onAbort } from '../../lib/on-abort.ts'

/** A queue has no room for a request now. */
export class QueueFull extends Error {
  override readonly name = 'QueueFull'
}

interface Waiter {
  /** @param ahead see `Place` */
  readonly enter: (ahead: boolean) => void
  readonly refuse: (error: unknown) => void
}

export interface FairQueueOptions {
  /** Requests that run at once. */
  readonly places: number
  /** Places beside these, for clients that have none of their requests running. Default 0. */
  readonly spare?: number
  /** Requests that wait, of all clients together. */
  readonly waiting: number
}

/** Of a request that runs; it is given back when it is disposed. */
export interface Place extends Disposable {
  /** Its client has no other request running, while another has several: it need not wait behind these any more. */
  readonly ahead: boolean
}

/**
 * Lets so many requests run at once. The others wait, and clients take turns: whoever sends a thousand requests delays the one
 * of somebody else by no more than one. Who has nothing running does not wait at all while there are spare places.
 */
export class FairQueue {
  readonly #options: FairQueueOptions
  /** Of each client that waits, in the order of their turns. */
  readonly #waiting = new Map<string, Waiter[]>()
  /** Of each client that has any. */
  readonly #running = new Map<string, number>()
  #taken = 0
  #count = 0

  constructor(options: FairQueueOptions) {
    this.#options = options
  }

  /** Requests that run and that wait. */
  get load(): { readonly running: number; readonly waiting: number } {
    return { running: this.#taken, waiting: this.#count }
  }

  /**
   * Waits for a place. When too many wait, the newest request of the client that has
   * most of them is refused.
   *
   * @throws QueueFull; `signal.reason`
   */
  async enter(client: string, signal?: AbortSignal): Promise<Place> {
    signal?.throwIfAborted()
    const ahead = this.#mayRun(client) ? this.#take(client) : await this.#wait(client, signal)
    let left = false
    return {
      ahead,
      [Symbol.dispose]: () => {
        if (left) return
        left = true
        this.#leave(client)
      },
    }
  }

  #mayRun(client: string): boolean {
    const { places, spare = 0 } = this.#options
    return this.#taken < (this.#running.has(client) ? places : places + spare)
  }

  /** Takes a place, and says whether it goes ahead: see `Place`. */
  #take(client: string): boolean {
    const running = this.#running.get(client) ?? 0
    const ahead = running === 0 && this.#taken > this.#running.size
    this.#running.set(client, running + 1)
    this.#taken += 1
    return ahead
  }

  #wait(client: string, signal: AbortSignal | undefined): Promise<boolean> {
    if (this.#count >= this.#options.waiting) this.#makeRoomFor(client)
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        enter: (ahead) => {
          ignore()
          resolve(ahead)
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

  #leave(client: string): void {
    const left = (this.#running.get(client) ?? 0) - 1
    if (left > 0) this.#running.set(client, left)
    else this.#running.delete(client)
    this.#taken -= 1
    for (const [next, own] of this.#waiting) {
      const [first] = own
      if (first === undefined || !this.#mayRun(next)) continue
      // Its turn is over: it comes after all others.
      this.#waiting.delete(next)
      this.#waiting.set(next, own)
      this.#remove(next, first)
      first.enter(this.#take(next))
      return
    }
  }
}
