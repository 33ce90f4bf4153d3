import type { Job } from '../api/contract.ts'
import { datasetOf } from './job-words.ts'

/** Where a tuned model is held against its base, on the test part of its own dataset. */
export function evaluatePath(job: Pick<Job, 'model' | 'data'>): string {
  const dataset = datasetOf(job)
  const params = new URLSearchParams({ tuned: job.model, ...(dataset === undefined ? {} : { dataset }) })
  return `/evaluations/new?${params.toString()}`
}

/** The job again, to change something: what it learned, from which base. */
export function againPath(
  job: Pick<Job, 'base' | 'data'>,
  settings: Readonly<Record<string, unknown>> | null,
): string {
  const dataset = datasetOf(job)
  const params = new URLSearchParams({ ...(dataset === undefined ? {} : { dataset }), base: job.base })
  for (const name of ['epochs', 'maxSteps', 'learningRate', 'batchSize']) {
    const value = settings?.[name]
    if (typeof value === 'number') params.set(name, String(value))
  }
  return `/train?${params.toString()}`
}
