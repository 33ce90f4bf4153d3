import type { EvaluationDetails } from '../../api/client.ts'
import { useChange } from '../../api/query.ts'
import { Button } from '../../kit/button.tsx'
import { Table } from '../../kit/table.tsx'
import { Badge, EmptyState, ErrorNote, RelativeTime } from '../../kit/texts.tsx'

/** The rules for promotion and what they say; to apply them keeps the verdict with the model. Changes by `applyGate`. */
export function Gate({ details }: { readonly details: EvaluationDetails }) {
  const { evaluation, gate, result } = details
  const apply = useChange('applyGate', ['getEvaluation', 'listModels', 'getModel'])
  const verdict = apply.data ?? gate.verdict
  if (gate.rules.length === 0) {
    return (
      <EmptyState title="This evaluation has no rules for promotion.">
        Rules are written when an evaluation is started: all have to pass before a model is promoted.
      </EmptyState>
    )
  }
  const rows = gate.rules.map((rule) => ({ rule, found: verdict?.rules.find((each) => each.rule === rule) }))
  return (
    <>
      <div className="actions">
        {verdict === null ? (
          <p>The rules have not been applied yet.</p>
        ) : (
          <p>
            <Badge tone={verdict.verdict === 'promoted' ? 'good' : 'wrong'}>{verdict.verdict}</Badge>{' '}
            {verdict.candidate} against {verdict.baseline}
            {gate.verdict !== null && apply.data === undefined && (
              <>
                {' · '}
                <RelativeTime time={gate.verdict.at} />
              </>
            )}
          </p>
        )}
        <Button
          busy={apply.isPending ? 'Applying …' : undefined}
          disabled={result === null}
          onClick={() => apply.mutate({ path: { id: evaluation.id }, body: {} })}
        >
          {verdict === null ? 'Apply the rules' : 'Apply them again'}
        </Button>
      </div>
      {apply.error !== null && <ErrorNote error={apply.error} />}
      <Table
        caption="Rules for promotion"
        rows={rows}
        rowKey={({ rule }) => rule}
        columns={[
          { id: 'rule', title: 'Rule', isHeading: true, cell: ({ rule }) => <code>{rule}</code> },
          {
            id: 'outcome',
            title: 'Outcome',
            cell: ({ found }) =>
              found === undefined ? (
                <span className="muted">not applied</span>
              ) : (
                <Badge
                  tone={found.outcome === 'pass' ? 'good' : found.outcome === 'fail' ? 'wrong' : 'warning'}
                >
                  {found.outcome}
                </Badge>
              ),
          },
          {
            id: 'reason',
            title: 'Why',
            cell: ({ found }) => (typeof found?.['reason'] === 'string' ? found['reason'] : '–'),
          },
        ]}
      />
    </>
  )
}
