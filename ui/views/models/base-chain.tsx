import type { ModelDetails } from '../../api/client.ts'
import { useApi } from '../../api/query.ts'
import { counted } from '../../kit/counted.ts'
import { formatBytes, formatNumber } from '../../kit/format.ts'
import { Badge } from '../../kit/texts.tsx'
import { Link } from '../../router/link.tsx'
import { EvaluationLinks, Hash, Step } from './chain.tsx'

const mostEvaluations = 10

/** A base from where it came to what was made of it. Fetches `listModels` and `listEvaluations` for those that rest on it. */
export function BaseChain({ details }: { readonly details: ModelDetails }) {
  const { model, files, template } = details
  const { models = [] } = useApi('listModels', {}).data ?? {}
  const { evaluations = [] } = useApi('listEvaluations', { query: { limit: 200 } }).data ?? {}
  if (model.kind !== 'base') return null
  const tuned = models.filter((each) => each.kind === 'tuned' && each.base === model.id)
  const asked = evaluations.filter(({ base }) => base === model.id)
  return (
    <ol className="chain">
      <Step name="Source">
        <code>{model.source}</code>
        <span className="chain-note muted">Licence: {model.licence ?? 'not known'}</span>
      </Step>
      <Step name="Files">
        {counted(files.length, 'file')}, {formatBytes(model.bytes)}
        {template !== null && (
          <>
            , chat template
            <Hash of={template.sha256} />
          </>
        )}
      </Step>
      <Step name="Tuned from it">
        {tuned.length === 0 ? (
          <>
            none yet: <Link href={`/train?base=${encodeURIComponent(model.id)}`}>train one</Link>
          </>
        ) : (
          <ul className="plain-list">
            {tuned.map((each) => (
              <li key={each.id}>
                <Link href={`/models/${encodeURIComponent(each.id)}`}>{each.id}</Link>{' '}
                {each.kind === 'tuned' && (
                  <>
                    {each.gate !== null && <Badge>{each.gate}</Badge>}{' '}
                    {each.bestValidationLoss !== null && (
                      <span className="muted">validation loss {formatNumber(each.bestValidationLoss)}</span>
                    )}
                  </>
                )}
              </li>
            ))}
          </ul>
        )}
      </Step>
      <Step name="Evaluations">
        {asked.length === 0 ? (
          'none that compares with it'
        ) : (
          <EvaluationLinks evaluations={asked.slice(0, mostEvaluations)} />
        )}
        {asked.length > mostEvaluations && (
          <Link href="/evaluations">and {asked.length - mostEvaluations} older ones</Link>
        )}
      </Step>
    </ol>
  )
}
