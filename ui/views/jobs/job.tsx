import { ApiError } from '../../api/api-error.ts'
import type { Job as JobState, JobDetails } from '../../api/client.ts'
import { useApi } from '../../api/query.ts'
import { ButtonLink } from '../../kit/button.tsx'
import { counted } from '../../kit/counted.ts'
import { Fetched } from '../../kit/fetched.tsx'
import { Figures, type Figure } from '../../kit/figures.tsx'
import { formatBytes, formatCount, formatDuration, formatNumber, formatShort } from '../../kit/format.ts'
import { Page } from '../../kit/page.tsx'
import { Table } from '../../kit/table.tsx'
import { Tabs } from '../../kit/tabs.tsx'
import {
  Badge,
  ConnectionNote,
  ErrorNote,
  KeyValues,
  Loading,
  Progress,
  RelativeTime,
} from '../../kit/texts.tsx'
import { Link } from '../../router/link.tsx'
import type { ViewProps } from '../../views.ts'
import { labelOf, settingText } from '../../kit/setting.ts'
import { againPath } from '../../kit/job-paths.ts'
import { JobActions } from './job-actions.tsx'
import { JobCharts } from './job-charts.tsx'
import { JobSamples } from './job-samples.tsx'
import { datasetOf, eventWords, isOver, progressOf, shareOf } from '../../kit/job-words.ts'
import { NextSteps } from './next-steps.tsx'
import { useJob, type FollowedJob, type ToldEvent } from './use-job.ts'
import './jobs.css'

/** One training run, live. Follows `followJob`, fetches `getJob` and `getJobMetrics`. */
export default function Job({ params }: ViewProps) {
  const id = params['id'] ?? ''
  const followed = useJob(id)
  const details = useApi('getJob', { path: { id } })
  const job = followed.job ?? details.data?.job
  const trail = <Link href="/jobs">Jobs</Link>
  const refused = followed.error ?? (job === undefined ? details.error : null)
  if (refused !== null && job === undefined) {
    return (
      <Page title="Job" trail={trail}>
        <ErrorNote error={refused} onRetry={() => void details.refetch()} />
        <div className="actions">
          <ButtonLink href="/jobs">See all jobs</ButtonLink>
        </div>
      </Page>
    )
  }
  if (job === undefined) {
    return (
      <Page title="Job" trail={trail}>
        <Loading what="the job" />
      </Page>
    )
  }
  return (
    <Page title={job.name} trail={trail} actions={<JobActions job={job} />} isWide>
      <ConnectionNote isLost={followed.connection === 'lost'} />
      <Standing job={job} details={details.data} />
      {!isOver(job) && <Progress label="Training" value={shareOf(job)} words={progressOf(job)} />}
      <Figures figures={figuresOf(job, followed)} />
      {job.failure !== null && <Failed job={job} details={details.data} />}
      {job.state === 'succeeded' && <NextSteps job={job} />}
      <Tabs
        label="The job"
        tabs={[
          { id: 'progress', label: 'Progress', content: <Numbers job={job} /> },
          { id: 'answers', label: 'Sample answers', content: <JobSamples job={job} /> },
          { id: 'events', label: 'Events', content: <Events events={followed.events} /> },
          {
            id: 'settings',
            label: 'Settings',
            content: (
              <Fetched query={details} what="the settings">
                {(known) => <Settings details={known} />}
              </Fetched>
            ),
          },
        ]}
      />
    </Page>
  )
}

/** State, subject and times, in a line. */
function Standing({ job, details }: { readonly job: JobState; readonly details: JobDetails | undefined }) {
  const { state, base, createdAt, endedAt, owner, startedBy } = job
  const dataset = datasetOf(job)
  const again = againPath(job, details?.settings ?? null)
  return (
    <div className="job-line">
      <Badge>{state}</Badge>
      <span>{base}</span>
      {dataset === undefined ? (
        <span>{job.data?.training}</span>
      ) : (
        <Link href={`/datasets/${dataset}`}>{dataset}</Link>
      )}
      <span className="muted">
        started <RelativeTime time={createdAt} />{' '}
        {startedBy === 'command-line' ? 'on the command line' : owner === null ? '' : `by ${owner}`}
        {endedAt !== null && (
          <>
            {', ended '}
            <RelativeTime time={endedAt} />
          </>
        )}
      </span>
      {dataset !== undefined && <Link href={again}>Train again with changes</Link>}
    </div>
  )
}

