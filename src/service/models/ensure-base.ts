import { HoneError } from '../../core/errors.ts'
import { catalogue } from '../../engine/weights/catalogue.ts'
import type { OnModelEvent } from '../../engine/weights/model-events.ts'
import { pullModel, type PullModelOptions } from '../../engine/weights/pull-model.ts'
import { findModelFolder } from './find-model.ts'

export interface EnsureBaseOptions {
  readonly home: string
  readonly signal?: AbortSignal | undefined
  readonly onEvent?: OnModelEvent | undefined
  /** How a missing base is pulled; a test hands in its own catalogue. */
  readonly pull?: Partial<PullModelOptions> | undefined
}

/**
 * The folder of a base: one that is here, or one that is pulled because its name is in the catalogue or on a hub.
 *
 * @throws HoneError `E_MODEL_UNKNOWN`, and those of `pullModel`
 */
export async function ensureBase(reference: string, options: EnsureBaseOptions): Promise<string> {
  try {
    return await findModelFolder(options.home, reference)
  } catch (error) {
    const known = options.pull?.catalogue ?? catalogue
    const canPull = reference.startsWith('hf:') || known.some(({ id }) => id === reference)
    if (!canPull || !HoneError.isInstance(error)) throw error
  }
  const { home, signal, onEvent, pull } = options
  return (await pullModel(reference, { home, signal, onEvent, ...pull })).folder
}
