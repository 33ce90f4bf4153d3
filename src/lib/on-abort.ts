import { setMaxListeners } from 'node:events'

/**
 * Calls `action` once when the signal fires, and at once where it has fired already. Returns what takes it back.
 */
export function onAbort(signal: AbortSignal | undefined, action: () => void): () => void {
  if (signal === undefined) return () => undefined
  if (signal.aborted) {
    action()
    return () => undefined
  }
  // One signal stops many waits at once, each with its listener: that is no leak, as Node would warn.
  setMaxListeners(0, signal)
  signal.addEventListener('abort', action, { once: true })
  return () => signal.removeEventListener('abort', action)
}
