import {
  QueryClient,
  useMutation,
  useQuery,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query'
import type { ApiError } from './api-error.ts'
import { call, type Answer, type OperationId, type Sent } from './client.ts'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2000,
      // A refusal stays one; what did not arrive is asked for twice more.
      retry: (failures, error) => (error as unknown as ApiError).status === 0 && failures < 2,
      // The server is on this machine or near it: what the browser thinks of the network says nothing.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
})

interface ApiQueryOptions {
  /** Milliseconds between two looks; only while the tab is seen. */
  readonly every?: number | undefined
  readonly enabled?: boolean
  /** Shows what was there while something else is fetched, such as the next page. */
  readonly keepPrevious?: boolean
}

/** The answer of an operation that only reads: `const state = useApi('getState', {})`. What was asked with is its cache key. */
export function useApi<Id extends OperationId>(
  id: Id,
  sent: Omit<Sent<Id>, 'signal'>,
  { every, enabled = true, keepPrevious = false }: ApiQueryOptions = {},
): UseQueryResult<Answer<Id>, ApiError> {
  return useQuery<Answer<Id>, ApiError>({
    queryKey: [id, sent],
    queryFn: ({ signal }) => call(id, { ...sent, signal } as unknown as Sent<Id>),
    enabled,
    ...(every === undefined ? {} : { refetchInterval: every }),
    ...(keepPrevious ? { placeholderData: (previous: Answer<Id> | undefined) => previous as never } : {}),
  })
}

/** An operation that changes something; afterwards the answers of the named operations are asked for again. */
export function useChange<Id extends OperationId>(
  id: Id,
  stale: readonly OperationId[] = [],
): UseMutationResult<Answer<Id>, ApiError, Sent<Id>> {
  return useMutation<Answer<Id>, ApiError, Sent<Id>>({
    mutationFn: (sent) => call(id, sent),
    onSuccess: () => refresh(stale),
  })
}

/** What these operations answered is asked for again, where it is shown. */
export async function refresh(stale: readonly OperationId[]): Promise<void> {
  await Promise.all(stale.map((id) => queryClient.invalidateQueries({ queryKey: [id] })))
}
