import { stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Worker, type ResourceLimits } from 'node:worker_threads'
import { HoneError, type SerializedHoneError } from '../../core/errors.ts'
import { loadModelText } from '../../text/load-chat-text.ts'
import { createTokenCount, type CountedBatch, type CountedInput, type CountSettings } from './count-tokens.ts'

/** What a worker thread is started with. */
export interface TokenWorkerData extends CountSettings {
  /** Folder of the base model. */
  readonly folder: string
}

export type FromTokenWorker =
  | { readonly type: 'counted'; readonly batch: CountedBatch }
  | { readonly type: 'failed'; readonly error: SerializedHoneError }

/** Counts batches; several at a time where there are threads for it. */
export interface TokenPool extends AsyncDisposable {
  /** Batches that should be under way. */
  readonly width: number
  count(batch: readonly CountedInput[]): Promise<CountedBatch>
}

export interface TokenPoolOptions extends TokenWorkerData {
  /** The built entry file of the worker. */
  readonly worker: URL
  /** Threads; 0 (default) counts in this one. */
  readonly threads?: number
}

// A thread reads the tokenizer first, which takes about a second and 100 MB.
const bytesForThreads = 4e6
const mostThreads = 4
/** A batch, or a record of one, with more characters might not fit into the memory of a thread: it is counted in this one. */
const mostCharacters = { batch: 4e6, record: 4e5 }

/**
 * Left to themselves threads let garbage pile up to several times what they need: a tokenizer takes eight times the size
 * of its file, twice that while it is read.
 */
async function memoryLimits(folder: string): Promise<ResourceLimits> {
  const { size } = await stat(join(folder, 'tokenizer.json')).catch(() => ({ size: 0 }))
  return { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: Math.ceil(32 + 20 * (size / 1e6)) }
}

/** How many threads pay for a file of this size. */
export const threadsFor = (bytes: number): number => {
  const cores = Math.min(mostThreads, availableParallelism())
  return bytes < bytesForThreads || cores < 2 ? 0 : cores
}

/** @throws HoneError `E_MODEL_FILE`, `E_TEMPLATE` as `loadModelText`, when counting begins */
export async function openTokenPool(options: TokenPoolOptions): Promise<TokenPool> {
  const { threads = 0, folder, worker, answers, limit } = options
  const settings = { answers, limit }
  return threads === 0
    ? inThisThread(folder, settings)
    : new ThreadPool(worker, { folder, ...settings }, threads, await memoryLimits(folder))
}

async function inThisThread(folder: string, settings: CountSettings): Promise<TokenPool> {
  const count = createTokenCount(await loadModelText(folder), settings)
  return {
    width: 1,
    async count(batch) {
      // Lets a signal, and the clock of the progress line, come through.
      await new Promise<void>((resolve) => {
        setImmediate(resolve)
      })
      return count(batch)
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

interface Waiting {
  readonly resolve: (batch: CountedBatch) => void
  readonly reject: (error: unknown) => void
}

function isLarge(batch: readonly CountedInput[]): boolean {
  let all = 0
  for (const { example } of batch) {
    const { messages, rejected = '' } = example
    const characters = messages.reduce((sum, { content }) => sum + content.length, rejected.length)
    if (characters > mostCharacters.record) return true
    all += characters
  }
  return all > mostCharacters.batch
}

class ThreadPool implements TokenPool {
  readonly width: number
  readonly #data: TokenWorkerData
  /** Opened when the first large batch comes. */
  #inThisThread: Promise<TokenPool> | undefined
  /** A thread may die before the first batch comes. */
  #death: HoneError | undefined
  readonly #workers: { readonly worker: Worker; readonly waiting: Waiting[] }[]

  constructor(entry: URL, workerData: TokenWorkerData, threads: number, resourceLimits: ResourceLimits) {
    // Two for each thread: one that it works on, one that it finds when it is done.
    this.width = 2 * threads
    this.#data = workerData
    this.#workers = Array.from({ length: threads }, () => {
      const worker = new Worker(entry, { workerData, execArgv: [], resourceLimits })
      const waiting: Waiting[] = []
      const failAll = (error: unknown): void => {
        for (const { reject } of waiting.splice(0)) reject(error)
      }
      worker.on('message', (message: FromTokenWorker) => {
        if (message.type === 'failed') failAll(HoneError.fromJSON(message.error))
        else waiting.shift()?.resolve(message.batch)
      })
      worker.on('error', (cause) => {
        this.#death ??= new HoneError('E_WORKER', `a thread that counts failed: ${cause.message}`, { cause })
        failAll(this.#death)
      })
      worker.on('exit', (code) => {
        this.#death ??= new HoneError('E_WORKER', `a thread that counts ended with status ${code}`)
        failAll(this.#death)
      })
      return { worker, waiting }
    })
  }

  async count(batch: readonly CountedInput[]): Promise<CountedBatch> {
    if (!isLarge(batch)) return this.#countInThread(batch)
    const { folder, ...settings } = this.#data
    this.#inThisThread ??= inThisThread(folder, settings)
    return (await this.#inThisThread).count(batch)
  }

  #countInThread(batch: readonly CountedInput[]): Promise<CountedBatch> {
    if (this.#death !== undefined) return Promise.reject(this.#death)
    const [least] = this.#workers.toSorted((one, other) => one.waiting.length - other.waiting.length)
    return new Promise((resolve, reject) => {
      least?.waiting.push({ resolve, reject })
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
      least?.worker.postMessage(batch)
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#workers.map(({ worker }) => worker.terminate()))
  }
}
