import type { ModelDetails } from '../../api/client.ts'
import { useApi } from '../../api/query.ts'
import { formatBytes, formatCount } from '../../kit/format.ts'
import { Badge, Disclosure, KeyValues, RelativeTime } from '../../kit/texts.tsx'
import { Link } from '../../router/link.tsx'
import { EvaluationLinks, Hash, Step } from './chain.tsx'

/** A tuned model from file to gate, one step below the other. Fetches `listEvaluations` for those of this model. */
export function LineageChain({ details }: { readonly details: ModelDetails }) {
  const { model, lineage, files, template } = details
  const { dataset, job, base, start, settings, environment, gate } = lineage
  const evaluations = useApi('listEvaluations', { query: { limit: 200 } })
  const asked = (evaluations.data?.evaluations ?? []).filter(({ tuned }) => tuned === model.id)
  const version = dataset?.id?.replace(/^dataset:/, '').split('/')[0]
  return (
    <ol className="chain">
      <Step name="Dataset">
        {dataset === null ? (
          'not known: the model was made elsewhere'
        ) : (
          <>
            {version === undefined ? (
              'a file'
            ) : (
              <Link href={`/datasets/${encodeURIComponent(version)}`}>
                {dataset.id?.replace(/^dataset:/, '')}
              </Link>
            )}
            , {formatCount(dataset.training.examples)} examples
            <Hash of={dataset.training.sha256} />
            {dataset.validation !== null && (
              <span className="chain-note muted">
                Validation: {formatCount(dataset.validation.examples)} examples
                <Hash of={dataset.validation.sha256} />
              </span>
            )}
          </>
        )}
      </Step>
      <Step name="Job">
        {job === null ? (
          'none here: it was imported'
        ) : (
          <Link href={`/jobs/${encodeURIComponent(job)}`}>{job}</Link>
        )}
        {settings !== null && (
          <Disclosure summary="Its settings">
            <KeyValues
              items={Object.entries(settings).map(([name, value]) => [name, shown(value)] as const)}
            />
          </Disclosure>
        )}
        {environment !== null && (
          <Disclosure summary="Where it ran">
            <KeyValues
              items={Object.entries(environment).map(([name, value]) => [name, shown(value)] as const)}
            />
          </Disclosure>
        )}
      </Step>
      <Step name="Base">
        {base === null ? (
          'not known'
        ) : (
          <>
            <Link href={`/models/${encodeURIComponent(base.id)}`}>{base.id}</Link>
            {base.weights !== null && <Hash of={base.weights} />}
          </>
        )}
        {start !== null && (
          <span className="chain-note muted">
            Continued from <Link href={`/models/${encodeURIComponent(start.model)}`}>{start.model}</Link>
          </span>
        )}
      </Step>
      <Step name="Adapter">
        {files.length === 0
          ? 'not written yet'
          : `${formatCount(files.length)} files, ${formatBytes(files.reduce((sum, { bytes }) => sum + bytes, 0))}`}
        {template !== null && (
          <>
            , chat template
            <Hash of={template.sha256} />
          </>
        )}
      </Step>
      <Step name="Evaluations">
        {asked.length === 0 ? (
          <>
            none here yet:{' '}
            <Link href={`/evaluations/new?tuned=${encodeURIComponent(model.id)}`}>evaluate it</Link>
          </>
        ) : (
          <EvaluationLinks evaluations={asked} />
        )}
        {lineage.evaluations.map(({ set, file, rows }) => (
          <span key={`${set} ${file}`} className="chain-note muted">
            The gate rested on {set}, {formatCount(rows)} rows: <code>{file}</code>
          </span>
        ))}
      </Step>
      <Step name="Gate">
        {gate === null ? (
          'not judged yet'
        ) : (
          <>
            <Badge>{gate.verdict}</Badge> {gate.candidate} against {gate.baseline},{' '}
            <RelativeTime time={gate.at} />
            <ul className="plain-list">
              {gate.rules.map(({ rule, outcome }) => (
                <li key={rule}>
                  <code>{rule}</code> <Badge tone={outcome === 'pass' ? 'good' : 'wrong'}>{outcome}</Badge>
                </li>
              ))}
            </ul>
          </>
        )}
      </Step>
    </ol>
  )
}

const shown = (value: unknown): string =>
  typeof value === 'string' ? value : value === null ? '–' : JSON.stringify(value)
