import type { ReactNode } from 'react'
import type { Evaluation, Job, State, Upload } from '../../api/client.ts'
import { ButtonLink } from '../../kit/button.tsx'
import { counted } from '../../kit/counted.ts'
import { Section } from '../../kit/page.tsx'
import { Progress } from '../../kit/texts.tsx'
import { Link } from '../../router/link.tsx'
import { JobTable } from '../../kit/job-table.tsx'
import { progressOf, shareOf } from '../../kit/job-words.ts'
import { ResumeButton } from '../../kit/resume-button.tsx'
import { needsOf, type Need } from './needs.ts'

/** How things stand: what needs somebody, what runs, what ended. */
export function Overview({
  state,
  evaluations,
  uploads,
}: {
  readonly state: State
  readonly evaluations: readonly Evaluation[]
  readonly uploads: readonly Upload[]
}) {
  const asking = evaluations.filter(({ endedAt }) => endedAt === null)
  const needs = needsOf(state.attention, evaluations, uploads)
  const { datasets, tuned, bases, jobs } = state.counts
  return (
    <>
      <p className="muted">
        {counted(datasets, 'dataset')}, {counted(tuned, 'tuned model')}, {counted(bases, 'base')},{' '}
        {counted(jobs, 'job')} in <code>{state.home}</code>
      </p>
      {needs.length > 0 && (
        <Section title="Needs attention">
          <ul className="needs">
            {needs.map((need) => (
              <NeedLine key={`${need.what} ${need.id}`} need={need} />
            ))}
          </ul>
        </Section>
      )}
      <Section title="Runs now">
        {state.running.length + asking.length === 0 ? (
          <p className="muted">
            Nothing runs. A job that is started here, by an API or by hone train shows itself.
          </p>
        ) : (
          <ul className="running">
            {state.running.map((job) => (
              <Running key={job.id} job={job} />
            ))}
            {asking.map((evaluation) => (
              <Asking key={evaluation.id} evaluation={evaluation} />
            ))}
          </ul>
        )}
      </Section>
      {state.finished.length > 0 && (
        <Section title="Finished" actions={<Link href="/jobs">All jobs</Link>}>
          <JobTable jobs={state.finished} caption="The last jobs that ended" />
        </Section>
      )}
    </>
  )
}

function NeedLine({ need }: { readonly need: Need }) {
  return (
    <li>
      <span>{need.message}</span>
      <span className="actions">
        {need.what === 'run-interrupted' && <ResumeButton id={need.id} look="quiet" />}
        <ButtonLink look="quiet" href={need.href}>
          {need.action}
        </ButtonLink>
      </span>
    </li>
  )
}

const RunningLine = ({ href, children }: { readonly href: string; readonly children: ReactNode }) => (
  <li>
    {children}
    <ButtonLink look="quiet" href={href}>
      Watch
    </ButtonLink>
  </li>
)

function Running({ job }: { readonly job: Job }) {
  return (
    <RunningLine href={`/jobs/${encodeURIComponent(job.id)}`}>
      <Progress label={job.name} value={shareOf(job)} words={progressOf(job)} />
    </RunningLine>
  )
}

function Asking({ evaluation }: { readonly evaluation: Evaluation }) {
  const { done, total, candidate } = evaluation.progress
  const words = total === 0 ? evaluation.state : `${candidate ?? 'answers'}, ${done} of ${total}`
  return (
    <RunningLine href={`/evaluations/${encodeURIComponent(evaluation.id)}`}>
      <Progress
        label={`Evaluation ${evaluation.name}`}
        value={total === 0 ? undefined : done / total}
        words={words}
      />
    </RunningLine>
  )
}
