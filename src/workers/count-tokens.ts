import { parentPort, workerData } from 'node:worker_threads'
import { HoneError } from '../core/errors.ts'
import { createTokenCount, type CountedInput } from '../service/data/count-tokens.ts'
import type { FromTokenWorker, TokenWorkerData } from '../service/data/token-pool.ts'
import { loadModelText } from '../text/load-chat-text.ts'

const { folder, ...settings } = workerData as TokenWorkerData
const send = (message: FromTokenWorker): void => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage(message)
}
const loading = loadModelText(folder).then((text) => createTokenCount(text, settings))

parentPort?.on('message', (batch: readonly CountedInput[]) => {
  loading
    .then((count) => send({ type: 'counted', batch: count(batch) }))
    .catch((cause: unknown) => {
      const error = HoneError.isInstance(cause)
        ? cause
        : new HoneError('E_INTERNAL', cause instanceof Error ? cause.message : String(cause))
      send({ type: 'failed', error: error.toJSON() })
    })
})
