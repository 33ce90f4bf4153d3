import { basename } from 'node:path'
import { HoneError } from '../../core/errors.ts'
import { readStoredModel, type StoredModel } from '../../store/read-model.ts'

/**
 * The base or tuned model in a folder.
 *
 * @throws HoneError `E_MODEL_FILE` for one that cannot be read, `E_MODEL_UNKNOWN` for a training run under way
 */
export async function readUsableModel(
  folder: string,
): Promise<Extract<StoredModel, { kind: 'base' | 'tuned' }>> {
  const stored = await readStoredModel(folder, basename(folder))
  if (stored.kind === 'broken') {
    throw new HoneError('E_MODEL_FILE', stored.problem, {
      at: { file: folder },
      hint: `remove it and make it again: hone models remove ${stored.id}`,
    })
  }
  if (stored.kind === 'unfinished') {
    throw new HoneError('E_MODEL_UNKNOWN', `the training of ${stored.id} has not come to its end`, {
      at: { file: folder },
      hint: `go on with: hone train --resume ${stored.id}`,
    })
  }
  return stored
}
