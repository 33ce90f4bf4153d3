import { useState } from 'react'
import type { Evaluation, EvaluationDetails, EvaluationResult } from '../../api/client.ts'
import { useDownload } from '../../api/download.ts'
import { useFollow } from '../../api/events.ts'
import { refresh, useApi, useChange } from '../../api/query.ts'
import { Button, ButtonLink } from '../../kit/button.tsx'
import { Fetched } from '../../kit/fetched.tsx'
import { formatBytes, formatCount, formatDuration } from '../../kit/format.ts'
import { Page } from '../../kit/page.tsx'
import { Tabs } from '../../kit/tabs.tsx'
import {
  Badge,
  ConnectionNote,
  EmptyState,
  ErrorNote,
  KeyValues,
  Progress,
  RelativeTime,
} from '../../kit/texts.tsx'
import { Link } from '../../router/link.tsx'
import type { ViewProps } from '../../views.ts'
import { Calibration } from './calibration.tsx'
import { ComparisonTab } from './comparison-tab.tsx'
import { Details } from './details.tsx'
import { Gate } from './gate.tsx'
import { Overview } from './overview.tsx'
import { Rows } from './rows.tsx'
import './evaluations.css'

/** One evaluation: how far it is, then its verdict and what that rests on. Fetches `getEvaluation`, `followEvaluation`, `getReport`. */
export default function EvaluationView({ params }: ViewProps) {
  const id = params['id'] ?? ''
  const query = useApi('getEvaluation', { path: { id } })
  const [latest, setLatest] = useState<Evaluation>()
  const isUnderWay = query.data !== undefined && query.data.evaluation.endedAt === null
  const { connection } = useFollow('followEvaluation', isUnderWay ? id : undefined, ({ event, data }) => {
    setLatest(data as Evaluation)
    if (event === 'end') void refresh(['getEvaluation', 'listEvaluations'])
  })
  const evaluation = isUnderWay ? (latest ?? query.data?.evaluation) : query.data?.evaluation
  const stop = useChange('stopEvaluation', ['listEvaluations', 'getEvaluation'])
  const report = useDownload()
  return (
    <Page
      isWide
      title={evaluation?.name ?? 'Evaluation'}
      trail={<Link href="/evaluations">Evaluations</Link>}
      actions={
        <>
          {evaluation?.canStop === true && (
            <Button
              busy={stop.isPending ? 'Stopping …' : undefined}
              onClick={() => stop.mutate({ path: { id } })}
            >
              Stop
            </Button>
          )}
          {query.data?.result !== undefined && query.data.result !== null && (
            <Button
              busy={report.bytes === undefined ? undefined : `Writing, ${formatBytes(report.bytes)} …`}
              onClick={() => report.start('getReport', { path: { id } })}
            >
              Download the report
            </Button>
          )}
        </>
      }
    >
      {report.error !== undefined && <ErrorNote error={report.error} />}
      {stop.error !== null && <ErrorNote error={stop.error} />}
      <ConnectionNote isLost={connection === 'lost'} />
      <Fetched query={query} what="the evaluation">
        {(details) => <Shown details={details} evaluation={evaluation ?? details.evaluation} />}
      </Fetched>
    </Page>
  )
}

function Shown({
  details,
  evaluation,
}: {
  readonly details: EvaluationDetails
  readonly evaluation: Evaluation
}) {
  // What is there before the last candidate was asked compares the first ones only.
  const result = details.evaluation.endedAt === null ? null : details.result
  return (
    <>
      {evaluation.endedAt === null && <UnderWay evaluation={evaluation} />}
      {evaluation.failure !== null && <Failed evaluation={evaluation} />}
      {result !== null && <Verdict result={result} />}
      <Facts evaluation={evaluation} result={result} />
      {result === null && evaluation.state === 'stopped' && (
        <EmptyState
          title="It was stopped before all candidates had been asked."
          action={<ButtonLink href={againPath(evaluation)}>Evaluate again</ButtonLink>}
        >
          What was answered is kept; the same questions are not asked twice.
        </EmptyState>
      )}
      {result !== null && (
        <Tabs
          label="Parts of the evaluation"
          tabs={[
            { id: 'overview', label: 'Overview', content: <Overview result={result} /> },
            ...(result.candidates.length > 1
              ? [
                  {
                    id: 'comparison',
                    label: 'Comparison',
                    content: <ComparisonTab id={evaluation.id} result={result} />,
                  },
                ]
              : []),
            { id: 'details', label: detailsLabel(result), content: <Details result={result} /> },
            { id: 'calibration', label: 'Calibration', content: <Calibration result={result} /> },
            { id: 'rows', label: 'Rows', content: <Rows id={evaluation.id} result={result} /> },
            { id: 'gate', label: 'Gate', content: <Gate details={details} /> },
          ]}
        />
      )}
    </>
  )
}

const detailsLabel = ({ evaluation }: EvaluationResult): string =>
  evaluation.candidates.some(({ fields }) => fields !== undefined) ? 'By field' : 'By class'

