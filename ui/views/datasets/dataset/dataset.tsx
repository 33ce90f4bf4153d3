import { useState, type ReactNode } from 'react'
import type { DatasetDetails } from '../../../api/client.ts'
import { useApi } from '../../../api/query.ts'
import type { ViewProps } from '../../../views.ts'
import { ButtonLink } from '../../../kit/button.tsx'
import { Fetched } from '../../../kit/fetched.tsx'
import { formatBytes, formatCount } from '../../../kit/format.ts'
import { Page } from '../../../kit/page.tsx'
import { Tabs } from '../../../kit/tabs.tsx'
import { Badge, RelativeTime } from '../../../kit/texts.tsx'
import { Link } from '../../../router/link.tsx'
import { setSearchParams, useSearchParam } from '../../../router/use-search-param.ts'
import { datasetPath } from '../dataset-path.ts'
import '../datasets.css'
import { CheckTab } from './check-tab.tsx'
import { DuplicatesTab } from './duplicates-tab.tsx'
import { ExamplesTab } from './examples-tab.tsx'
import { ExportTab } from './export-tab.tsx'
import { madeBy } from './made-by.ts'
import { NumbersTab } from './numbers-tab.tsx'
import type { ShownPart } from './part.ts'
import { RedactionTab } from './redaction-tab.tsx'
import { Seal } from './seal.tsx'
import { SplitTab } from './split-tab.tsx'
import { VersionsTab } from './versions-tab.tsx'

/** One version of a dataset, or the newest of a name. Fetches `getDataset`; each tab says what it fetches. */
export default function Dataset({ params }: ViewProps) {
  const id = params['id'] ?? ''
  const details = useApi('getDataset', { path: { id } })
  const version = details.data?.version
  return (
    <Page
      isWide
      title={version?.name ?? id}
      trail={<Link href="/datasets">Datasets</Link>}
      actions={
        version !== undefined && (
          <ButtonLink href={`/train?dataset=${encodeURIComponent(version.id)}`}>Train on it</ButtonLink>
        )
      }
    >
      <Fetched query={details} what="the dataset">
        {(found) => <Shown details={found} />}
      </Fetched>
    </Page>
  )
}

function Shown({ details }: { readonly details: DatasetDetails }) {
  const { version, newest, sealed } = details
  const first = version.parts.find(({ part: name }) => name === 'records' || name === 'train')
  const [name, setName] = useSearchParam('part', first?.part ?? '')
  const found = version.parts.find((part) => part.part === name) ?? first ?? version.parts[0]
  if (found === undefined) return <p>This version has no parts.</p>
  const part: ShownPart = {
    dataset: version.id,
    name: version.name,
    part: found.part as ShownPart['part'],
    records: found.records,
    bytes: found.bytes,
    parts: version.parts,
    isSealed: sealed?.part === found.part,
  }
  const tab = (
    id: string,
    label: string,
    content: ReactNode,
  ): { id: string; label: string; content: ReactNode } => ({
    id,
    label,
    content: part.isSealed ? (
      <Seal dataset={version.id} looks={sealed?.looks ?? 0}>
        {content}
      </Seal>
    ) : (
      content
    ),
  })
  const key = `${part.dataset} ${part.part}`
  return (
    <>
      <About details={details} />
      {newest !== version.id && (
        <p className="notice">
          This is an older version. <Link href={datasetPath(newest)}>See the newest</Link>
        </p>
      )}
      {version.parts.length > 1 && (
        <Parts
          details={details}
          chosen={found.part}
          onChoose={(next) => {
            setName(next)
            // What was looked for in one part is nothing in another.
            setSearchParams({ at: null, offset: null, label: null, finding: null })
          }}
        />
      )}
      <Tabs
        label={`What to see of ${version.name}`}
        tabs={[
          tab('examples', 'Examples', <ExamplesTab key={key} part={part} />),
          tab('check', 'Check', <CheckTab key={key} part={part} />),
          tab('numbers', 'Numbers', <NumbersTab key={key} part={part} />),
          tab('duplicates', 'Duplicates', <DuplicatesTab key={key} part={part} />),
          tab('redaction', 'Redaction', <RedactionTab key={key} part={part} />),
          { id: 'split', label: 'Split', content: <SplitTab key={key} part={part} details={details} /> },
          {
            id: 'versions',
            label: 'Versions',
            content: <VersionsTab key={key} version={version} usedBy={details.usedBy} />,
          },
          tab('export', 'Export', <ExportTab key={key} part={part} />),
        ]}
      />
    </>
  )
}

function About({ details: { version } }: { readonly details: DatasetDetails }) {
  const records = version.parts.reduce((sum, part) => sum + part.records, 0)
  const bytes = version.parts.reduce((sum, part) => sum + part.bytes, 0)
  return (
    <p className="facts">
      <span>
        Version <code>{version.hash.slice(0, 12)}</code>
      </span>
      <span>{formatCount(records)} records</span>
      <span>{formatBytes(bytes)}</span>
      <span>
        made by {madeBy(version.step)} <RelativeTime time={version.createdAt} />
      </span>
    </p>
  )
}

interface PartsProps {
  readonly details: DatasetDetails
  readonly chosen: string
  readonly onChoose: (part: string) => void
}

function Parts({ details: { version, sealed }, chosen, onChoose }: PartsProps) {
  const [group] = useState(() => `part-${Math.random().toString(36).slice(2)}`)
  return (
    <fieldset className="parts">
      <legend>Part</legend>
      {version.parts.map(({ part, records }) => (
        <label key={part}>
          <input type="radio" name={group} checked={part === chosen} onChange={() => onChoose(part)} />
          {part} <span className="muted number">{formatCount(records)}</span>
          {sealed?.part === part && <Badge>{`sealed, ${lookedAt(sealed.looks)}`}</Badge>}
        </label>
      ))}
    </fieldset>
  )
}

const lookedAt = (looks: number): string =>
  looks === 0 ? 'never looked at' : looks === 1 ? 'looked at once' : `looked at ${formatCount(looks)} times`
