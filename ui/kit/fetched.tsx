import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { ApiError } from '../api/api-error.ts'
import { ErrorNote, Loading } from './texts.tsx'

/**
 * What a query has: words while it is on its way, the error with its way out, or the answer. An answer that is there stays when a later
 * look fails, with the error above it.
 */
export function Fetched<Data>({
  query,
  what,
  children,
}: {
  readonly query: UseQueryResult<Data, ApiError>
  /** Ends the sentence "Reading …": `the jobs`. */
  readonly what: string
  readonly children: (data: Data & {}) => ReactNode
}) {
  const { data, error } = query
  const note = error === null ? undefined : <ErrorNote error={error} onRetry={() => void query.refetch()} />
  if (data === undefined || data === null) return note ?? <Loading what={what} />
  return (
    <>
      {note}
      {children(data)}
    </>
  )
}
