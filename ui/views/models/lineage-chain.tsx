import type { ReactNode } from 'react'
import type { ModelDetails } from '../../api/client.ts'
import { useApi } from '../../api/query.ts'
import { formatBytes, formatCount } from '../../kit/format.ts'
import { Badge, Disclosure, KeyValues, RelativeTime } from '../../kit/texts.tsx'
import { Link } from '../../router/link.tsx'

/** From file to gate, one step below the other. Fetches `listEvaluations` for those of this model. */
export function LineageChain({ details }: { readonly details: ModelDetails }) {
  const { model, lineage, files, template } = details
  const { dataset, job, base, start, settings, environment, gate } = lineage
  const evaluations = useApi('listEvaluations', { query: { limit: 200 } })
  if (model.kind === 'base' || model.kind === 'broken') {
    return (
      <p>
        A base comes from <code>{model.kind === 'base' ? model.source : 'nowhere known'}</code>. What was made
        of it is named when it is deleted, and in the list of models.
      </p>
    )
  }
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
              <span className="under muted">
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
          <span className="under muted">
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
          <ul className="plain-list">
            {asked.map(({ id, name, state, createdAt }) => (
              <li key={id}>
                <Link href={`/evaluations/${id}`}>{name}</Link> <Badge>{state}</Badge>{' '}
                <RelativeTime time={createdAt} />
              </li>
            ))}
          </ul>
        )}
        {lineage.evaluations.map(({ set, file, rows }) => (
          <span key={`${set} ${file}`} className="under muted">
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

const Step = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <li>
    <span className="chain-name">{name}</span>
    <div className="chain-what">
      <div>{children}</div>
    </div>
  </li>
)

const Hash = ({ of }: { readonly of: string }) => (
  <>
    {' '}
    <code className="muted" title={of}>
      {of.replace(/^sha256:/, '').slice(0, 12)}
    </code>
  </>
)

const shown = (value: unknown): string =>
  typeof value === 'string' ? value : value === null ? '–' : JSON.stringify(value)
