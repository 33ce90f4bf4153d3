import type { TuningJob } from './tuning-job.ts'

/** Where a tuning job is. */
export type JobStage =
  /** Nobody has taken it up. */
  | 'waiting'
  /** Its files are being checked. */
  | 'validating'
  /** They are in order; training has not begun. */
  | 'prepared'
  | 'training'
  /** It will stop at the next step, to be gone on with. */
  | 'pausing'
  | 'paused'
  /** It will stop at the next step, for good. */
  | 'stopping'
  | 'succeeded'
  | 'failed'
  | 'stopped'

export type BedrockJobStatus = 'InProgress' | 'Completed' | 'Failed' | 'Stopping' | 'Stopped'

export type OpenaiJobStatus =
  | 'validating_files'
  | 'queued'
  | 'running'
  | 'paused'
  | 'succeeded'
  | 'failed'
  | 'cancelled'

export type AnthropicJobStatus =
  | 'queued'
  | 'validating'
  | 'in_progress'
  | 'paused'
  | 'canceling'
  | 'succeeded'
  | 'failed'
  | 'canceled'

/** A stage as a dialect shows it. */
interface ShownStage<Status> {
  readonly status: Status
  /** Whether the models of epochs that were trained by then are there for the dialect's clients. */
  readonly checkpoints: boolean
}

interface StageRow {
  readonly bedrock: ShownStage<BedrockJobStatus>
  readonly openai: ShownStage<OpenaiJobStatus>
  readonly anthropic: ShownStage<AnthropicJobStatus>
}

const shown = <Status>(status: Status): ShownStage<Status> => ({ status, checkpoints: true })
const hidden = <Status>(status: Status): ShownStage<Status> => ({ status, checkpoints: false })

/**
 * Every stage in the words of every dialect; a job is the same job in all of them. Bedrock shows what a job has made when it
 * has succeeded: one that was stopped has made nothing. At OpenAI and in the dialect of Anthropic, whose tuning is Hone's own,
 * the epochs that were trained stay, whatever becomes of the job.
 *
 * OpenAI answers a wish to cancel or to pause with the status that will be, and so does this.
 */
export const jobStages: Readonly<Record<JobStage, StageRow>> = {
  waiting: {
    bedrock: hidden('InProgress'),
    openai: hidden('validating_files'),
    anthropic: hidden('queued'),
  },
  validating: {
    bedrock: hidden('InProgress'),
    openai: hidden('validating_files'),
    anthropic: hidden('validating'),
  },
  prepared: { bedrock: hidden('InProgress'), openai: shown('queued'), anthropic: shown('queued') },
  training: { bedrock: hidden('InProgress'), openai: shown('running'), anthropic: shown('in_progress') },
  pausing: { bedrock: hidden('InProgress'), openai: shown('paused'), anthropic: shown('paused') },
  paused: { bedrock: hidden('InProgress'), openai: shown('paused'), anthropic: shown('paused') },
  stopping: { bedrock: hidden('Stopping'), openai: shown('cancelled'), anthropic: shown('canceling') },
  succeeded: { bedrock: shown('Completed'), openai: shown('succeeded'), anthropic: shown('succeeded') },
  failed: { bedrock: hidden('Failed'), openai: shown('failed'), anthropic: shown('failed') },
  stopped: { bedrock: hidden('Stopped'), openai: shown('cancelled'), anthropic: shown('canceled') },
}

/** The stage that a job is in. */
export function jobStage({
  state,
  stopRequested,
  pauseRequested,
  progress,
}: Pick<TuningJob, 'state' | 'stopRequested' | 'pauseRequested' | 'progress'>): JobStage {
  if (state === 'succeeded' || state === 'failed' || state === 'stopped' || state === 'paused') return state
  const { validation, training } = progress.phases
  if (state === 'queued') return validation.state === 'done' ? 'prepared' : 'waiting'
  if (stopRequested) return 'stopping'
  if (pauseRequested) return 'pausing'
  if (training.state !== 'waiting') return 'training'
  return validation.state === 'done' ? 'prepared' : 'validating'
}

/** States of the queue that jobs of these stages are in, to look for them. */
export function queueStates(stages: readonly JobStage[]): readonly TuningJob['state'][] {
  return [...new Set(stages.flatMap((stage) => statesOf[stage]))]
}

const statesOf: Readonly<Record<JobStage, readonly TuningJob['state'][]>> = {
  waiting: ['queued'],
  validating: ['running'],
  prepared: ['queued', 'running'],
  training: ['running'],
  pausing: ['running'],
  paused: ['paused'],
  stopping: ['running'],
  succeeded: ['succeeded'],
  failed: ['failed'],
  stopped: ['stopped'],
}

/** The stages that a dialect calls by a status. */
export function stagesCalled(dialect: keyof StageRow, status: string): readonly JobStage[] {
  return (Object.keys(jobStages) as JobStage[]).filter((stage) => jobStages[stage][dialect].status === status)
}
