import { useState } from 'react'
import { toApiError, type ApiError } from '../../../api/api-error.ts'
import type { Upload } from '../../../api/client.ts'
import { Button } from '../../../kit/button.tsx'
import { formatBytes, formatDuration } from '../../../kit/format.ts'
import { ErrorNote, Progress } from '../../../kit/texts.tsx'
import { giveUp, useSending } from './uploads.ts'

/** How far an upload is; of one that nobody sends, how it goes on. */
export function UploadProgress({
  upload,
  onGone,
}: {
  readonly upload: Upload
  readonly onGone?: () => void
}) {
  const sending = useSending(upload.id)
  const [error, setError] = useState<ApiError>()
  const offset = Math.max(upload.offset, sending?.offset ?? 0)
  const leave = async (): Promise<void> => {
    try {
      await giveUp(upload.id)
      onGone?.()
    } catch (failure) {
      setError(toApiError(failure))
    }
  }
  const { state, rate } = sending ?? {}
  const words = [`${formatBytes(offset)} of ${formatBytes(upload.bytes)}`]
  if (state === 'sending' && rate !== undefined) {
    words.push(
      `${formatBytes(rate)} a second`,
      `${formatDuration((1000 * (upload.bytes - offset)) / rate)} left`,
    )
  }
  if (state === 'waiting') words.push('the connection is cut, trying again')
  return (
    <div className="upload">
      <Progress
        label={`${state === undefined ? 'Left half-way' : 'Sending'}: ${upload.name}`}
        value={offset / upload.bytes}
        words={words.join(' · ')}
      />
      <div className="actions">
        <span className="muted">
          {state === undefined
            ? 'Drop or choose the same file again, and it goes on where it was.'
            : 'It goes on while you look at other views, and after a cut.'}
        </span>
        <Button look="quiet" onClick={() => void leave()}>
          Give it up
        </Button>
      </div>
      {state === 'failed' && sending?.error !== undefined && <ErrorNote error={sending.error} />}
      {error !== undefined && <ErrorNote error={error} />}
    </div>
  )
}
