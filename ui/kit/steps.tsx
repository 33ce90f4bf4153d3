import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { ApiError } from '../api/api-error.ts'
import type { Progress as Told } from '../api/client.ts'
import { Button } from './button.tsx'
import { formatBytes, formatCount } from './format.ts'
import { ErrorNote, Progress } from './texts.tsx'

/** How far work is. @param label what is done, with its end: `Checking the records …` */
export function Working({
  label,
  progress,
  onStop,
}: {
  readonly label: string
  readonly progress: Told | undefined
  readonly onStop?: () => void
}) {
  const { done = 0, total = null, unit = 'steps', message } = progress ?? {}
  const share = total === null || total === 0 ? undefined : Math.min(1, done / total)
  return (
    <div className="working" role="status">
      <Progress label={label} value={share} words={message ?? wordsOf(progress, unit, done)} />
      {onStop !== undefined && <Button onClick={onStop}>Stop</Button>}
    </div>
  )
}

function wordsOf(progress: Told | undefined, unit: Told['unit'], done: number): string {
  if (progress === undefined) return 'begins'
  return unit === 'bytes' ? formatBytes(done) : `${formatCount(done)} ${unit}`
}

/** What `useSteps` has: the progress, the error with its way out, or the answer. */
export function Stepped<Data>({
  steps: { query, progress },
  label,
  children,
}: {
  readonly steps: {
    readonly query: UseQueryResult<Data, ApiError>
    readonly progress: Told | undefined
  }
  readonly label: string
  readonly children: (data: Data & {}) => ReactNode
}) {
  const { data, error, isFetching } = query
  if (data !== undefined && data !== null) return <>{children(data)}</>
  if (error !== null && !isFetching) return <ErrorNote error={error} onRetry={() => void query.refetch()} />
  return <Working label={label} progress={progress} />
}
