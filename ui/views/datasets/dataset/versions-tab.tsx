import type { DatasetDiff, DatasetVersion } from '../../../api/client.ts'
import { useApi } from '../../../api/query.ts'
import { useSteps } from '../../../api/steps.ts'
import { Fetched } from '../../../kit/fetched.tsx'
import { Button } from '../../../kit/button.tsx'
import { formatCount, formatPercent } from '../../../kit/format.ts'
import { Section } from '../../../kit/page.tsx'
import { PlainLine } from '../../../kit/plain-text.tsx'
import { Stepped } from '../../../kit/steps.tsx'
import { Table } from '../../../kit/table.tsx'
import { RelativeTime } from '../../../kit/texts.tsx'
import { WordDiff } from '../../../kit/word-diff.tsx'
import { Link } from '../../../router/link.tsx'
import { useSearchParam } from '../../../router/use-search-param.ts'
import { datasetPath } from '../dataset-path.ts'
import { madeBy } from './made-by.ts'

interface VersionsProps {
  readonly version: DatasetVersion
  readonly usedBy: readonly string[]
}

/** Versions of the dataset, what each was made of, and what changed to the shown one. Fetches `listDatasets`, `diffDatasets`. */
export function VersionsTab({ version, usedBy }: VersionsProps) {
  const [before, setBefore] = useSearchParam('before')
  const datasets = useApi('listDatasets', {})
  return (
    <>
      <Fetched query={datasets} what="the versions">
        {({ datasets: all }) => (
          <Table
            caption={`Versions of ${version.name}, the newest first`}
            rows={all.find(({ name }) => name === version.name)?.versions ?? []}
            rowKey={({ id }) => id}
            columns={[
              {
                id: 'id',
                title: 'Version',
                isHeading: true,
                cell: ({ id, hash }) =>
                  id === version.id ? (
                    <strong>
                      <code>{hash.slice(0, 12)}</code> (shown)
                    </strong>
                  ) : (
                    <Link href={datasetPath(id, { tab: 'versions' })}>
                      <code>{hash.slice(0, 12)}</code>
                    </Link>
                  ),
              },
              { id: 'step', title: 'Made by', cell: ({ step }) => madeBy(step) },
              {
                id: 'of',
                title: 'Of',
                cell: ({ inputs }) =>
                  inputs.map(({ dataset, file }) => (
                    <p key={file}>{dataset ?? file.split(/[/\\]/).at(-1)}</p>
                  )),
              },
              {
                id: 'records',
                title: 'Records',
                isNumber: true,
                cell: ({ parts }) => formatCount(parts.reduce((sum, { records }) => sum + records, 0)),
              },
              { id: 'at', title: 'When', cell: ({ createdAt }) => <RelativeTime time={createdAt} /> },
              {
                id: 'diff',
                title: <span className="unseen">Compare</span>,
                cell: ({ id, hash }) =>
                  id === version.id ? null : (
                    <Button
                      look="quiet"
                      onClick={() => setBefore(id)}
                      aria-label={`What changed from ${hash.slice(0, 12)} to the shown version`}
                    >
                      What changed
                    </Button>
                  ),
              },
            ]}
          />
        )}
      </Fetched>
      <p className="muted">
        {usedBy.length === 0
          ? 'No model was trained on the shown version.'
          : 'Trained on the shown version: '}
        {usedBy.map((model, at) => (
          <span key={model}>
            {at > 0 && ', '}
            <Link href={`/models/${encodeURIComponent(model)}`}>{model}</Link>
          </span>
        ))}
      </p>
      {before !== '' && before !== version.id && <Changes before={before} after={version.id} />}
    </>
  )
}

function Changes({ before, after }: { readonly before: string; readonly after: string }) {
  const steps = useSteps('diffDatasets', { path: { id: after }, body: { before } })
  return (
    <Section title={`From ${before.split('@')[1] ?? before} to the shown version`}>
      <Stepped steps={steps} label="Comparing the versions">
        {(diff) => <Diff diff={diff} />}
      </Stepped>
    </Section>
  )
}

function Diff({ diff: { counts, changed, added, removed } }: { readonly diff: DatasetDiff }) {
  return (
    <>
      <p className="facts">
        <span>{formatCount(counts.unchanged)} the same</span>
        <span>{formatCount(counts.changed)} changed</span>
        <span>{formatCount(counts.added)} added</span>
        <span>{formatCount(counts.removed)} removed</span>
      </p>
      {changed.length > 0 && (
        <ol className="changes">
          {changed.map(({ beforeLine, afterLine, by, similarity, runs }) => (
            <li key={`${beforeLine} ${afterLine}`}>
              <p className="muted">
                line {formatCount(beforeLine)}
                {afterLine === beforeLine ? '' : ` → ${formatCount(afterLine)}`}, known by {by}
                {similarity === null ? '' : `, ${formatPercent(similarity, 0)} alike`}
              </p>
              <WordDiff runs={runs} />
            </li>
          ))}
        </ol>
      )}
      {(
        [
          ['Added', added, counts.added],
          ['Removed', removed, counts.removed],
        ] as const
      ).map(
        ([title, records, count]) =>
          records.length > 0 && (
            <Section key={title} title={title}>
              <ul className="records">
                {records.map(({ line, text }) => (
                  <li key={line}>
                    <span className="muted number">line {formatCount(line)}</span> <PlainLine text={text} />
                  </li>
                ))}
              </ul>
              {count > records.length && (
                <p className="muted">
                  {formatCount(records.length)} of {formatCount(count)} are shown.
                </p>
              )}
            </Section>
          ),
      )}
    </>
  )
}