const againPath = ({ dataset, tuned, base }: Evaluation): string =>
  `/evaluations/new?${new URLSearchParams({
    dataset: dataset.replace(/^dataset:/, ''),
    base,
    ...(tuned === null ? {} : { tuned }),
  }).toString()}`

function UnderWay({ evaluation }: { readonly evaluation: Evaluation }) {
  const { state, progress } = evaluation
  const { phase, candidate, done, total } = progress
  if (state === 'queued') {
    return <Progress label="Waiting" words="it starts when the work before it is done" />
  }
  const what = candidate === null ? (phase ?? 'Preparing') : `Asking ${candidate}`
  return (
    <Progress
      label={state === 'stopping' ? 'Stopping' : what}
      value={total === 0 ? undefined : done / total}
      words={
        total === 0 ? 'reading data and models' : `${formatCount(done)} of ${formatCount(total)} answers`
      }
    />
  )
}

function Failed({ evaluation }: { readonly evaluation: Evaluation }) {
  const { failure } = evaluation
  if (failure === null) return null
  return (
    <div className="error-note" role="alert">
      <p>
        <strong>{failure.message}</strong>
      </p>
      <div className="actions">
        <code>{failure.code}</code>
        <ButtonLink href={againPath(evaluation)}>Change and evaluate again</ButtonLink>
      </div>
    </div>
  )
}

const tones = {
  better: 'good',
  worse: 'wrong',
  'no difference shown': 'plain',
  'not enough rows': 'warning',
} as const

/** The sentence that everything else explains. */
function Verdict({ result }: { readonly result: EvaluationResult }) {
  const { verdict, evaluation, candidates } = result
  const { weakestLabel, worstRows, comparisons } = evaluation
  if (verdict === null) {
    return <p className="verdict">{candidates[0]?.title}, compared with nothing</p>
  }
  const main = comparisons.find(({ baseline }) => baseline === verdict.baseline)
  const [head = '', ...rest] = verdict.sentence.split(': ')
  const said = rest.join(': ')
  const bracket = said.indexOf(' (')
  const [claim, evidence] = bracket < 0 ? [said, ''] : [said.slice(0, bracket), said.slice(bracket + 1)]
  return (
    <div className="verdict-block">
      <p className="verdict" data-tone={main === undefined ? 'plain' : tones[main.verdict]}>
        <strong>{head}:</strong> {claim}
      </p>
      <p className="muted">{evidence}</p>
      {(weakestLabel !== null || worstRows.wrong > 0) && (
        <p>
          {weakestLabel !== null && (
            <>
              Weakest: {weakestLabel.label}, {weakestLabel.f1.toFixed(2)} F1
              {weakestLabel.mistakenFor !== null &&
                `, mistaken for ${weakestLabel.mistakenFor.label ?? 'nothing readable'} ${formatCount(weakestLabel.mistakenFor.count)} times`}
              .{' '}
            </>
          )}
          {worstRows.wrong > 0 && (
            <Link href={`?tab=rows&candidate=${encodeURIComponent(result.challenger)}&show=wrong`}>
              {formatCount(worstRows.wrong)} {worstRows.wrong === 1 ? 'row' : 'rows'} wrong
            </Link>
          )}
          {worstRows.looksMislabelled > 0 &&
            `; ${formatCount(worstRows.looksMislabelled)} of them look mislabelled`}
        </p>
      )}
    </div>
  )
}

function Facts({
  evaluation,
  result,
}: {
  readonly evaluation: Evaluation
  readonly result: EvaluationResult | null
}) {
  const { dataset, split, base, tuned, createdAt, endedAt, state, owner } = evaluation
  const id = dataset.replace(/^dataset:/, '')
  return (
    <div className="evaluation-facts">
      <KeyValues
        items={[
          ['State', <Badge key="state">{state}</Badge>],
          [
            'Dataset',
            <Link key="dataset" href={`/datasets/${encodeURIComponent(id)}`}>
              {id}
            </Link>,
          ],
          ['Part', result === null ? split : `${split}, ${formatCount(result.rows)} rows`],
          ...(result === null || result.looks === null
            ? []
            : [
                [
                  'Looks at the sealed part',
                  `${formatCount(result.looks)}${result.looks > 3 ? ': a score that guided many choices flatters' : ''}`,
                ] as const,
              ]),
        ]}
      />
      <KeyValues
        items={[
          [
            'Base',
            <Link key="base" href={`/models/${encodeURIComponent(base)}`}>
              {base}
            </Link>,
          ],
          [
            'Tuned model',
            tuned === null ? (
              '–'
            ) : (
              <Link key="tuned" href={`/models/${encodeURIComponent(tuned)}`}>
                {tuned}
              </Link>
            ),
          ],
          [
            'Started',
            <>
              <RelativeTime key="time" time={createdAt} /> by {owner}
            </>,
          ],
          ...(endedAt === null
            ? []
            : [['Took', formatDuration(Date.parse(endedAt) - Date.parse(createdAt))] as const]),
        ]}
      />
    </div>
  )
}
