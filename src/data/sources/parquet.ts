import { stat } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import { HoneError } from '../../core/errors.ts'
import { onAbort } from '../../lib/on-abort.ts'
import type { ParquetMessage } from './parquet-rows.ts'
import type { FromParquetThread, ParquetThreadData } from './parquet-thread.ts'
import type { SourceKind } from './source-kind.ts'

/** Threads are started from the build, wherever this file is run from. */
const entry = new URL('../../../dist/data/sources/parquet-thread.js', import.meta.url)

/** A damaged file can make the reader loop or fill the memory: it is then given up. */
const patience = { least: 60_000, millisecondsPerMegabyte: 200 }
const resourceLimits = { maxOldGenerationSizeMb: 4096 }

/** Apache Parquet, read in a thread of its own, which can be ended from outside. */
export const parquet: SourceKind = {
  id: 'parquet',
  name: 'Apache Parquet, with nested lists and structs',
  endings: ['parquet'],
  isText: false,
  isTable: true,
  fits: (head) => head.subarray(0, 4).toString('latin1') === 'PAR1',
  async *rows({ file, location, signal, note }) {
    const path = await file()
    const { size } = await stat(path)
    const wait = patience.least + (size / 2 ** 20) * patience.millisecondsPerMegabyte
    const workerData: ParquetThreadData = { path, location }
    const thread = new Worker(entry, { workerData, execArgv: [], resourceLimits })
    try {
      for (;;) {
        const message = await next(thread, location, wait, signal)
        if (message.type === 'rows') yield message.rows
        else {
          const { columns } = message
          if (columns.length > 0) {
            note(`columns ${columns.slice(0, 12).join(', ')}; numbers of lines are those of rows`)
          }
          return
        }
      }
    } finally {
      await thread.terminate()
    }
  },
}

/** Asks the thread for what comes next. */
function next(
  thread: Worker,
  location: string,
  wait: number,
  signal: AbortSignal | undefined,
): Promise<ParquetMessage> {
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
