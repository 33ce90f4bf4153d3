import type { Job } from '../../api/client.ts'
import { ButtonLink } from '../../kit/button.tsx'
import { formatNumber } from '../../kit/format.ts'
import { evaluatePath } from '../../kit/job-paths.ts'

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
