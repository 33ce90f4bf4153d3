import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { HoneError, type SerializedHoneError } from '../../core/errors.ts'

/** What every worker may say besides its own messages. */
export interface WorkerFailure {
  readonly type: 'failed'
  /** The request that failed; absent when the worker as a whole did. */
  readonly id?: number
  readonly error: SerializedHoneError
}

/** Bytes of standard error that are kept for the message about a worker's death. */
const keptOutput = 2000

/**
 * A process that computes for this one. The runtime blocks the thread it runs on, and what crashes there must not take the
 * program along.
 */
export class WorkerProcess<
  Outgoing extends object,
  Incoming extends { readonly type: string },
> implements AsyncDisposable {
  readonly #child: ChildProcess
  #output = ''
  #failure: HoneError | undefined
  #closing = false

  constructor(
    file: URL,
    handlers: { onMessage: (message: Incoming) => void; onDeath: (error: HoneError) => void },
  ) {
    this.#child = fork(fileURLToPath(file), {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
      // Flags of the parent, such as a debugger's port, are not for the worker.
      execArgv: [],
    })
    this.#child.stderr?.on('data', (bytes: Buffer) => {
      this.#output = (this.#output + bytes.toString()).slice(-keptOutput)
    })
    this.#child.on('message', (message) => handlers.onMessage(message as Incoming))
    const die = (error: HoneError): void => {
      if (this.#failure !== undefined || this.#closing) return
      this.#failure = error
      handlers.onDeath(error)
    }
    this.#child.on('error', (cause) =>
      die(new HoneError('E_WORKER', 'the worker process cannot be started', { cause })),
    )
    // `close` and not `exit`: what the worker wrote last has been read by then.
    this.#child.on('close', (code, signal) => die(this.#deathError(code, signal)))
  }

  get processId(): number | undefined {
    return this.#child.pid
  }

  send(message: Outgoing): void {
    if (this.#failure !== undefined) throw this.#failure
    // A worker that is gone is told about by its `close`.
    this.#child.send(message, () => undefined)
  }

  /** Ends the worker and waits until it is gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true
    if (this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined)
      return
    const gone = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await gone
  }

  #deathError(code: number | null, signal: NodeJS.Signals | null): HoneError {
    const lines = this.#output.trim().split('\n')
    // Below an uncaught error Node writes its stack and its own version.
    const told = lines.findLast((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? ''
    const words = told === '' ? '' : `: ${told.slice(0, 300)}`
    if (/bad_alloc|allocate|heap out of memory/i.test(this.#output)) return outOfMemory()
    const how = signal === null ? `ended with status ${code}` : `was ended by ${signal}`
    return new HoneError('E_WORKER', `the worker process ${how}${words}`, {
      hint:
        signal === 'SIGKILL'
          ? 'the system ends processes so when memory runs out: try a smaller --batch, or shorter records'
          : 'run `hone doctor`',
    })
  }
}

/** The error for an allocation that failed, with what makes a step smaller. */
function outOfMemory(cause?: unknown): HoneError {
  return new HoneError('E_MEMORY', 'the memory of this machine does not suffice for the step', {
    hint: 'to fit: a smaller --max-tokens with --drop-long, a smaller --batch, a smaller --rank, or a smaller base',
    ...(cause === undefined ? {} : { cause }),
  })
}

/** Any failure in a worker as one that can cross to its parent. */
export function toSerialized(error: unknown): SerializedHoneError {
  if (HoneError.isInstance(error)) return error.toJSON()
  const message = error instanceof Error ? error.message : String(error)
  if (/bad_alloc|failed to allocate|array buffer allocation failed/i.test(message))
    return outOfMemory().toJSON()
  return new HoneError('E_WORKER', message.split('\n')[0] ?? 'unknown failure').toJSON()
}
