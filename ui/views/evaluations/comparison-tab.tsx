import type { Comparison, EvaluationResult } from '../../api/client.ts'
import { useApi } from '../../api/query.ts'
import { Fetched } from '../../kit/fetched.tsx'
import { formatCount, formatNumber } from '../../kit/format.ts'
import { Section } from '../../kit/page.tsx'
import { PlainText } from '../../kit/plain-text.tsx'
import { Table } from '../../kit/table.tsx'
import { Badge, EmptyState } from '../../kit/texts.tsx'
import { WordDiff } from '../../kit/word-diff.tsx'
import { useSearchParam } from '../../router/use-search-param.ts'
import { CandidateSelect } from './details.tsx'
import { differenceRange, differenceText, pText, scoreText } from './score-text.ts'
import { wordDiff } from './word-diff.ts'

/** Two candidates on the same rows: differences, and what flips. Fetches `compareCandidates`. */
export function ComparisonTab({ id, result }: { readonly id: string; readonly result: EvaluationResult }) {
  const { candidates } = result.evaluation
  const other = result.verdict?.baseline ?? candidates.find((each) => each.id !== result.challenger)?.id ?? ''
  const [baseline, setBaseline] = useSearchParam('baseline', other)
  const [candidate, setCandidate] = useSearchParam('against', result.challenger)
  const query = useApi(
    'compareCandidates',
    { path: { id }, query: { baseline, candidate } },
    { enabled: baseline !== candidate, keepPrevious: true },
  )
  return (
    <>
      <div className="field-row">
        <CandidateSelect
          label="Candidate"
          candidates={candidates}
          value={candidate}
          onChange={setCandidate}
        />
        <CandidateSelect
          label="Compared with"
          candidates={candidates}
          value={baseline}
          onChange={setBaseline}
        />
      </div>
      {baseline === candidate ? (
        <EmptyState title="A candidate is not compared with itself.">Choose two.</EmptyState>
      ) : (
        <Fetched query={query} what="the comparison">
          {(comparison) => <Compared comparison={comparison} />}
        </Fetched>
      )}
    </>
  )
}

const testNames: Readonly<Record<string, string>> = { mcnemar: 'McNemar' }

const effectNames: Readonly<Record<string, string>> = {
  'cohens-h': 'Cohen’s h',
  'odds-ratio': 'odds ratio of flips',
  'paired-d': 'paired d',
  'cliffs-delta': 'Cliff’s delta',
}

const tones = {
  better: 'good',
  worse: 'wrong',
  'no difference shown': 'plain',
  'not enough rows': 'warning',
} as const

function Compared({ comparison }: { readonly comparison: Comparison }) {
  const { differences, metrics, rows, baseline, candidate, flips } = comparison
  const formatOf = (figure: string) => metrics.find(({ id }) => id === figure)?.format ?? 'fraction'
  return (
    <>
      <Table
        caption={`${formatCount(rows)} rows, pair by pair; p adjusted for ${formatCount(differences.length)} metrics (Holm)`}
        showCaption
        rows={differences}
        rowKey={({ figure }) => figure}
        columns={[
          {
            id: 'metric',
            title: 'Metric',
            isHeading: true,
            cell: ({ figure }) => metrics.find(({ id }) => id === figure)?.title ?? figure,
          },
          {
            id: 'before',
            title: baseline.title,
            isNumber: true,
            cell: ({ figure, before }) => scoreText(before, formatOf(figure)),
          },
          {
            id: 'after',
            title: candidate.title,
            isNumber: true,
            cell: ({ figure, after }) => scoreText(after, formatOf(figure)),
          },
          {
            id: 'difference',
            title: 'Difference',
            isNumber: true,
            cell: ({ figure, value, interval }) => (
              <>
                {differenceText(value, formatOf(figure))}
                <span className="muted under">{differenceRange(interval, formatOf(figure))}</span>
              </>
            ),
          },
          {
            id: 'test',
            title: 'Test',
            isNumber: true,
            cell: ({ test, adjustedP, effects }) => (
              <>
                {pText(adjustedP)}
                <span className="muted under">
                  {testNames[test.name] ?? test.name}
                  {effects
                    .filter(({ value }) => value !== null)
                    .map(
                      ({ name, value }) =>
                        ` · ${effectNames[name] ?? name} ${formatNumber(value ?? NaN, 2).replace('-', '−')}`,
                    )
                    .join('')}
                </span>
              </>
            ),
          },
          {
            id: 'verdict',
            title: 'Shown',
            cell: ({ verdict }) => (
              <Badge tone={tones[verdict as keyof typeof tones] ?? 'plain'}>{verdict}</Badge>
            ),
          },
        ]}
      />
      {flips !== null && (
        <Section title={`Flips: ${formatCount(flips.gained)} gained, ${formatCount(flips.lost)} lost`}>
          {flips.rows.length === 0 ? (
            <p className="muted">Both score the same on every row.</p>
          ) : (
            <>
              <p className="muted">
                {flips.rows.length < flips.gained + flips.lost &&
                  `The ${formatCount(flips.rows.length)} largest. `}
                Struck out: only {baseline.title} said it. Underlined: only {candidate.title} said it.
              </p>
              <ol className="answer-rows">
                {flips.rows.map((flip) => (
                  <li key={flip.id} className="answer-row">
                    <p className="answer-head">
                      <code>{flip.id}</code>
                      <Badge tone={flip.change === 'gained' ? 'good' : 'wrong'}>{flip.change}</Badge>
                    </p>
                    <div>
                      <p className="muted">Asked</p>
                      <PlainText text={flip.input} />
                    </div>
                    <div>
                      <p className="muted">Expected</p>
                      <PlainText text={flip.expected} />
                    </div>
                    <div>
                      <p className="muted">
                        {baseline.title} → {candidate.title}
                      </p>
                      <WordDiff runs={wordDiff(flip.answers.baseline, flip.answers.candidate)} />
                    </div>
                  </li>
                ))}
              </ol>
            </>
          )}
        </Section>
      )}
    </>
  )
}
