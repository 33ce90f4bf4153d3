import { onAbort } from './on-abort.ts'

/**
 * Waits for work that may not listen to a signal itself: rejects with the signal's reason as soon as it is aborted, and
 * leaves no listener behind. `discard` gets what the work yields when nobody waits for it any more.
 */
export function raceSignal<Result>(
  work: Promise<Result>,
  signal: AbortSignal | undefined,
  discard: (late: Result) => void = () => undefined,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const ignore = onAbort(signal, () => {
      work.then(discard, () => undefined)
      reject(signal?.reason)
    })
    work.finally(ignore).then(resolve, reject)
  })
}
