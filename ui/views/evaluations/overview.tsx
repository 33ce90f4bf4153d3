import type { EvaluationResult, MeasuredCandidate } from '../../api/client.ts'
import { formatCount, formatDuration } from '../../kit/format.ts'
import { Section } from '../../kit/page.tsx'
import { Table, type Column } from '../../kit/table.tsx'
import { Link } from '../../router/link.tsx'
import { ParetoChart } from './pareto-chart.tsx'
import { dollars, intervalText, scoreText } from './score-text.ts'

/** Candidates with their scores, and quality against cost. */
export function Overview({ result }: { readonly result: EvaluationResult }) {
  const { metrics, candidates } = result.evaluation
  const hasCost = candidates.some(({ cost }) => cost !== null)
  const columns: Column<MeasuredCandidate>[] = [
    {
      id: 'title',
      title: 'Candidate',
      isHeading: true,
      cell: ({ id, title, description, model }) => (
        <>
          <span className={id === result.challenger ? 'challenger' : undefined}>{title}</span>
          <span className="muted under">
            {description}
            {model !== undefined && (
              <>
                {' '}
                <Link href={`/models/${encodeURIComponent(model)}`}>{model}</Link>
              </>
            )}
          </span>
        </>
      ),
    },
    ...metrics.map(({ id: metric, title, format, definition }): Column<MeasuredCandidate> => ({
      id: metric,
      title: <abbr title={definition}>{title}</abbr>,
      isNumber: true,
      cell: ({ scores }) => {
        const score = scores.find((each) => each.metric === metric)
        if (score === undefined) return '–'
        return (
          <>
            {scoreText(score.value, format)}
            <span className="muted under">{intervalText(score.interval, format)}</span>
          </>
        )
      },
    })),
    {
      id: 'tokens',
      title: 'Tokens in / out',
      isNumber: true,
      cell: ({ tokensPerQuery: { prompt, completion } }) =>
        prompt === 0 ? '–' : `${formatCount(prompt)} / ${formatCount(completion)}`,
    },
    {
      id: 'latency',
      title: 'p50 latency',
      isNumber: true,
      cell: ({ latencyMs }) =>
        latencyMs === null ? (
          '–'
        ) : (
          <>
            {formatDuration(latencyMs.p50)}
            <span className="muted under">n = {formatCount(latencyMs.rows)}</span>
          </>
        ),
    },
    ...(hasCost
      ? [
          {
            id: 'cost',
            title: 'Cost of 1,000',
            isNumber: true,
            cell: ({ cost }: MeasuredCandidate) =>
              cost === null ? '–' : <abbr title={cost.price.source}>{dollars(cost.usdPerThousand)}</abbr>,
          },
        ]
      : []),
    {
      id: 'trouble',
      title: 'Unreadable · cut · failed',
      isNumber: true,
      cell: ({ unreadable, cut, failed }) =>
        `${formatCount(unreadable.count)} · ${formatCount(cut)} · ${formatCount(failed)}`,
    },
  ]
  return (
    <div className="wide-pair">
      <Table
        caption={`Candidates on ${formatCount(result.rows)} rows; below each score its 95% interval`}
        showCaption
        rows={candidates}
        rowKey={({ id }) => id}
        columns={columns}
      />
      {candidates.length > 1 && (
        <Section title="Quality against cost">
          <ParetoChart candidates={candidates} metric={metrics[0]} />
        </Section>
      )}
    </div>
  )
}
