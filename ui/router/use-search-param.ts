import { useCallback } from 'react'
import { navigate, useSearch } from './location.ts'

/**
 * State that lives in the address, so that a view can be linked and reloaded: `const [sort, setSort] = useSearchParam('sort', 'newest')`.
 * The usual value is left out of the address. A change replaces the address unless `push` says that back should undo it.
 */
export function useSearchParam(
  name: string,
  usual = '',
  { push = false }: { readonly push?: boolean } = {},
): readonly [value: string, set: (value: string) => void] {
  const value = new URLSearchParams(useSearch()).get(name) ?? usual
  const set = useCallback(
    (next: string) => setSearchParams({ [name]: next === usual ? null : next }, { push }),
    [name, usual, push],
  )
  return [value, set]
}

/** Changes several at once; null removes one. */
export function setSearchParams(
  values: Readonly<Record<string, string | null>>,
  { push = false }: { readonly push?: boolean } = {},
): void {
  const params = new URLSearchParams(location.search)
  for (const [name, value] of Object.entries(values)) {
    if (value === null) params.delete(name)
    else params.set(name, value)
  }
  const search = params.toString()
  navigate(`${location.pathname}${search === '' ? '' : `?${search}`}`, { replace: !push })
}
