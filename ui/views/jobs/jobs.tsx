import { useApi } from '../../api/query.ts'
import type { Job } from '../../api/client.ts'
import { ButtonLink } from '../../kit/button.tsx'
import { Select } from '../../kit/fields.tsx'
import { Fetched } from '../../kit/fetched.tsx'
import { Page } from '../../kit/page.tsx'
import { EmptyState } from '../../kit/texts.tsx'
import { Link } from '../../router/link.tsx'
import { useSearchParam } from '../../router/use-search-param.ts'
import { JobTable } from '../../kit/job-table.tsx'
import './jobs.css'

const states: readonly Job['state'][] = ['queued', 'running', 'paused', 'succeeded', 'failed', 'stopped']

/** All training runs, whoever started them. Fetches `listJobs`. */
export default function Jobs() {
  const [state, setState] = useSearchParam('state')
  const [after] = useSearchParam('after')
  const [ids, setIds] = useSearchParam('compare')
  const picked = ids.split(',').filter(Boolean)
  const known = states.find((each) => each === state)
  const query = {
    limit: 50,
    ...(known === undefined ? {} : { state: known }),
    ...(after === '' ? {} : { after }),
  }
  const jobs = useApi('listJobs', { query }, { every: 2000, keepPrevious: true })
  const pick = (id: string, isPicked: boolean): void =>
    setIds(isPicked ? [...picked, id].join(',') : picked.filter((each) => each !== id).join(','))
  return (
    <Page
      title="Jobs"
      actions={
        <ButtonLink href="/train" look="primary">
          Train a model
        </ButtonLink>
      }
    >
      <div className="jobs-bar">
        <Select
          label="State"
          value={known ?? ''}
          options={[{ value: '', label: 'all' }, ...states.map((each) => ({ value: each, label: each }))]}
          onChange={(value) => setState(value)}
        />
        {picked.length > 1 ? (
          <ButtonLink href={`/jobs/compare?ids=${picked.map(encodeURIComponent).join(',')}`}>
            Compare {picked.length} jobs
          </ButtonLink>
        ) : (
          <p className="muted">Mark two jobs or more to compare them.</p>
        )}
      </div>
      <Fetched query={jobs} what="the jobs">
        {({ jobs: found, next }) => (
          <>
            <JobTable
              jobs={found}
              caption="Jobs, the newest first"
              picked={picked}
              onPick={pick}
              empty={<NoJobs isFiltered={known !== undefined || after !== ''} />}
            />
            {(next !== null || after !== '') && (
              <div className="actions">
                {after !== '' && <Link href="/jobs">The newest</Link>}
                {next !== null && <ButtonLink href={olderPath(next, known)}>Older jobs</ButtonLink>}
              </div>
            )}
          </>
        )}
      </Fetched>
    </Page>
  )
}

const olderPath = (after: string, state: string | undefined): string =>
  `/jobs?${new URLSearchParams({ after, ...(state === undefined ? {} : { state }) }).toString()}`

function NoJobs({ isFiltered }: { readonly isFiltered: boolean }) {
  return isFiltered ? (
    <EmptyState
      title="No job stands like that."
      action={<ButtonLink href="/jobs">Show all jobs</ButtonLink>}
    />
  ) : (
    <EmptyState
      title="Nothing has been trained here yet."
      action={<ButtonLink href="/train">Train a model</ButtonLink>}
    >
      Runs of this page, of the APIs and of <code>hone train</code> on this home stand here.
    </EmptyState>
  )
}
