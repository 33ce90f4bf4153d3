import type { Job, TrainingEvent } from '../api/contract.ts'
import { formatCount, formatDuration, formatNumber } from './format.ts'

type Run = Pick<Job, 'state' | 'phase' | 'step' | 'steps' | 'secondsLeft'>

/** Nothing more comes of it by itself. */
export const isOver = ({ phase }: Pick<Job, 'phase'>): boolean => phase === 'ended'

/** How much of it is done; undefined where nobody knows. */
export const shareOf = ({ step, steps }: Pick<Job, 'step' | 'steps'>): number | undefined =>
  steps === 0 ? undefined : Math.min(1, step / steps)

const phases: Readonly<Record<Job['phase'], string>> = {
  waiting: 'waits for the training worker',
  validation: 'checks the examples',
  processing: 'counts the tokens',
  training: 'trains',
  ended: 'ended',
}

/** `step 120 of 600, 20 min left`. */
export function progressOf(job: Run): string {
  const { state, phase, step, steps, secondsLeft } = job
  const at = steps === 0 ? '' : `step ${formatCount(step)} of ${formatCount(steps)}`
  if (state === 'paused' || isOver(job)) return [state, at].filter(Boolean).join(' at ')
  if (phase !== 'training' || steps === 0) return phases[phase]
  const left = secondsLeft === null ? '' : `, ${formatDuration(secondsLeft * 1000)} left`
  return `${at}${left}`
}

/** Dataset version and part of a job's data, `claims@1f2e/train`; undefined for a file. */
export function datasetOf({ data }: Pick<Job, 'data'>): string | undefined {
  return /^dataset:([^/]+)/.exec(data?.training ?? '')?.[1]
}

/** An event in a sentence; undefined for steps, which the charts show, and for kinds that come later. */
export function eventWords(event: TrainingEvent): string | undefined {
  switch (event.type) {
    case 'resumed':
      return `Went on from step ${formatCount(event.step)}.`
    case 'checkpoint-damaged':
      return `The checkpoint ${event.file} could not be used: ${event.reason}`
    case 'reference':
      return event.done === event.total
        ? `What the start model makes of ${formatCount(event.total)} pairs is known.`
        : undefined
    case 'activations':
      return event.done === event.total
        ? `The frozen layers of ${formatCount(event.total)} records are computed.`
        : undefined
    case 'validation':
      return `Validation loss ${formatNumber(event.loss, 4)} at step ${formatCount(event.step)}${
        event.best ? ', the best so far' : ''
      }.`
    case 'checkpoint':
      return `Checkpoint at step ${formatCount(event.step)}.`
    case 'epoch':
      return `Epoch ${formatCount(event.epoch)} ended at step ${formatCount(event.step)}.`
    case 'early-stop':
      return `Stopped early at step ${formatCount(event.step)}: the best was step ${formatCount(event.bestStep)}.`
    case 'step':
      return undefined
    default:
      // A server that is newer than the page may tell of more.
      return undefined
  }
}
