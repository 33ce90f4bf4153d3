import type { Atomically } from '../../store/database/atomically.ts'
import type { Resource, ResourceStore } from '../../store/database/resource-store.ts'
import type { TagStore } from '../../store/database/tag-store.ts'
import type { EndpointService } from '../serving/endpoint-service.ts'
import type { TunedCheckpoints } from '../tuning/tuned-checkpoints.ts'
import type { ServedModel } from '../tuning/tuning-job.ts'
import type { TuningService } from '../tuning/tuning-service.ts'
import { hasModelWithFiles } from './model-jobs-service.ts'

/** A model cannot be removed. */
export class ModelInUse extends Error {
  override readonly name = 'ModelInUse'
}

export interface RemoveServedModel {
  readonly models: ResourceStore<ServedModel>
  readonly endpoints: Pick<EndpointService, 'ofModel'>
  readonly tuning: Pick<TuningService, 'find'>
  readonly checkpoints: Pick<TunedCheckpoints, 'removeAll'>
  readonly tags: Pick<TagStore, 'removeOf'>
  readonly atomically: Atomically
  readonly removeModel: (homeId: string) => Promise<void>
}

/**
 * Removes a model that was tuned, copied or imported, and the models of its job's epochs. What a crash leaves is gone on with
 * by the next start, or by asking again.
 *
 * @throws ModelInUse
 */
export async function removeServedModel(
  { models, endpoints, tuning, checkpoints, tags, atomically, removeModel }: RemoveServedModel,
  model: Resource<ServedModel>,
): Promise<void> {
  const used = await endpoints.ofModel(model.id)
  if (used.length > 0) {
    const names = used.map(({ name }) => name).join(', ')
    throw new ModelInUse(`${model.name} is in use by ${names}`)
  }
  // Out of sight before the files go.
  await atomically(async () => {
    await models.change(model.id, { state: 'removing' })
    await tags.removeOf(model.id)
  })
  const { homeId, jobId } = model.document
  // A copy, or what it was copied from, goes on answering from the same files.
  if (!(await hasModelWithFiles(models, homeId))) await removeModel(homeId)
  // Epochs belong to what the job made, not to its copies.
  const job = jobId === null ? undefined : await tuning.find(jobId)
  if (job?.spec.modelId === model.id) await checkpoints.removeAll(job.id)
  await models.remove(model.id)
}
