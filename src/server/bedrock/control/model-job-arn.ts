import type { ModelJob } from '../../../service/model-jobs/model-job.ts'
import { arnOf, madeIn, type ArnScope } from '../arns.ts'

/** The ARN of a job that copies or imports. */
export const modelJobArn = ({ id, spec }: Pick<ModelJob, 'id' | 'spec'>, scope: ArnScope): string =>
  arnOf(madeIn(spec.dialect, scope), spec.type === 'copy' ? 'model-copy-job' : 'model-import-job', id)

export type ModelJobStatus = 'InProgress' | 'Completed' | 'Failed'

/** These jobs cannot be stopped. */
export const modelJobStatus = ({ state }: Pick<ModelJob, 'state'>): ModelJobStatus =>
  state === 'succeeded' ? 'Completed' : state === 'failed' || state === 'stopped' ? 'Failed' : 'InProgress'

/** The states of the queue that a status stands for. */
export const statesOf: Readonly<Record<ModelJobStatus, readonly ModelJob['state'][]>> = {
  InProgress: ['queued', 'running'],
  Completed: ['succeeded'],
  Failed: ['failed', 'stopped'],
}
