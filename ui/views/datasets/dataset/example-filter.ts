import { useMemo } from 'react'
import { useSearch } from '../../../router/location.ts'
import type { ExampleFilter } from './use-example-pages.ts'

const names = ['search', 'label', 'shortest', 'longest', 'finding', 'refused'] as const

/** Every filter removed from the address. */
export const noFilters: Readonly<Record<string, null>> = Object.fromEntries(
  [...names, 'offset', 'at'].map((name) => [name, null]),
)

/** The filter that stands in the address. */
function filterOf(search: string): ExampleFilter {
  const params = new URLSearchParams(search)
  const text = (name: string): string | undefined => {
    const value = params.get(name)
    return value === null || value === '' ? undefined : value
  }
  const whole = (name: string): number | undefined => {
    const value = Number(text(name) ?? NaN)
    return Number.isInteger(value) && value >= 0 ? value : undefined
  }
  const filter = {
    search: text('search'),
    label: text('label'),
    shortest: whole('shortest'),
    longest: whole('longest'),
    refused: text('refused') === 'true' ? ('true' as const) : undefined,
    finding: text('finding'),
    for: text('finding') === undefined ? undefined : text('for'),
  }
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined))
}

export function useExampleFilter(): ExampleFilter {
  const search = useSearch()
  return useMemo(() => filterOf(search), [search])
}
