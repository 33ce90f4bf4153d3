import { delay } from '../../lib/delay.ts'

/** A request of a batch is tried this often where the failure is not its own. */
const tries = 3

export interface TryAgain<Answer> {
  /** Aborted where another goes on with the job, who asks again. */
  readonly signal: AbortSignal
  /** Whether a failure may be over in a moment. */
  readonly isPassing: (error: unknown) => boolean
  /** What a request gets that fails all the same. */
  readonly giveUp: (error: unknown) => Answer
}

/**
 * Answers one request of a batch, after growing pauses again where that may help.
 *
 * @throws `signal.reason`
 */
export async function tryAgain<Answer>(
  ask: () => Promise<Answer>,
  { signal, isPassing, giveUp }: TryAgain<Answer>,
): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask()
    } catch (error) {
      signal.throwIfAborted()
      if (attempt === tries || !isPassing(error)) return giveUp(error)
      await delay(1000 * attempt, signal)
    }
  }
}
