import { useQueries } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { ApiError } from '../../../api/api-error.ts'
import { call, type ExamplePage, type ExampleRow, type Sent } from '../../../api/client.ts'
import { queryClient } from '../../../api/query.ts'
import type { ShownPart } from './part.ts'

export type ExampleFilter = Omit<NonNullable<Sent<'listExamples'>['query']>, 'part' | 'offset' | 'limit'>

const pageSize = 100
/** A page that the visitor only scrolls past is not asked for. */
const settling = 60

export interface ExamplePages {
  /** The latest page that came, for what is the same on all. */
  readonly about: ExamplePage | undefined
  readonly row: (index: number) => ExampleRow | undefined
  readonly onRange: (first: number, last: number) => void
  readonly error: ApiError | undefined
  readonly retry: () => void
}

/** The examples that fit a filter, fetched where they are looked at. @param also an index whose page is kept as well */
export function useExamplePages(
  { dataset, part }: Pick<ShownPart, 'dataset' | 'part'>,
  filter: ExampleFilter,
  begin: number,
  also: number | undefined,
): ExamplePages {
  const [range, setRange] = useState({ first: begin, last: begin })
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const onRange = useCallback((first: number, last: number) => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setRange({ first, last }), settling)
  }, [])

  const wanted = new Set<number>()
  for (let page = pageOf(range.first); page <= pageOf(range.last); page++) wanted.add(page)
  if (also !== undefined) wanted.add(pageOf(also))
  const ask = (page: number): Sent<'listExamples'> => ({
    path: { id: dataset },
    query: { part, ...filter, offset: page * pageSize, limit: pageSize },
  })
  const queries = useQueries({
    queries: [...wanted].map((page) => ({
      queryKey: ['listExamples', ask(page)],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
        call('listExamples', { ...ask(page), signal }),
      staleTime: Infinity,
      // Records are large: those that were scrolled away are let go soon.
      gcTime: 30_000,
    })),
  })
  const row = (index: number): ExampleRow | undefined => {
    const held = queryClient.getQueryData<ExamplePage>(['listExamples', ask(pageOf(index))])
    return held?.rows[index % pageSize]
  }
  const failed = queries.find(({ error }) => error !== null)
  // Far from what is here, no page is there for a while: what is the same on all stays.
  const key = JSON.stringify([dataset, part, filter])
  const latest = useRef<{ readonly key: string; readonly page: ExamplePage }>(undefined)
  const here = queries.find(({ data }) => data !== undefined)?.data
  useEffect(() => {
    if (here !== undefined) latest.current = { key, page: here }
  }, [here, key])
  return {
    about: here ?? (latest.current?.key === key ? latest.current.page : undefined),
    row,
    onRange,
    error: (failed?.error ?? undefined) as ApiError | undefined,
    retry: () => void failed?.refetch(),
  }
}

const pageOf = (index: number): number => Math.floor(index / pageSize)
