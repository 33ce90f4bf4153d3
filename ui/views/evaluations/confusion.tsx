import type { MeasuredCandidate } from '../../api/client.ts'
import { formatCount } from '../../kit/format.ts'
import { Link } from '../../router/link.tsx'

type Matrix = NonNullable<MeasuredCandidate['confusion']>

/** Answers by expected label; each cell that has rows leads to them. Darker means a larger share of the expected label's rows. */
export function Confusion({
  candidate,
  confusion,
}: {
  readonly candidate: string
  readonly confusion: Matrix
}) {
  const { labels, counts, unreadable } = confusion
  const hasUnreadable = unreadable.some((count) => count > 0)
  const cell = (expected: string, answered: string | null, count: number, total: number) => (
    <td key={answered ?? 'unreadable'} className="cell" data-right={expected === answered || undefined}>
      {count === 0 ? (
        <span className="muted">·</span>
      ) : (
        <Link
          href={rowsPath({ candidate, expected, answered })}
          aria-label={`${count} rows of ${expected} answered ${answered ?? 'with nothing readable'}`}
          style={{ ['--share' as string]: `${Math.round((100 * count) / Math.max(1, total))}%` }}
        >
          {formatCount(count)}
        </Link>
      )}
    </td>
  )
  return (
    <div className="table-frame" role="region" aria-label="Confusion matrix" tabIndex={0}>
      <table className="confusion">
        <caption>Rows: what is expected. Columns: what was answered. A number opens its rows.</caption>
        <thead>
          <tr>
            <th scope="col">Expected</th>
            {labels.map((label) => (
              <th key={label} scope="col" className="number">
                <bdi>{label}</bdi>
              </th>
            ))}
            {hasUnreadable && (
              <th scope="col" className="number">
                unreadable
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {labels.map((expected, line) => {
            const row = counts[line] ?? []
            const total = row.reduce((sum, count) => sum + count, unreadable[line] ?? 0)
            return (
              <tr key={expected}>
                <th scope="row">
                  <bdi>{expected}</bdi>
                </th>
                {labels.map((answered, at) => cell(expected, answered, row[at] ?? 0, total))}
                {hasUnreadable && cell(expected, null, unreadable[line] ?? 0, total)}
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

function rowsPath({
  candidate,
  expected,
  answered,
}: {
  readonly candidate: string
  readonly expected: string
  readonly answered: string | null
}): string {
  const params = new URLSearchParams({ tab: 'rows', candidate, expected })
  if (answered === null) params.set('unreadable', 'yes')
  else params.set('answered', answered)
  return `?${params.toString()}`
}
