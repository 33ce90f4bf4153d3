import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { HoneError } from '../../core/errors.ts'
import type { TunedModel, TuneOptions, Tuner } from '../../core/tuner.ts'
import { withFileLock } from '../../lib/file-lock.ts'
import type { EngineOptions, FromTrainingWorker, ToTrainingWorker } from './training-protocol.ts'
import { WorkerProcess } from './worker-process.ts'
import { onAbort } from '../../lib/on-abort.ts'

/** Trains on this machine, in a process of its own. */
export function createLocalTuner(worker: URL, options: EngineOptions): Tuner {
  return {
    id: 'local',
    train: (jobFolder, tuneOptions = {}) =>
      alone(jobFolder, () => train(worker, options, jobFolder, tuneOptions)),
  }
}

async function train(
  worker: URL,
  options: EngineOptions,
  jobFolder: string,
  { signal, onEvent }: TuneOptions,
): Promise<TunedModel> {
  signal?.throwIfAborted()
  let settle: { resolve: (model: TunedModel) => void; reject: (error: unknown) => void } | undefined
  const outcome = new Promise<TunedModel>((resolve, reject) => {
    settle = { resolve, reject }
  })
  await using process = new WorkerProcess<ToTrainingWorker, FromTrainingWorker>(worker, {
    onMessage: (message) => {
      if (message.type === 'event') onEvent?.(message.event)
      else if (message.type === 'done') settle?.resolve(message.model)
      else settle?.reject(HoneError.fromJSON(message.error))
    },
    onDeath: (error) => settle?.reject(error),
  })
  const ignore = onAbort(signal, () => process.send({ type: 'stop' }))
  try {
    process.send({ type: 'train', jobFolder, options })
    return await outcome
  } finally {
    ignore()
  }
}

/** Two processes that train in one folder would mix their checkpoints. */
function alone<Result>(jobFolder: string, action: () => Promise<Result>): Promise<Result> {
  // A folder that is not there has no job; the worker says so.
  if (!existsSync(jobFolder)) return action()
  const busy = new AbortController()
  const onWait = (): void =>
    busy.abort(
      new HoneError('E_LOCKED', 'another process is training in this folder', {
        at: { file: jobFolder },
        hint: 'wait until it has come to its end, or stop it first',
      }),
    )
  return withFileLock(join(jobFolder, 'train.lock'), { signal: busy.signal, onWait }, action)
}
