import type { Arithmetic } from '../../core/arithmetic.ts'
import type { Device } from '../../engine/graph/session.ts'
import type { TrainingEvent } from '../../core/training-event.ts'
import type { TunedModel } from '../../core/tuner.ts'
import type { WorkerFailure } from './worker-process.ts'

/** How the engine is run; none of it changes what a job computes but `threads`, in the last bits, and `arithmetic`. */
export interface EngineOptions {
  readonly cacheFolder: string
  readonly threads?: number | undefined
  readonly device?: Device | undefined
  /** Of training: let everything else on the machine run first. */
  readonly background?: boolean | undefined
  /** Of a model that answers: many requests will come one at a time. */
  readonly longLived?: boolean | undefined
  /** Of a model that answers; default `exact`. */
  readonly arithmetic?: Arithmetic | undefined
}

export type ToTrainingWorker =
  | { readonly type: 'train'; readonly jobFolder: string; readonly options: EngineOptions }
  | { readonly type: 'stop' }

export type FromTrainingWorker =
  | { readonly type: 'event'; readonly event: TrainingEvent }
  | { readonly type: 'done'; readonly model: TunedModel }
  | WorkerFailure
