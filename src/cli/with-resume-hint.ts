import { HoneError } from '../core/errors.ts'

/** Gives an interruption the command that goes on, where it does not name one itself. */
export async function withResumeHint<Result>(
  command: string,
  action: () => Promise<Result>,
): Promise<Result> {
  try {
    return await action()
  } catch (error) {
    if (!HoneError.isInstance(error) || error.code !== 'E_INTERRUPTED' || error.hint !== undefined)
      throw error
    throw new HoneError(error.code, error.message, {
      at: error.at,
      hint: `continue with: ${command}`,
      cause: error,
    })
  }
}
