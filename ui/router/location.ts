import { useSyncExternalStore } from 'react'

const moved = 'hone:moved'

/** Goes to an address of the page. `replace` leaves no step for the back button. */
export function navigate(to: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  if (replace) history.replaceState(null, '', to)
  else history.pushState(null, '', to)
  window.dispatchEvent(new Event(moved))
}

function subscribe(changed: () => void): () => void {
  window.addEventListener('popstate', changed)
  window.addEventListener(moved, changed)
  return () => {
    window.removeEventListener('popstate', changed)
    window.removeEventListener(moved, changed)
  }
}

export const usePath = (): string => useSyncExternalStore(subscribe, () => location.pathname)

export const useSearch = (): string => useSyncExternalStore(subscribe, () => location.search)
