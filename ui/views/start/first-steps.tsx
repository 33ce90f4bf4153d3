import type { ReactNode } from 'react'
import type { EvaluationList, State } from '../../api/client.ts'
import { ButtonLink } from '../../kit/button.tsx'
import { Link } from '../../router/link.tsx'
import { evaluatePath } from '../../kit/job-paths.ts'
import { TakeSample } from '../../kit/take-sample.tsx'

/** The way from nothing to a verdict, with what of it is done. */
export function FirstSteps({
  state,
  evaluations,
}: {
  readonly state: State
  readonly evaluations: EvaluationList | undefined
}) {
  const hasData = state.counts.datasets > 0
  const hasModel = state.counts.tuned > 0
  const [running] = state.running
  const trained = state.finished.find((job) => job.state === 'succeeded')
  const [asked] = evaluations?.evaluations ?? []
  return (
    <section aria-labelledby="first-steps">
      <h2 id="first-steps">From examples to a verdict in three steps</h2>
      <ol className="first-steps">
        <Step
          title="Bring examples"
          isDone={hasData}
          done="There is a dataset."
          action={
            <div className="actions">
              {hasData ? (
                <ButtonLink href="/datasets">See the datasets</ButtonLink>
              ) : (
                <>
                  <TakeSample look="primary" />
                  <ButtonLink href="/datasets">Add a file of yours</ButtonLink>
                </>
              )}
            </div>
          }
        >
          Conversations with the answers that you want. The sample has 640 invented messages to an insurance
          claims desk, each sorted into one of eight routes. It comes with Hone (
          <code>examples/claims-router</code>), nothing is downloaded.
        </Step>
        <Step
          title="Train on them"
          isDone={hasModel}
          done="There is a tuned model."
          action={
            running === undefined ? (
              (hasData || hasModel) && (
                <ButtonLink href="/train" look={hasModel ? 'plain' : 'primary'}>
                  Train a model
                </ButtonLink>
              )
            ) : (
              <p>
                <Link href={`/jobs/${running.id}`}>{running.name}</Link> is at step {running.step} of{' '}
                {running.steps}.
              </p>
            )
          }
        >
          A small model learns on this machine, in minutes. Before it starts you see how long it takes and
          what memory it needs.
        </Step>
        <Step
          title="See whether it got better"
          isDone={false}
          done=""
          action={
            asked !== undefined ? (
              <ButtonLink href={`/evaluations/${encodeURIComponent(asked.id)}`}>
                See the evaluation {asked.name}
              </ButtonLink>
            ) : (
              trained !== undefined && (
                <ButtonLink href={evaluatePath(trained)} look="primary">
                  Evaluate {trained.model}
                </ButtonLink>
              )
            )
          }
        >
          The base, the base with examples in its prompt, and the tuned model answer the same held-out
          messages. The verdict says which is better, by how much, and how sure that is.
        </Step>
      </ol>
    </section>
  )
}

function Step({
  title,
  isDone,
  done,
  action,
  children,
}: {
  readonly title: string
  readonly isDone: boolean
  readonly done: string
  readonly action: ReactNode
  readonly children: ReactNode
}) {
  return (
    <li data-done={isDone || undefined}>
      <h3>{title}</h3>
      <p className="muted">{isDone ? done : children}</p>
      {action}
    </li>
  )
}
