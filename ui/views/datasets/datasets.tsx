import { useState } from 'react'
import type { DatasetList, DatasetVersion, Upload } from '../../api/client.ts'
import { useApi } from '../../api/query.ts'
import { useWork } from '../../api/steps.ts'
import { Button } from '../../kit/button.tsx'
import { Fetched } from '../../kit/fetched.tsx'
import { TextField } from '../../kit/fields.tsx'
import { formatBytes, formatCount } from '../../kit/format.ts'
import { Page, Section } from '../../kit/page.tsx'
import { Working } from '../../kit/steps.tsx'
import { Table } from '../../kit/table.tsx'
import { EmptyState, ErrorNote, RelativeTime } from '../../kit/texts.tsx'
import { Link } from '../../router/link.tsx'
import { navigate } from '../../router/location.ts'
import { useSearchParam } from '../../router/use-search-param.ts'
import { datasetPath } from './dataset-path.ts'
import { madeBy } from './dataset/made-by.ts'
import './datasets.css'
import { DropZone } from './upload/drop-zone.tsx'
import { UploadProgress } from './upload/upload-progress.tsx'
import { beginUpload } from './upload/uploads.ts'

/** All datasets, and where a file becomes one. Fetches `listDatasets`, `listUploads`; changes by `createUpload`, `importSample`. */
export default function Datasets() {
  const datasets = useApi('listDatasets', {})
  const uploads = useApi('listUploads', {}, { every: 5000 })
  const sample = useWork('importSample', ['listDatasets', 'getState'])
  const [note, setNote] = useState<string>()
  const isEmpty = datasets.data?.datasets.length === 0

  const takeFiles = async (files: readonly File[]): Promise<void> => {
    const [first] = files
    setNote(undefined)
    if (first === undefined) return
    if (first.size === 0) return setNote(`${first.name} is empty: there is nothing to send.`)
    let opened: string | undefined
    for (const file of files.filter(({ size }) => size > 0)) {
      const id = await beginUpload(file)
      opened ??= id
    }
    if (files.length === 1 && opened !== undefined) navigate(`/datasets/import/${opened}`)
    else void uploads.refetch()
  }
  const takeSample = (): void =>
    sample.mutate({}, { onSuccess: ({ dataset }) => navigate(datasetPath(dataset)) })

  return (
    <Page title="Datasets">
      <DropZone onFiles={takeFiles}>
        {isEmpty && (
          <Button onClick={takeSample} busy={sample.isPending ? 'Reading the sample …' : undefined}>
            Take the sample dataset
          </Button>
        )}
      </DropZone>
      {note !== undefined && (
        <p className="wrong" role="alert">
          {note}
        </p>
      )}
      {sample.isPending && <Working label="Reading the sample" progress={sample.progress} />}
      {sample.error !== null && <ErrorNote error={sample.error} />}
      <Uploads uploads={uploads.data?.uploads ?? []} />
      <Fetched query={datasets} what="the datasets">
        {({ datasets: all }) =>
          all.length === 0 ? (
            <EmptyState title="There is no dataset yet.">
              Each file that you drop above becomes a version of a dataset, which never changes: what is
              mended, split or redacted later is a new version beside it.
            </EmptyState>
          ) : (
            <List datasets={all} />
          )
        }
      </Fetched>
    </Page>
  )
}

function Uploads({ uploads }: { readonly uploads: readonly Upload[] }) {
  if (uploads.length === 0) return null
  return (
    <Section title="On the way">
      {uploads.map((upload) =>
        upload.offset === upload.bytes ? (
          <p key={upload.id}>
            <Link href={`/datasets/import/${upload.id}`}>{upload.name}</Link> is here (
            {formatBytes(upload.bytes)}) and not read yet: look at what it is, and import it.
          </p>
        ) : (
          <UploadProgress key={upload.id} upload={upload} />
        ),
      )}
    </Section>
  )
}

function List({ datasets }: { readonly datasets: DatasetList['datasets'] }) {
  const [search, setSearch] = useSearchParam('search')
  const found = datasets
    .filter(({ name }) => name.includes(search.trim().toLowerCase()))
    .flatMap(({ name, versions }) => {
      const [newest] = versions
      return newest === undefined ? [] : [{ name, newest, versions: versions.length }]
    })
    .toSorted((a, b) => (a.newest.createdAt < b.newest.createdAt ? 1 : -1))
  return (
    <Section title={`${formatCount(datasets.length)} ${datasets.length === 1 ? 'dataset' : 'datasets'}`}>
      {datasets.length > 8 && (
        <div className="filters">
          <TextField label="Name" value={search} onChange={(event) => setSearch(event.target.value)} />
        </div>
      )}
      <Table
        caption="Datasets, the last changed first"
        rows={found}
        rowKey={({ name }) => name}
        empty={<p className="muted">No dataset has this in its name.</p>}
        columns={[
          {
            id: 'name',
            title: 'Name',
            isHeading: true,
            cell: ({ name }) => <Link href={datasetPath(name)}>{name}</Link>,
          },
          {
            id: 'records',
            title: 'Records',
            isNumber: true,
            cell: ({ newest }) => formatCount(sum(newest, 'records')),
          },
          { id: 'parts', title: 'Parts', cell: ({ newest }) => partsText(newest) },
          {
            id: 'bytes',
            title: 'Size',
            isNumber: true,
            cell: ({ newest }) => formatBytes(sum(newest, 'bytes')),
          },
          { id: 'step', title: 'Made by', cell: ({ newest }) => madeBy(newest.step) },
          {
            id: 'versions',
            title: 'Versions',
            isNumber: true,
            cell: ({ name, versions }) => (
              <Link
                href={datasetPath(name, { tab: 'versions' })}
                aria-label={`${versions} versions of ${name}`}
              >
                {formatCount(versions)}
              </Link>
            ),
          },
          { id: 'at', title: 'Changed', cell: ({ newest }) => <RelativeTime time={newest.createdAt} /> },
        ]}
      />
    </Section>
  )
}

const sum = ({ parts }: DatasetVersion, what: 'records' | 'bytes'): number =>
  parts.reduce((total, part) => total + part[what], 0)

const partsText = ({ parts }: DatasetVersion): string =>
  parts.length === 1 ? 'one' : parts.map(({ part, records }) => `${part} ${formatCount(records)}`).join(' · ')
