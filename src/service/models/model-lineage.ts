import { join } from 'node:path'
import { trainingJob, type TrainingJob } from '../../core/training-job.ts'
import { readJsonFile } from '../../lib/read-json-file.ts'
import type { StoredModel } from '../../store/read-model.ts'

/** What a model was made of, as its folder says. */
export interface ModelLineage {
  /** Null for a base and for what was not trained here. */
  readonly job: TrainingJob | null
  /** Of an adapter that was taken in: where from. */
  readonly imported: Extract<StoredModel, { kind: 'tuned' }>['imported']
}

/** Reads what decided a model; what cannot be read is not known. */
export async function modelLineage(model: StoredModel): Promise<ModelLineage> {
  const imported = model.kind === 'tuned' ? model.imported : null
  if (model.kind === 'base' || imported !== null) return { job: null, imported }
  const value = await readJsonFile(join(model.folder, 'job.json'), 'E_MODEL_FILE').catch(() => undefined)
  const parsed = trainingJob.safeParse(value)
  return { job: parsed.success ? parsed.data : null, imported }
}
