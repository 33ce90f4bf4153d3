import { useMutation, useQuery, type UseMutationResult, type UseQueryResult } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { ApiError } from './api-error.ts'
import type { Answer, Progress, Sent } from './client.ts'
import { stream, type EventOf, type StreamId } from './events.ts'
import { refresh } from './query.ts'
import type { OperationId } from './client.ts'

/** Operations that tell how far they are, and then answer. */
export type StepsId = {
  [Id in StreamId]: Extract<EventOf<Id>, { readonly event: 'result' }> extends never ? never : Id
}[StreamId]

/** Work that takes a while, with its progress. @throws ApiError */
async function work<Id extends StepsId>(
  id: Id,
  sent: Sent<Id>,
  onProgress: (progress: Progress) => void,
): Promise<Answer<Id>> {
  for await (const event of stream(id, sent)) {
    const told = event as { readonly event: string; readonly data: unknown }
    if (told.event === 'progress') onProgress(told.data as Progress)
    else if (told.event === 'result') return told.data as Answer<Id>
  }
  throw new ApiError(0, {
    code: 'E_UNREACHABLE',
    message: 'the connection ended before the answer came',
    hint: 'try again; what was computed by then is kept',
  })
}

/** What is computed from a dataset version, which never changes: asked for once, with its progress until it is there. */
export function useSteps<Id extends StepsId>(
  id: Id,
  sent: Omit<Sent<Id>, 'signal'>,
  { enabled = true }: { readonly enabled?: boolean } = {},
): { readonly query: UseQueryResult<Answer<Id>, ApiError>; readonly progress: Progress | undefined } {
  const [progress, setProgress] = useState<Progress>()
  const query = useQuery<Answer<Id>, ApiError>({
    queryKey: [id, sent],
    queryFn: ({ signal }) => work(id, { ...sent, signal } as unknown as Sent<Id>, setProgress),
    enabled,
    staleTime: Infinity,
    retry: false,
  })
  return { query, progress: query.isFetching ? progress : undefined }
}

/** Work that is begun by a click, with its progress. To leave the view ends it. */
export function useWork<Id extends StepsId>(
  id: Id,
  stale: readonly OperationId[] = [],
): UseMutationResult<Answer<Id>, ApiError, Omit<Sent<Id>, 'signal'>> & {
  readonly progress: Progress | undefined
  readonly stop: () => void
} {
  const [progress, setProgress] = useState<Progress>()
  const leaving = useRef<AbortController>(undefined)
  const mutation = useMutation<Answer<Id>, ApiError, Omit<Sent<Id>, 'signal'>>({
    mutationFn: (sent) => {
      leaving.current = new AbortController()
      setProgress(undefined)
      return work(id, { ...sent, signal: leaving.current.signal } as unknown as Sent<Id>, setProgress)
    },
    onSuccess: () => refresh(stale),
  })
  useEffect(() => () => leaving.current?.abort(), [])
  const stop = (): void => {
    leaving.current?.abort()
    mutation.reset()
  }
  return { ...mutation, progress: mutation.isPending ? progress : undefined, stop }
}
