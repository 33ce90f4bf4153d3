import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { packageFile } from '../../lib/package-file.ts'
import type { LineBatch } from '../../lib/read-line-batches.ts'
import type { BatchCheck, BatchResult } from './batch-check.ts'
import type { SharedCheck, ToCheckThread } from './check-thread.ts'

/** Threads are started from the build, wherever this file is run from. */
const entry = packageFile('dist/data/check/check-thread.js')

/** More threads would wait for the one that reads the file. */
const mostThreads = 3
/** Batches that a thread is given at once, so that it need not wait for the next one. */
const sentAtOnce = 2
/** Results that wait for an earlier one, so that this thread works on while others start: what they hold is memory. */
const mostWaiting = 64
const resourceLimits = { maxYoungGenerationSizeMb: 16 }

/** Threads that help where there are processors for them. */
export const helpingThreads: number = Math.min(mostThreads, availableParallelism() - 1)

interface Asked {
  result: BatchResult | undefined
  readonly settled: Promise<void>
}

/** Checks batches here and in other threads, and gives the results in the order of the batches. */
export class CheckPool implements AsyncDisposable {
  readonly #own: BatchCheck
  readonly #threads: readonly CheckThread[]
  readonly #asked: Asked[] = []

  /** @param shared what other threads need to help; without it they do not */
  constructor(own: BatchCheck, shared: SharedCheck | undefined) {
    this.#own = own
    this.#threads =
      shared === undefined ? [] : Array.from({ length: shared.threads }, () => new CheckThread(shared))
  }

  /** Takes the next batch, which may be written over afterwards, and gives what is ready. */
  async take(batch: LineBatch): Promise<BatchResult[]> {
    const idle = batch.tooLong === undefined ? this.#threads.find((each) => each.takesMore) : undefined
    if (idle !== undefined) this.#asked.push(idle.ask(batch))
    else this.#asked.push({ result: this.#own.takeLines(batch), settled: Promise.resolve() })
    return this.#ready(mostWaiting)
  }

  /** What is left. */
  rest(): Promise<BatchResult[]> {
    return this.#ready(0)
  }

  async #ready(waiting: number): Promise<BatchResult[]> {
    const ready: BatchResult[] = []
    for (let first = this.#asked[0]; first !== undefined; first = this.#asked[0]) {
      if (first.result === undefined) {
        if (this.#asked.length <= waiting) break
        await first.settled
      }
      if (first.result !== undefined) ready.push(first.result)
      this.#asked.shift()
    }
    return ready
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.end()))
  }
}

/** Its bytes go over: they are no longer here. */
type SentLines = ToCheckThread & { readonly bytes: Uint8Array<ArrayBuffer> }

class CheckThread {
  readonly #worker: Worker
  readonly #waiting: { resolve: (result: BatchResult) => void; reject: (error: unknown) => void }[] = []
  #failed: { readonly error: unknown } | undefined

  constructor(shared: SharedCheck) {
    this.#worker = new Worker(entry, { workerData: shared, execArgv: [], resourceLimits })
    this.#worker.on('message', (result: BatchResult) => this.#waiting.shift()?.resolve(result))
    this.#worker.on('error', (error) => this.#fail(error))
    this.#worker.on('exit', (code) =>
      this.#fail(new Error(`a thread of the check ended with status ${code}`)),
    )
  }

  get takesMore(): boolean {
    return this.#waiting.length < sentAtOnce
  }

  ask({ bytes, firstLine }: LineBatch): Asked {
    const asked = { result: undefined, settled: Promise.resolve() }
    asked.settled = this.#answer(asked, { bytes: new Uint8Array(bytes), firstLine })
    // Who waits for it is told.
    asked.settled.catch(() => undefined)
    return asked
  }

  async #answer(asked: Asked, message: SentLines): Promise<void> {
    asked.result = await this.#send(message)
  }

  #send(message: SentLines): Promise<BatchResult> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      if (this.#failed !== undefined) this.#fail(this.#failed.error)
      else this.#worker.postMessage(message, [message.bytes.buffer])
    })
  }

  #fail(error: unknown): void {
    this.#failed ??= { error }
    for (const { reject } of this.#waiting.splice(0)) reject(error)
  }

  async end(): Promise<void> {
    await this.#worker.terminate()
  }
}
