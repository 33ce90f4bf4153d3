import { HoneError } from '../../core/errors.ts'
import type { TunedModel, TuneOptions, Tuner } from '../../core/tuner.ts'
import type { EngineOptions, FromTrainingWorker, ToTrainingWorker } from './training-protocol.ts'
import { WorkerProcess } from './worker-process.ts'

/** Trains on this machine, in a process of its own. */
export function createLocalTuner(worker: URL, options: EngineOptions): Tuner {
  return {
    id: 'local',
    train: (jobFolder, tuneOptions = {}) => train(worker, options, jobFolder, tuneOptions),
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
  const stop = (): void => process.send({ type: 'stop' })
  signal?.addEventListener('abort', stop, { once: true })
  try {
    process.send({ type: 'train', jobFolder, options })
    return await outcome
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}
