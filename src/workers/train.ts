import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { HoneError } from '../core/errors.ts'
import type { TunedModel } from '../core/tuner.ts'
import { withFileLock } from '../lib/file-lock.ts'
import { lowerPriority } from '../lib/lower-priority.ts'
import { runTrainingJob } from '../providers/local/run-training-job.ts'
import type { FromTrainingWorker, ToTrainingWorker } from '../providers/local/training-protocol.ts'
import { toSerialized } from '../providers/local/worker-process.ts'

const controller = new AbortController()
const send = (message: FromTrainingWorker): void => void process.send?.(message)

// A terminal or a service manager signals every process of the group; the parent decides what it means.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => undefined)
// Without a parent nobody would ever stop the run.
process.on('disconnect', () => process.exit(1))
process.on('message', (message: ToTrainingWorker) => {
  if (message.type === 'stop') {
    controller.abort(new HoneError('E_INTERRUPTED', 'stopped'))
    return
  }
  const { jobFolder, options } = message
  // Before the runtime starts its threads. Where it is not allowed, training goes on all the same.
  if (options.background === true) lowerPriority()
  const { signal } = controller
  // A worker whose parent was killed ends with its step: until then, what the parent's successor starts waits here.
  const lock = join(jobFolder, 'worker.lock')
  const run = (): Promise<TunedModel> =>
    runTrainingJob(jobFolder, options, { signal, onEvent: (event) => send({ type: 'event', event }) })
  ;(existsSync(jobFolder) ? withFileLock(lock, { signal }, run) : run()).then(
    (model) => send({ type: 'done', model }),
    (error: unknown) => send({ type: 'failed', error: toSerialized(error) }),
  )
})
