import { HoneError } from '../core/errors.ts'

/** Gives an interruption the way to go on, where it does not say one itself. */
export async function withResumeHint<Result>(hint: string, action: () => Promise<Result>): Promise<Result> {
  try {
    return await action()
  } catch (error) {
    if (!HoneError.isInstance(error) || error.code !== 'E_INTERRUPTED' || error.hint !== undefined)
      throw error
    throw new HoneError(error.code, error.message, { at: error.at, hint, cause: error })
  }
}

/** The same command once more, as it can be typed; without `--force`, which would begin anew. */
export function sameCommandHint(argv: readonly string[]): string {
  const words = argv.filter((word) => word !== '--force').map(quoted)
  return `continue with: ${['hone', ...words].join(' ')}`
}

/** Double quotes are understood by the shells of every platform. */
const quoted = (word: string): string => (/^[\w./:=@,+%~\\-]+$/.test(word) ? word : JSON.stringify(word))
