import type { Job } from '../../api/client.ts'
import { ButtonLink } from '../../kit/button.tsx'
import { formatNumber } from '../../kit/format.ts'
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

/** What a job that succeeded is for. */
export function NextSteps({ job }: { readonly job: Job }) {
  const model = encodeURIComponent(job.model)
  const best = job.validationLoss
  return (
    <div className="next-steps">
      <p>
        <strong>{job.model} is ready.</strong>{' '}
        {best === null
          ? 'Nothing was held out, so that only an evaluation can tell what it learned.'
          : `Its best validation loss is ${formatNumber(best)}; whether its answers are better is for an evaluation to say.`}
      </p>
      <div className="actions">
        <ButtonLink href={evaluatePath(job)} look="primary">
          Evaluate it
        </ButtonLink>
        <ButtonLink href={`/playground?models=${model},${encodeURIComponent(job.base)}`}>Try it</ButtonLink>
        <ButtonLink href={`/models/${model}`}>Use it</ButtonLink>
      </div>
    </div>
  )
}
