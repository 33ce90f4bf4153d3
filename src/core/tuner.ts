import type { WaitOptions } from './chat-model.ts'
import type { TrainingEvent } from './training-event.ts'

/** A model that a job made. */
export interface TunedModel {
  /** Name of the model in its home, or on the service that made it. */
  readonly id: string
  /** Folder with the model's manifest. */
  readonly folder: string
  /** Optimizer step whose adapter the model carries. */
  readonly bestStep: number
  readonly steps: number
}

export interface TuneOptions extends WaitOptions {
  readonly onEvent?: (event: TrainingEvent) => void
}

/** Something that trains. The job's folder holds everything that decides the result, and everything that comes of it. */
export interface Tuner {
  readonly id: string
  /**
   * Starts the job in this folder, or takes it up where it was. Aborting stops the training itself, at a point from
   * which a later call goes on.
   *
   * @throws HoneError `E_INTERRUPTED` after an abort, `E_WORKER` when the training process died
   */
  train(jobFolder: string, options?: TuneOptions): Promise<TunedModel>
}
