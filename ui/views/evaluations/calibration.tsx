import type { EvaluationResult } from '../../api/client.ts'
import { formatCount, formatPercent } from '../../kit/format.ts'
import { Table } from '../../kit/table.tsx'
import { EmptyState } from '../../kit/texts.tsx'
import { useSearchParam } from '../../router/use-search-param.ts'
import { CandidateSelect } from './details.tsx'

const size = 300
/** Pixels for the numbers and words of the axes. */
const edge = 52
const far = 22

/** Whether "80% sure" is right four times of five. */
export function Calibration({ result }: { readonly result: EvaluationResult }) {
  const measured = result.evaluation.candidates.filter(({ reliability }) => reliability !== undefined)
  const [id, choose] = useSearchParam('candidate', result.challenger)
  const candidate = measured.find((each) => each.id === id) ?? measured[0]
  const bins = candidate?.reliability?.filter(({ rows }) => rows > 0)
  if (candidate === undefined || bins === undefined) {
    return (
      <EmptyState title="The probabilities of the labels are not known.">
        Calibration needs a labels task whose labels are scored: a candidate that decides by the likeliest
        label has them.
      </EmptyState>
    )
  }
  const at = (share: number): number => edge + share * (size - edge - far)
  const up = (share: number): number => size - at(share)
  return (
    <>
      <CandidateSelect candidates={measured} value={candidate.id} onChange={choose} />
      <div className="calibration">
        <svg
          viewBox={`0 0 ${size} ${size}`}
          role="img"
          aria-label="Share of right rows by stated probability; the table has the numbers"
        >
          <rect className="grid" x={at(0)} y={up(1)} width={at(1) - at(0)} height={up(0) - up(1)} />
          <line className="grid" x1={at(0)} y1={up(0)} x2={at(1)} y2={up(1)} />
          <text x={at(0.5)} y={size - 8} textAnchor="middle">
            stated probability
          </text>
          <text textAnchor="middle" transform={`translate(12 ${up(0.5)}) rotate(-90)`}>
            share that is right
          </text>
          {[0, 0.5, 1].map((share) => (
            <g key={share}>
              <text x={at(share)} y={size - edge + 18} textAnchor="middle">
                {formatPercent(share, 0)}
              </text>
              <text x={edge - 6} y={up(share) + 4} textAnchor="end">
                {formatPercent(share, 0)}
              </text>
            </g>
          ))}
          {bins.map(({ from, confidence, accuracy, rows }) =>
            confidence === null || accuracy === null ? null : (
              <circle
                key={from}
                className="on-front"
                cx={at(confidence)}
                cy={up(accuracy)}
                r={3 + Math.min(7, Math.sqrt(rows))}
              />
            ),
          )}
        </svg>
        <Table
          caption="Stated probability against the share that is right. On the diagonal they are the same; below it the model is too sure."
          showCaption
          rows={bins}
          rowKey={({ from }) => String(from)}
          columns={[
            {
              id: 'range',
              title: 'Stated probability',
              isHeading: true,
              cell: ({ from, to }) => `${formatPercent(from, 0)} to ${formatPercent(to, 0)}`,
            },
            {
              id: 'confidence',
              title: 'Mean',
              isNumber: true,
              cell: ({ confidence }) => formatPercent(confidence ?? NaN),
            },
            {
              id: 'right',
              title: 'Right',
              isNumber: true,
              cell: ({ accuracy }) => formatPercent(accuracy ?? NaN),
            },
            { id: 'rows', title: 'Rows', isNumber: true, cell: ({ rows }) => formatCount(rows) },
          ]}
        />
      </div>
    </>
  )
}
