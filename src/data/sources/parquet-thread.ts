import { parentPort, workerData } from 'node:worker_threads'
import { HoneError, type SerializedHoneError } from '../../core/errors.ts'
import { readParquet, type ParquetMessage } from './parquet-rows.ts'

export interface ParquetThreadData {
  readonly path: string
  /** As the user named the file. */
  readonly location: string
}

export type FromParquetThread =
  | ParquetMessage
  | { readonly type: 'failed'; readonly error: SerializedHoneError }

const { path, location } = workerData as ParquetThreadData
const messages = readParquet(path, location)

// One message for each question, so that no more than that is held.
parentPort?.on('message', () => {
  messages
    .next()
    .then(({ value }) => send(value ?? { type: 'end', columns: [] }))
    .catch((cause: unknown) => {
      const error = HoneError.isInstance(cause)
        ? cause
        : new HoneError('E_DATA', `the Parquet file cannot be read: ${String(cause)}`, {
            at: { file: location },
          })
      send({ type: 'failed', error: error.toJSON() })
    })
})

function send(message: FromParquetThread): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage(message)
}
