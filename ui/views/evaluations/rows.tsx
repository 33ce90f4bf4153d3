import type { EvaluationResult, EvaluationRows } from '../../api/client.ts'
import { useApi } from '../../api/query.ts'
import { Button } from '../../kit/button.tsx'
import { Fetched } from '../../kit/fetched.tsx'
import { Select } from '../../kit/fields.tsx'
import { formatCount } from '../../kit/format.ts'
import { PlainText } from '../../kit/plain-text.tsx'
import { Badge, EmptyState } from '../../kit/texts.tsx'
import { setSearchParams, useSearchParam } from '../../router/use-search-param.ts'
import { CandidateSelect } from './details.tsx'

const page = 25

/** The rows with what a candidate answered, filtered by what the address says. Fetches `listEvaluationRows`. */
export function Rows({ id, result }: { readonly id: string; readonly result: EvaluationResult }) {
  const [candidate, choose] = useSearchParam('candidate', result.challenger)
  const [show, setShow] = useSearchParam('show', 'all')
  const [expected] = useSearchParam('expected')
  const [answered] = useSearchParam('answered')
  const [unreadable] = useSearchParam('unreadable')
  const [from, setFrom] = useSearchParam('from', '0', { push: true })
  const offset = Math.max(0, Number.parseInt(from, 10) || 0)
  const query = useApi(
    'listEvaluationRows',
    {
      path: { id },
      query: {
        candidate,
        offset,
        limit: page,
        ...(show === 'wrong' ? { failed: 'true' as const } : {}),
        ...(expected === '' ? {} : { expectedAs: expected }),
        ...(answered === '' ? {} : { answeredAs: answered }),
        ...(unreadable === '' ? {} : { unreadable: 'true' as const }),
      },
    },
    { keepPrevious: true },
  )
  const cell = [
    ...(expected === '' ? [] : [`expected ${expected}`]),
    ...(answered === '' ? [] : [`answered ${answered}`]),
    ...(unreadable === '' ? [] : ['answered with nothing readable']),
  ].join(', ')
  return (
    <>
      <div className="field-row">
        <CandidateSelect
          candidates={result.evaluation.candidates}
          value={candidate}
          onChange={(next) => {
            choose(next)
            setFrom('0')
          }}
        />
        <div className="narrow">
          <Select
            label="Show"
            value={show}
            options={[
              { value: 'all', label: 'all rows' },
              { value: 'wrong', label: 'wrong rows' },
            ]}
            onChange={(next) => {
              setShow(next)
              setFrom('0')
            }}
          />
        </div>
      </div>
      {cell !== '' && (
        <p className="filter">
          Only rows: <strong>{cell}</strong>
          <Button
            look="quiet"
            onClick={() => setSearchParams({ expected: null, answered: null, unreadable: null, from: null })}
          >
            Show all
          </Button>
        </p>
      )}
      <Fetched query={query} what="the rows">
        {({ rows, found, measured }) => (
          <>
            <p className="muted" role="status">
              {found === 0
                ? `None of ${formatCount(measured)} rows`
                : `${formatCount(offset + 1)} to ${formatCount(offset + rows.length)} of ${formatCount(found)} rows, ${formatCount(measured)} measured`}
            </p>
            {rows.length === 0 && <EmptyState title="No row is like this." />}
            <ol className="answer-rows">
              {rows.map((row) => (
                <AnswerRow key={row.id} row={row} />
              ))}
            </ol>
            {found > page && (
              <div className="actions">
                <Button disabled={offset === 0} onClick={() => setFrom(String(Math.max(0, offset - page)))}>
                  Earlier
                </Button>
                <Button disabled={offset + page >= found} onClick={() => setFrom(String(offset + page))}>
                  Further
                </Button>
              </div>
            )}
          </>
        )}
      </Fetched>
    </>
  )
}

function AnswerRow({ row }: { readonly row: EvaluationRows['rows'][number] }) {
  const { id, input, expected, answer, correct, unreadable, failed } = row
  return (
    <li className="answer-row">
      <p className="answer-head">
        <code>{id}</code>
        <Badge tone={correct ? 'good' : 'wrong'}>{correct ? 'right' : 'wrong'}</Badge>
      </p>
      <div>
        <p className="muted">Asked</p>
        <PlainText text={input} />
      </div>
      <div>
        <p className="muted">Expected</p>
        <PlainText text={expected} />
      </div>
      <div>
        <p className="muted">Answered</p>
        {failed === undefined ? <PlainText text={answer} /> : <p>No answer: {failed.message}</p>}
        {unreadable !== undefined && <p className="wrong">Not readable: {unreadable}</p>}
      </div>
    </li>
  )
}
