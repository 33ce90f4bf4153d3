import type { Upload } from '../../../api/client.ts'
import { useApi } from '../../../api/query.ts'
import type { ViewProps } from '../../../views.ts'
import { ButtonLink } from '../../../kit/button.tsx'
import { formatBytes } from '../../../kit/format.ts'
import { Page } from '../../../kit/page.tsx'
import { EmptyState, ErrorNote, Loading } from '../../../kit/texts.tsx'
import { Link } from '../../../router/link.tsx'
import { navigate } from '../../../router/location.ts'
import '../datasets.css'
import { DropZone } from '../upload/drop-zone.tsx'
import { UploadProgress } from '../upload/upload-progress.tsx'
import { beginUpload, useSending } from '../upload/uploads.ts'
import { Inspected } from './inspected.tsx'

/** One file on its way to a dataset: sent, looked at, read. Fetches `getUpload`, `inspectUpload`; changes by `importUpload`. */
export default function ImportFile({ params }: ViewProps) {
  const id = params['upload'] ?? ''
  const upload = useApi('getUpload', { path: { id } })
  const { data, error } = upload
  return (
    <Page title={data === undefined ? 'A file' : data.name} trail={<Link href="/datasets">Datasets</Link>}>
      {data === undefined && error === null && <Loading what="how far the file is" />}
      {error?.status === 404 ? (
        <EmptyState
          title="This upload is no longer here."
          action={<ButtonLink href="/datasets">See the datasets</ButtonLink>}
        >
          It was imported, given up, or nobody touched it for a week.
        </EmptyState>
      ) : (
        error !== null && <ErrorNote error={error} onRetry={() => void upload.refetch()} />
      )}
      {data !== undefined && error?.status !== 404 && <Stage upload={data} />}
    </Page>
  )
}

function Stage({ upload }: { readonly upload: Upload }) {
  const sending = useSending(upload.id)
  const isHere = upload.offset === upload.bytes || sending?.state === 'done'
  if (isHere) {
    return (
      <>
        <p className="muted">
          {formatBytes(upload.bytes)} have arrived. Look at what was found, then import it as a dataset.
        </p>
        <Inspected upload={upload} />
      </>
    )
  }
  const again = async (files: readonly File[]): Promise<void> => {
    const [file] = files
    if (file === undefined) return
    const id = await beginUpload(file)
    if (id !== upload.id) navigate(`/datasets/import/${id}`)
  }
  return (
    <>
      <UploadProgress upload={upload} onGone={() => navigate('/datasets')} />
      {(sending === undefined || sending.state === 'failed') && <DropZone onFiles={again} />}
    </>
  )
}
