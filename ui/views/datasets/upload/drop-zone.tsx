import { useEffect, useRef, useState, type DragEvent, type ReactNode } from 'react'
import { toApiError, type ApiError } from '../../../api/api-error.ts'
import { Button } from '../../../kit/button.tsx'
import { ErrorNote } from '../../../kit/texts.tsx'

/** Takes files that are dropped on it or anywhere on the view, or chosen. */
export function DropZone({
  onFiles,
  children,
}: {
  readonly onFiles: (files: readonly File[]) => Promise<void>
  readonly children?: ReactNode
}) {
  const input = useRef<HTMLInputElement>(null)
  const [isOver, setOver] = useState(false)
  const [error, setError] = useState<ApiError>()
  const take = async (list: FileList | null): Promise<void> => {
    setError(undefined)
    try {
      await onFiles([...(list ?? [])])
    } catch (failure) {
      setError(toApiError(failure))
    }
  }
  useEffect(() => {
    // A file that misses the zone would be opened by the browser, in place of the page.
    const keep = (event: globalThis.DragEvent): void => event.preventDefault()
    window.addEventListener('dragover', keep)
    window.addEventListener('drop', keep)
    return () => {
      window.removeEventListener('dragover', keep)
      window.removeEventListener('drop', keep)
    }
  }, [])
  const onDrop = (event: DragEvent): void => {
    event.preventDefault()
    setOver(false)
    void take(event.dataTransfer.files)
  }
  return (
    <>
      <div
        className="drop-zone"
        data-over={isOver || undefined}
        onDragEnter={() => setOver(true)}
        onDragOver={(event) => event.preventDefault()}
        onDragLeave={(event) => {
          if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false)
        }}
        onDrop={onDrop}
      >
        <p>
          <strong>{isOver ? 'Let go to send it' : 'Drop a file of examples here'}</strong>
        </p>
        <p className="muted">
          JSONL, JSON, CSV, TSV, Excel or Parquet, also compressed, of any size: records of OpenAI, Anthropic,
          Bedrock and others, or columns that you name.
        </p>
        <div className="actions">
          <Button look="primary" onClick={() => input.current?.click()}>
            Choose a file
          </Button>
          {children}
        </div>
        <input
          ref={input}
          className="unseen"
          type="file"
          aria-label="File of examples"
          tabIndex={-1}
          onChange={(event) => {
            void take(event.target.files)
            // The same file can be chosen again.
            event.target.value = ''
          }}
        />
      </div>
      {error !== undefined && <ErrorNote error={error} />}
    </>
  )
}
