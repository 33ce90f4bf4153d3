import { useSyncExternalStore } from 'react'

const name = 'hone.key'
const listeners = new Set<() => void>()

/** Why the visitor has to sign in again. */
let refusal: string | undefined
let key = take(location.hash) ?? kept()

/** A link that `hone serve` prints carries the key behind `#`, which no server and no log sees; it goes out of the address at once. */
function take(hash: string): string | undefined {
  const given = new URLSearchParams(hash.slice(1)).get('key')
  if (given === null || given === '') return undefined
  history.replaceState(null, '', `${location.pathname}${location.search}`)
  store(sessionStorage, given)
  return given
}

function kept(): string | undefined {
  try {
    return sessionStorage.getItem(name) ?? localStorage.getItem(name) ?? undefined
  } catch {
    return undefined
  }
}

function store(storage: Storage, value: string): void {
  try {
    storage.setItem(name, value)
  } catch {
    // A browser that keeps nothing asks again after a reload.
  }
}

function forget(): void {
  try {
    // All that the tab keeps is the visitor's.
    sessionStorage.clear()
    localStorage.removeItem(name)
  } catch {
    // Nothing was kept.
  }
}

function changed(): void {
  for (const listener of listeners) listener()
}

/** The key that requests carry; undefined where the visitor has not signed in. */
export const currentKey = (): string | undefined => key

export function signIn(given: string, { remember }: { readonly remember: boolean }): void {
  forget()
  store(remember ? localStorage : sessionStorage, given)
  key = given
  refusal = undefined
  changed()
}

/** @param reason why a key is no longer taken; none where the visitor left */
export function signOut(reason?: string): void {
  forget()
  key = undefined
  refusal = reason
  changed()
}

// A link with a key that is opened while the page is open changes only what stands behind `#`.
window.addEventListener('hashchange', () => {
  const given = take(location.hash)
  if (given === undefined) return
  key = given
  refusal = undefined
  changed()
})

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useKey = (): string | undefined => useSyncExternalStore(subscribe, currentKey)
export const useRefusal = (): string | undefined => useSyncExternalStore(subscribe, () => refusal)
