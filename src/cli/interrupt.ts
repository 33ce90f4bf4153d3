import { exitStatus } from '../core/error-codes.ts'
import { HoneError } from '../core/errors.ts'
import type { CliHost } from './host.ts'

const names = ['SIGINT', 'SIGTERM'] as const

/** Turns Ctrl-C and a request to end into an aborted signal: the first one stops cleanly, the second one at once. */
export class Interrupt implements Disposable {
  readonly #controller = new AbortController()
  readonly #host: Pick<CliHost, 'signals' | 'exitNow'>
  readonly #handlers = new Map<string, () => void>()

  /** @param onFirst is told that stopping began */
  constructor(host: Pick<CliHost, 'signals' | 'exitNow'>, onFirst: () => void) {
    this.#host = host
    for (const name of names) {
      const handler = (): void => {
        if (this.signal.aborted) {
          host.exitNow(exitStatus.interrupted)
          return
        }
        onFirst()
        this.#controller.abort(new HoneError('E_INTERRUPTED', `stopped by ${name}`))
      }
      this.#handlers.set(name, handler)
      host.signals.on(name, handler)
    }
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  [Symbol.dispose](): void {
    for (const [name, handler] of this.#handlers) this.#host.signals.off(name, handler)
    this.#handlers.clear()
  }
}
