import type { TrainingRunDetails } from '../../service/training-runs/training-run.ts'

/**
 * A place in a run's log, as `last-event-id` says it: the byte at which the next event begins, after what names the log. A run
 * that was begun anew has another log, which is read from its beginning.
 */
export class LogPosition {
  readonly #log: string
  readonly byte: number

  private constructor(log: string, byte: number) {
    this.#log = log
    this.byte = byte
  }

  /** @param text what was answered before; anything else is the beginning */
  static read(text: string | undefined, details: Pick<TrainingRunDetails, 'job'>): LogPosition {
    const [log = '', byte = ''] = (text ?? '').split('.')
    const current = logName(details)
    return new LogPosition(current, log === current && /^\d{1,15}$/.test(byte) ? Number(byte) : 0)
  }

  /** The same place, or the beginning where the run has another log by now. */
  in(details: Pick<TrainingRunDetails, 'job'>): LogPosition {
    const current = logName(details)
    return current === this.#log ? this : new LogPosition(current, 0)
  }

  at(byte: number): LogPosition {
    return new LogPosition(this.#log, byte)
  }
}

/** A place in the log of a run, as text that clients hand back. */
export const jobPlace = (details: Pick<TrainingRunDetails, 'job'>, byte: number): string =>
  `${logName(details)}.${byte}`

/** When the run was begun: a log is never written anew for the same one. */
const logName = ({ job }: Pick<TrainingRunDetails, 'job'>): string =>
  job === null ? '0' : Date.parse(job.createdAt).toString(36)
