import { join } from 'node:path'
import { HoneError } from '../../core/errors.ts'
import type { TrainingStart } from '../../core/training-job.ts'
import { manifestFile } from '../../engine/train/job-files.ts'
import { adapterHash } from '../../engine/train/starting-adapter.ts'
import { readBaseFolder } from '../../engine/weights/base-folder.ts'
import { readJsonFile } from '../../lib/read-json-file.ts'
import { readModelFolders } from '../../store/read-model.ts'
import { findModelFolder } from '../models/find-model.ts'

/** The adapter that a job continues. */
export interface DraftStart extends TrainingStart {
  readonly adapterFolder: string
}

/** A tuned model that is to be trained on. */
export interface ContinuedModel {
  /** Folder of its base. */
  readonly base: string
  readonly baseWeights: string
  readonly start: DraftStart
}

/**
 * Finds a tuned model and its base.
 *
 * @throws HoneError `E_MODEL_UNKNOWN`, `E_MODEL_FILE`; `E_CONFIG` for a base
 */
export async function readContinuedModel(home: string, reference: string): Promise<ContinuedModel> {
  const folder = await findModelFolder(home, reference)
  const { base, adapter } = await readModelFolders(home, folder)
  if (adapter === undefined) {
    throw new HoneError('E_CONFIG', `${reference} is a base: it has no adapter to go on with`, {
      at: { file: folder },
      hint: `start from it with --base ${reference}`,
    })
  }
  const manifest = (await readJsonFile(join(folder, manifestFile), 'E_MODEL_FILE')) as {
    id: string
    base: { weights?: string }
  }
  return {
    base,
    baseWeights: manifest.base.weights ?? (await readBaseFolder(base)).weightsKey,
    start: { model: manifest.id, folder, weights: await adapterHash(adapter), adapterFolder: adapter },
  }
}
