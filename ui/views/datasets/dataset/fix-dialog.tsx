import { useEffect } from 'react'
import { useWork } from '../../../api/steps.ts'
import { Button } from '../../../kit/button.tsx'
import { Dialog } from '../../../kit/dialog.tsx'
import { formatCount } from '../../../kit/format.ts'
import { Working } from '../../../kit/steps.tsx'
import { ErrorNote } from '../../../kit/texts.tsx'
import { WordDiff } from '../../../kit/word-diff.tsx'
import { navigate } from '../../../router/location.ts'
import { datasetPath } from '../dataset-path.ts'
import type { ShownPart } from './part.ts'

interface FixDialogProps {
  readonly part: ShownPart
  readonly profile: string
  readonly onClose: () => void
}

/** What mending would change, word by word; a click makes it a new version. */
export function FixDialog({ part, profile, onClose }: FixDialogProps) {
  const preview = useWork('fixDataset')
  const save = useWork('fixDataset', ['listDatasets', 'getDataset'])
  const request = (isSaved: boolean) => ({
    path: { id: part.dataset },
    body: { part: part.part, save: isSaved, ...(profile === '' ? {} : { for: profile }) },
  })
  const { mutate } = preview
  const asked = JSON.stringify(request(false))
  useEffect(() => mutate(JSON.parse(asked) as ReturnType<typeof request>), [mutate, asked])
  const keep = (): void =>
    save.mutate(request(true), {
      onSuccess: ({ dataset }) => {
        if (dataset === null) return
        onClose()
        navigate(datasetPath(dataset, { tab: 'check', ...(profile === '' ? {} : { for: profile }) }))
      },
    })
  const { data } = preview
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={
        data === undefined
          ? 'What mending would change'
          : `Mending would change ${formatCount(data.changed)} ${data.changed === 1 ? 'record' : 'records'}`
      }
      actions={
        data !== undefined &&
        data.changed > 0 && (
          <Button look="primary" onClick={keep} busy={save.isPending ? 'Keeping it …' : undefined}>
            Keep it as a new version
          </Button>
        )
      }
    >
      {preview.isPending && <Working label="Mending a copy" progress={preview.progress} />}
      {preview.error !== null && <ErrorNote error={preview.error} />}
      {save.error !== null && <ErrorNote error={save.error} />}
      {data !== undefined && (
        <>
          <p className="muted">
            {Object.entries(data.byRule)
              .map(([id, count]) => `${formatCount(count)} by ${id}`)
              .join(', ')}
            . Left afterwards: {formatCount(data.left.error)} errors, {formatCount(data.left.warning)}{' '}
            warnings.
          </p>
          <div className="changes-frame" role="region" aria-label="What would change" tabIndex={0}>
            <ol className="changes">
              {data.changes.map(({ line, runs }) => (
                <li key={line}>
                  <p className="muted">
                    line {formatCount(line)}
                    {runs.every(({ kind }) => kind === 'removed') && ': taken out'}
                  </p>
                  <WordDiff runs={runs} />
                </li>
              ))}
            </ol>
          </div>
          {data.changed > data.changes.length && (
            <p className="muted">
              The first {formatCount(data.changes.length)} of {formatCount(data.changed)} changes are shown.
            </p>
          )}
        </>
      )}
    </Dialog>
  )
}