function figuresOf(job: JobState, { lastStep }: FollowedJob): readonly Figure[] {
  const { step, steps, trainingLoss, validationLoss, secondsLeft, createdAt, endedAt } = job
  const loss = lastStep?.loss ?? trainingLoss
  const time: Figure =
    endedAt !== null
      ? { name: 'Took', value: formatDuration(Date.parse(endedAt) - Date.parse(createdAt)) }
      : {
          name: 'Time left',
          value: secondsLeft === null || job.state !== 'running' ? '–' : formatDuration(secondsLeft * 1000),
        }
  return [
    {
      name: 'Step',
      value: formatCount(Math.max(step, lastStep?.step ?? 0)),
      note: steps === 0 ? undefined : `of ${formatCount(steps)}`,
    },
    { name: 'Loss', value: loss === null ? '–' : formatNumber(loss), note: 'last step' },
    {
      name: 'Validation loss',
      value: validationLoss === null ? '–' : formatNumber(validationLoss),
      note: validationLoss === null ? undefined : 'best',
    },
    time,
    {
      name: 'Speed',
      value: lastStep === undefined ? '–' : formatShort(lastStep.tokensPerSecond),
      note: 'tokens/s',
    },
    { name: 'Memory', value: lastStep === undefined ? '–' : formatBytes(lastStep.memoryBytes) },
  ]
}

function Failed({ job, details }: { readonly job: JobState; readonly details: JobDetails | undefined }) {
  if (job.failure === null) return null
  const { code, message } = job.failure
  return (
    <>
      <ErrorNote error={new ApiError(0, { code, message })} />
      <div className="actions">
        <ButtonLink href={againPath(job, details?.settings ?? null)} look="primary">
          Train again with other settings
        </ButtonLink>
      </div>
    </>
  )
}

function Numbers({ job }: { readonly job: JobState }) {
  const metrics = useApi('getJobMetrics', { path: { id: job.id } }, { keepPrevious: true })
  return (
    <Fetched query={metrics} what="the numbers of the job">
      {(known) => <JobCharts metrics={known} isOver={isOver(job)} />}
    </Fetched>
  )
}

/** The newest ones; validations and checkpoints of a long run are thousands. */
const shownEvents = 200

function Events({ events }: { readonly events: readonly ToldEvent[] }) {
  if (events.length === 0) return <p className="muted">Nothing but steps so far; they stand in the charts.</p>
  const older = events.length - shownEvents
  return (
    <>
      <ol className="events" reversed>
        {events
          .slice(-shownEvents)
          .toReversed()
          .map(({ id, event }) => (
            <li key={id}>
              <RelativeTime time={event.time} />
              <span>{eventWords(event)}</span>
            </li>
          ))}
      </ol>
      {older > 0 && <p className="muted">And {counted(older, 'older event')} in the log of the job.</p>}
    </>
  )
}

function Settings({ details }: { readonly details: JobDetails }) {
  const { settings, examples, environment, checkpoints, attempts } = details
  if (settings === null) return <p className="muted">They are known when training has begun.</p>
  return (
    <>
      <KeyValues
        items={[
          ...(examples === null
            ? []
            : ([
                [
                  'Examples',
                  `${formatCount(examples.training)} learned, ${formatCount(examples.validation)} held out`,
                ],
              ] as const)),
          ...Object.entries(settings).map(([name, value]) => [labelOf(name), settingText(value)] as const),
          ['Workers that took it up', formatCount(attempts)],
        ]}
      />
      {checkpoints.length > 0 && (
        <Table
          caption="Models of finished epochs; each can be asked"
          showCaption
          rows={checkpoints}
          rowKey={({ model }) => model}
          columns={[
            {
              id: 'model',
              title: 'Model',
              isHeading: true,
              cell: ({ model }) => <Link href={`/models/${encodeURIComponent(model)}`}>{model}</Link>,
            },
            { id: 'epoch', title: 'Epoch', isNumber: true, cell: ({ epoch }) => formatCount(epoch) },
            { id: 'step', title: 'Step', isNumber: true, cell: ({ step }) => formatCount(step) },
            { id: 'loss', title: 'Loss', isNumber: true, cell: ({ loss }) => formatNumber(loss) },
            {
              id: 'validation',
              title: 'Validation',
              isNumber: true,
              cell: ({ validationLoss }) => (validationLoss === null ? '–' : formatNumber(validationLoss)),
            },
          ]}
        />
      )}
      {environment !== null && (
        <KeyValues
          items={Object.entries(environment).map(([name, value]) => [labelOf(name), settingText(value)])}
        />
      )}
    </>
  )
}
