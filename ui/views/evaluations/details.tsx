import type { EvaluationResult, MeasuredCandidate } from '../../api/client.ts'
import { Select } from '../../kit/fields.tsx'
import { formatCount, formatPercent } from '../../kit/format.ts'
import { Section } from '../../kit/page.tsx'
import { Table, type Column } from '../../kit/table.tsx'
import { EmptyState } from '../../kit/texts.tsx'
import { useSearchParam } from '../../router/use-search-param.ts'
import { Confusion } from './confusion.tsx'
import { scoreText } from './score-text.ts'

/** What a candidate is good and bad at: labels, fields, spans. */
export function Details({ result }: { readonly result: EvaluationResult }) {
  const { candidates } = result.evaluation
  const [id, choose] = useSearchParam('candidate', result.challenger)
  const candidate = candidates.find((each) => each.id === id) ?? candidates[0]
  if (candidate === undefined) return null
  const { labels, confusion, fields, spans } = candidate
  const hasParts = labels !== undefined || fields !== undefined || spans !== undefined
  if (!hasParts) {
    return (
      <EmptyState title="Answers of this task have no classes and no fields.">
        The rows say what was answered, the comparison which of them changed.
      </EmptyState>
    )
  }
  return (
    <>
      <CandidateSelect candidates={candidates} value={candidate.id} onChange={choose} />
      {confusion !== undefined && (
        <Section title="Confusion matrix">
          <Confusion candidate={candidate.id} confusion={confusion} />
        </Section>
      )}
      {labels !== undefined && (
        <Section title="Classes">
          <Table
            caption="Classes"
            rows={labels}
            rowKey={({ label }) => label}
            columns={[
              { id: 'label', title: 'Class', isHeading: true, cell: ({ label }) => <bdi>{label}</bdi> },
              ...shares<(typeof labels)[number]>(),
              {
                id: 'support',
                title: 'Expected',
                isNumber: true,
                cell: ({ support }) => formatCount(support),
              },
              {
                id: 'answered',
                title: 'Answered',
                isNumber: true,
                cell: ({ answered }) => formatCount(answered),
              },
            ]}
          />
        </Section>
      )}
      {fields !== undefined && (
        <Section title="Fields">
          <Table
            caption="Fields"
            rows={fields}
            rowKey={({ field }) => field}
            columns={[
              { id: 'field', title: 'Field', isHeading: true, cell: ({ field }) => <code>{field}</code> },
              {
                id: 'right',
                title: 'Right',
                isNumber: true,
                cell: ({ right, rows }) => formatPercent(rows === 0 ? NaN : right / rows),
              },
              { id: 'rows', title: 'Rows', isNumber: true, cell: ({ rows }) => formatCount(rows) },
              ...shares<(typeof fields)[number]>(),
            ]}
          />
        </Section>
      )}
      {spans !== undefined && (
        <Section title="Spans">
          <Table
            caption="Spans"
            rows={spans}
            rowKey={({ label }) => label}
            columns={[
              { id: 'label', title: 'Label', isHeading: true, cell: ({ label }) => <bdi>{label}</bdi> },
              ...shares<(typeof spans)[number]>(),
              {
                id: 'expected',
                title: 'Expected',
                isNumber: true,
                cell: ({ expected }) => formatCount(expected),
              },
              {
                id: 'answered',
                title: 'Answered',
                isNumber: true,
                cell: ({ answered }) => formatCount(answered),
              },
            ]}
          />
        </Section>
      )}
    </>
  )
}

interface Shares {
  readonly precision: number | null
  readonly recall: number | null
  readonly f1: number | null
}

const share = (value: number | null): string => (value === null ? '–' : scoreText(value, 'fraction'))

const shares = <Row extends Shares>(): Column<Row>[] => [
  {
    id: 'f1',
    title: 'F1',
    isNumber: true,
    cell: ({ f1 }) => (
      <span className="with-bar">
        <meter className="score-bar" min={0} max={1} value={f1 ?? 0} aria-hidden="true" />
        {share(f1)}
      </span>
    ),
  },
  { id: 'precision', title: 'Precision', isNumber: true, cell: ({ precision }) => share(precision) },
  { id: 'recall', title: 'Recall', isNumber: true, cell: ({ recall }) => share(recall) },
]

export function CandidateSelect({
  label = 'Candidate',
  candidates,
  value,
  onChange,
}: {
  readonly label?: string
  readonly candidates: readonly Pick<MeasuredCandidate, 'id' | 'title'>[]
  readonly value: string
  readonly onChange: (id: string) => void
}) {
  return (
    <div className="narrow">
      <Select
        label={label}
        value={value}
        options={candidates.map(({ id, title }) => ({ value: id, label: title }))}
        onChange={onChange}
      />
    </div>
  )
}
