import type { Worker } from 'node:worker_threads'
import { HoneError } from '../../core/errors.ts'
import { onAbort } from '../../lib/on-abort.ts'
import type { ParquetMessage } from './parquet-rows.ts'
import type { FromParquetThread } from './parquet-thread.ts'

export interface AskParquetOptions {
  /** The file, as the user named it. */
  readonly location: string
  /** Milliseconds after which the file is given up. */
  readonly wait: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Asks the thread for what comes next.
 *
 * @throws HoneError `E_DATA` when it fails, ends or says nothing for too long; `signal.reason`
 */
export async function askParquetThread(
  thread: Worker,
  { location, wait, signal }: AskParquetOptions,
): Promise<ParquetMessage> {
  signal?.throwIfAborted()
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      clearTimeout(timer)
      ignore()
      thread.off('message', onMessage).off('error', onError).off('exit', onExit)
      act()
    }
    const fail = (reason: string): void =>
      settle(() =>
        reject(
          new HoneError('E_DATA', `the Parquet file cannot be read: ${reason}`, {
            at: { file: location },
            hint: 'write it again, or export it as JSONL',
          }),
        ),
      )
    const timer = setTimeout(() => fail(`no row was found in ${Math.round(wait / 1000)} s`), wait)
    const ignore = onAbort(signal, () => settle(() => reject(signal?.reason)))
    const onMessage = (message: FromParquetThread): void =>
      settle(() => {
        if (message.type === 'failed') reject(HoneError.fromJSON(message.error))
        else resolve(message)
      })
    const onError = (error: Error): void => fail(error.message)
    const onExit = (code: number): void => fail(`its reader ended with status ${code}`)
    thread.on('message', onMessage).on('error', onError).on('exit', onExit)
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    thread.postMessage('next')
  })
}
