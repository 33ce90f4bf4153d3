import { onAbort } from './on-abort.ts'

/** Waits; rejects with the signal's reason when it is aborted, and leaves no listener behind. */
export function delay(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      ignore()
      resolve()
    }, milliseconds)
    const ignore = onAbort(signal, () => {
      clearTimeout(timer)
      reject(signal?.reason)
    })
  })
}
