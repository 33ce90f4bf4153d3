import type { JsonObject } from '../../core/example.ts'
import type { JobEvents, NewJobEvent } from '../../store/database/job-events.ts'

/** What can happen to a tuning job; dialects have words for it. */
export type TuningEventType =
  | 'created'
  | 'validated'
  | 'started'
  /** `{step, steps, trainLoss, validLoss?}` */
  | 'metrics'
  /** `{step, epoch}` */
  | 'checkpoint'
  | 'paused'
  | 'resumed'
  | 'stopping'
  | 'stopped'
  | 'succeeded'
  /** `{message}` */
  | 'failed'

/**
 * Keeps what happens to a job while it is worked on: in order, several at once, and without keeping the work waiting. A step
 * is told together with the validation that follows it.
 */
export class TuningEventLog implements AsyncDisposable {
  readonly #events: JobEvents
  readonly #job: string
  readonly #onTrouble: ((error: unknown) => void) | undefined
  #waiting: NewJobEvent[] = []
  #step: JsonObject | undefined
  #writing: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined

  constructor(events: JobEvents, job: string, onTrouble?: (error: unknown) => void) {
    this.#events = events
    this.#job = job
    this.#onTrouble = onTrouble
  }

  /** @param what names it among the job's events: one that is told again is kept once */
  add(type: TuningEventType, what: string = type, data: JsonObject = {}): void {
    this.#endStep()
    this.#push(type, what, data)
  }

  step(step: number, steps: number, trainLoss: number): void {
    this.#endStep()
    this.#step = { step, steps, trainLoss }
    this.#soon()
  }

  validation(step: number, validLoss: number): void {
    if (this.#step?.['step'] === step) this.#step = { ...this.#step, validLoss }
    this.#endStep()
  }

  /** Resolves when all that was told is kept, or could not be. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer)
    this.#endStep()
    this.#write()
    await this.#writing
    if (this.#waiting.length === 0) return
    // The database was away once: it is asked once more.
    this.#write()
    await this.#writing
  }

  #endStep(): void {
    const step = this.#step
    this.#step = undefined
    if (step !== undefined) this.#push('metrics', `step ${String(step['step'])}`, step)
  }

  #push(type: TuningEventType, what: string, data: JsonObject): void {
    this.#waiting.push({ job: this.#job, what, type, data, stamp: this.#events.stamp() })
    this.#soon()
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => this.#write(), 300)
  }

  #write(): void {
    this.#timer = undefined
    this.#writing = this.#writing.then(async () => {
      const events = this.#waiting
      this.#waiting = []
      try {
        await this.#events.add(events)
      } catch (error) {
        this.#waiting = [...events, ...this.#waiting]
        this.#onTrouble?.(error)
      }
    })
  }
}
