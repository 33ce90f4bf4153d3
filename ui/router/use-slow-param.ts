import { useEffect, useState } from 'react'
import { useSearchParam } from './use-search-param.ts'

/**
 * State that changes with every key: shown at once, and put into the address when it has been still for a moment, because browsers
 * refuse many changes of the address in a row. `settled` is what stands in the address, to ask the server with.
 */
export function useSlowParam(
  name: string,
  usual = '',
  milliseconds = 300,
): readonly [value: string, set: (value: string) => void, settled: string] {
  const [settled, settle] = useSearchParam(name, usual)
  const [pending, setPending] = useState<string>()
  useEffect(() => {
    if (pending === undefined) return undefined
    const timer = setTimeout(() => {
      settle(pending)
      setPending(undefined)
    }, milliseconds)
    return () => clearTimeout(timer)
  }, [pending, settle, milliseconds])
  return [pending ?? settled, setPending, settled]
}
