import type { Evaluation } from '../../api/client.ts'
import { useApi } from '../../api/query.ts'
import { Button, ButtonLink } from '../../kit/button.tsx'
import { Fetched } from '../../kit/fetched.tsx'
import { formatPercent } from '../../kit/format.ts'
import { Page } from '../../kit/page.tsx'
import { Table } from '../../kit/table.tsx'
import { Badge, EmptyState, RelativeTime } from '../../kit/texts.tsx'
import { Link } from '../../router/link.tsx'
import { useSearchParam } from '../../router/use-search-param.ts'

/** Evaluations that were asked for here, newest first. Fetches `listEvaluations`. */
export default function Evaluations() {
  const [after, setAfter] = useSearchParam('after', '', { push: true })
  const query = useApi(
    'listEvaluations',
    { query: { limit: 50, ...(after === '' ? {} : { after }) } },
    { every: 3000, keepPrevious: true },
  )
  return (
    <Page
      title="Evaluations"
      actions={
        <ButtonLink look="primary" href="/evaluations/new">
          New evaluation
        </ButtonLink>
      }
    >
      <Fetched query={query} what="the evaluations">
        {({ evaluations, next }) => (
          <>
            <List evaluations={evaluations} />
            <div className="actions">
              {after !== '' && <Button onClick={() => setAfter('')}>Newest</Button>}
              {next !== null && <Button onClick={() => setAfter(next)}>Older</Button>}
            </div>
          </>
        )}
      </Fetched>
    </Page>
  )
}

export const EvaluationState = ({ evaluation }: { readonly evaluation: Evaluation }) => {
  const { state, progress } = evaluation
  const share = progress.total === 0 ? undefined : progress.done / progress.total
  return (
    <>
      <Badge>{state}</Badge>
      {state === 'running' && share !== undefined && (
        <span className="muted number"> {formatPercent(share, 0)}</span>
      )}
    </>
  )
}

function List({ evaluations }: { readonly evaluations: readonly Evaluation[] }) {
  return (
    <Table
      caption="Evaluations"
      rows={evaluations}
      rowKey={({ id }) => id}
      empty={
        <EmptyState
          title="Nothing was evaluated here yet."
          action={<ButtonLink href="/evaluations/new">New evaluation</ButtonLink>}
        >
          An evaluation asks candidates (the base, the base with examples in its prompt, your tuned model) the
          same rows and says which is better, by how much, and how sure that is. Those of the command line
          stay in their own folders: hone eval run
        </EmptyState>
      }
      columns={[
        {
          id: 'name',
          title: 'Name',
          isHeading: true,
          cell: ({ id, name }) => <Link href={`/evaluations/${id}`}>{name}</Link>,
        },
        { id: 'state', title: 'State', cell: (evaluation) => <EvaluationState evaluation={evaluation} /> },
        {
          id: 'dataset',
          title: 'Dataset',
          cell: ({ dataset, split }) => (
            <>
              <code>{dataset.replace(/^dataset:/, '')}</code> <span className="muted">{split}</span>
            </>
          ),
        },
        { id: 'candidates', title: 'Candidates', cell: ({ candidates }) => candidates.join(', ') },
        {
          id: 'tuned',
          title: 'Tuned model',
          cell: ({ tuned }) =>
            tuned === null ? '–' : <Link href={`/models/${encodeURIComponent(tuned)}`}>{tuned}</Link>,
        },
        { id: 'created', title: 'Started', cell: ({ createdAt }) => <RelativeTime time={createdAt} /> },
      ]}
    />
  )
}
