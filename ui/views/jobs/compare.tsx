import { useQueries } from '@tanstack/react-query'
import { toApiError } from '../../api/api-error.ts'
import { call, type JobDetails, type JobMetrics } from '../../api/client.ts'
import { ButtonLink } from '../../kit/button.tsx'
import { Chart } from '../../kit/chart.tsx'
import type { ChartSeries } from '../../kit/chart-canvas.tsx'
import { Select } from '../../kit/fields.tsx'
import { Page, Section } from '../../kit/page.tsx'
import { Table } from '../../kit/table.tsx'
import { Disclosure, EmptyState, ErrorNote, Loading } from '../../kit/texts.tsx'
import { Link } from '../../router/link.tsx'
import { useSearchParam } from '../../router/use-search-param.ts'
import { labelOf } from '../../kit/setting.ts'
import { onOneAxis } from './chart-lines.ts'
import { compareSettings } from './compare-settings.ts'
import { JobTable } from '../../kit/job-table.tsx'
import './jobs.css'
import { isOver } from '../../kit/job-words.ts'

const looks = ['strong', 'second', 'third', 'strong-dashed', 'second-dashed', 'third-dashed'] as const
const most = looks.length

const figures = {
  smoothed: 'Loss, smoothed',
  raw: 'Loss of each step',
  validation: 'Validation loss',
  rate: 'Learning rate',
} as const
type Figure = keyof typeof figures

interface Compared {
  readonly details: JobDetails
  readonly metrics: JobMetrics
}

/** Several jobs on one chart, and what was set otherwise. Fetches `getJob` and `getJobMetrics` of each. */
export default function Compare() {
  const [param] = useSearchParam('ids')
  const ids = [...new Set(param.split(',').filter(Boolean))].slice(0, most)
  const found = useQueries({
    queries: ids.map((id) => ({
      queryKey: ['getJobMetrics', 'with', id],
      queryFn: async ({ signal }: { readonly signal: AbortSignal }): Promise<Compared> => {
        const [details, metrics] = await Promise.all([
          call('getJob', { path: { id }, signal }),
          call('getJobMetrics', { path: { id }, signal }),
        ])
        return { details, metrics }
      },
      refetchInterval: ({ state }: { readonly state: { readonly data?: Compared | undefined } }) =>
        state.data !== undefined && !isOver(state.data.details.job) ? 2000 : (false as const),
    })),
  })
  const trail = <Link href="/jobs">Jobs</Link>
  const compared = found.flatMap(({ data }) => (data === undefined ? [] : [data]))
  const failures = found.flatMap(({ error }) => (error === null ? [] : [toApiError(error)]))
  if (ids.length < 2) {
    return (
      <Page title="Compare jobs" trail={trail}>
        <EmptyState
          title="Two jobs or more are compared."
          action={<ButtonLink href="/jobs">Choose jobs</ButtonLink>}
        />
      </Page>
    )
  }
  return (
    <Page title={`Compare ${ids.length} jobs`} trail={trail} isWide>
      {failures.map((error) => (
        <ErrorNote key={error.message} error={error} />
      ))}
      {compared.length + failures.length < ids.length && <Loading what="the jobs" />}
      {compared.length > 0 && <Beside compared={compared} />}
    </Page>
  )
}

function Beside({ compared }: { readonly compared: readonly Compared[] }) {
  const [asked, choose] = useSearchParam('figure', 'smoothed')
  const figure: Figure = asked in figures ? (asked as Figure) : 'smoothed'
  const { x, values } = onOneAxis(compared.map(({ metrics }) => lineOf(metrics, figure)))
  const series: ChartSeries[] = compared.map(({ details: { job } }, at) => ({
    label: job.name,
    values: values[at] ?? [],
    look: looks[at] ?? 'faint',
  }))
  return (
    <>
      <JobTable jobs={compared.map(({ details }) => details.job)} caption="The jobs that are compared" />
      <div className="jobs-bar">
        <Select
          label="Shown"
          value={figure}
          options={Object.entries(figures).map(([value, label]) => ({ value, label }))}
          onChange={choose}
        />
      </div>
      {x.length === 0 ? (
        <EmptyState title="None of them has numbers of this kind yet." />
      ) : (
        <Chart title={figures[figure]} xLabel="Step" x={x} series={series} height={360} />
      )}
      {compared.length > 1 && <Settings compared={compared} />}
    </>
  )
}

function lineOf(
  { steps, validations }: JobMetrics,
  figure: Figure,
): { readonly x: readonly number[]; readonly y: readonly number[] } {
  if (figure === 'validation') return { x: validations.step, y: validations.loss }
  const y = { smoothed: steps.smoothedLoss, raw: steps.loss, rate: steps.learningRate }[figure]
  return { x: steps.step, y }
}

function Settings({ compared }: { readonly compared: readonly Compared[] }) {
  const rows = compareSettings(compared.map(({ details }) => details.settings))
  const different = rows.filter(({ differs }) => differs)
  const table = (shown: typeof rows, caption: string) => (
    <div className="settings-diff">
      <Table
        caption={caption}
        rows={shown}
        rowKey={({ name }) => name}
        columns={[
          { id: 'name', title: 'Setting', isHeading: true, cell: ({ name }) => labelOf(name) },
          ...compared.map(({ details: { job } }, at) => ({
            id: job.id,
            title: job.name,
            cell: ({ values }: (typeof rows)[number]) => values[at] ?? '–',
          })),
        ]}
      />
    </div>
  )
  return (
    <Section title="Settings">
      {different.length === 0 ? (
        <p className="muted">All of them have the same settings.</p>
      ) : (
        table(different, 'Settings that differ')
      )}
      <Disclosure summary={`The same in all (${rows.length - different.length})`}>
        {table(
          rows.filter(({ differs }) => !differs),
          'Settings that are the same',
        )}
      </Disclosure>
    </Section>
  )
}
