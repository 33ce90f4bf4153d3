import type { ReactNode } from 'react'
import type { Job } from '../api/client.ts'
import { formatDuration, formatNumber } from './format.ts'
import { Table, type Column } from './table.tsx'
import { Badge, RelativeTime } from './texts.tsx'
import { Link } from '../router/link.tsx'
import { datasetOf, isOver } from './job-words.ts'
import './job-table.css'

interface JobTableProps {
  readonly jobs: readonly Job[]
  readonly caption: string
  readonly empty?: ReactNode
  /** Ids of the jobs that are compared; with `onPick` rows have a box to choose them. */
  readonly picked?: readonly string[]
  readonly onPick?: (id: string, isPicked: boolean) => void
}

const loss = (value: number | null): string => (value === null ? '–' : formatNumber(value))

/** Jobs with how they stand, a line each. */
export function JobTable({ jobs, caption, empty, picked = [], onPick }: JobTableProps) {
  const columns: Column<Job>[] = [
    {
      id: 'name',
      title: 'Job',
      isHeading: true,
      cell: ({ id, name }) => <Link href={`/jobs/${encodeURIComponent(id)}`}>{name}</Link>,
    },
    { id: 'state', title: 'State', cell: ({ state }) => <Badge>{state}</Badge> },
    { id: 'base', title: 'Base', cell: ({ base }) => base },
    { id: 'dataset', title: 'Dataset', cell: (job) => <Data job={job} /> },
    {
      id: 'step',
      title: 'Step',
      isNumber: true,
      cell: ({ step, steps }) => (steps === 0 ? '–' : `${step} / ${steps}`),
    },
    { id: 'loss', title: 'Loss', isNumber: true, cell: ({ trainingLoss }) => loss(trainingLoss) },
    { id: 'validation', title: 'Validation', isNumber: true, cell: (job) => loss(job.validationLoss) },
    { id: 'time', title: 'Time', isNumber: true, cell: timeOf },
    { id: 'started', title: 'Started', cell: ({ createdAt }) => <RelativeTime time={createdAt} /> },
  ]
  const pick: Column<Job> = {
    id: 'pick',
    title: <span className="unseen">Compare</span>,
    cell: ({ id, name }) => (
      <input
        type="checkbox"
        aria-label={`Compare ${name}`}
        checked={picked.includes(id)}
        onChange={({ target }) => onPick?.(id, target.checked)}
      />
    ),
  }
  return (
    <div className="jobs-table">
      <Table
        caption={caption}
        rows={jobs}
        rowKey={({ id }) => id}
        columns={onPick === undefined ? columns : [pick, ...columns]}
        empty={empty}
      />
    </div>
  )
}

function Data({ job }: { readonly job: Job }) {
  const dataset = datasetOf(job)
  if (dataset !== undefined) return <Link href={`/datasets/${dataset}`}>{dataset.split('@')[0]}</Link>
  return <>{job.data?.training.split(/[/\\]/).at(-1) ?? '–'}</>
}

/** What is left, or what it took. */
function timeOf(job: Job): string {
  const { secondsLeft, createdAt, endedAt, state } = job
  if (isOver(job)) {
    return endedAt === null ? '–' : formatDuration(Date.parse(endedAt) - Date.parse(createdAt))
  }
  return secondsLeft === null || state === 'paused' ? '–' : `${formatDuration(secondsLeft * 1000)} left`
}
