import type { JobQueue, ListJobs } from '../../store/database/job-queue.ts'
import { NameTaken, type Resource, type ResourceStore } from '../../store/database/resource-store.ts'
import type { JsonObject } from '../../core/example.ts'
import type { ServedModel } from '../tuning/tuning-job.ts'
import { resourceId, TuningNameTaken } from '../tuning/tuning-service.ts'
import {
  importedBase,
  takenModelId,
  type ImportedModel,
  type ModelJob,
  type ModelJobKind,
  type ModelJobProgress,
  type ModelJobSpec,
} from './model-job.ts'

interface NewModelJob {
  /** Whose turn it is counted for. */
  readonly owner: string
  readonly modelName: string
  readonly dialect: JsonObject
}

export interface NewCopyJob extends NewModelJob {
  readonly model: Resource<ServedModel>
  /** The model as the client named it. */
  readonly source: string
}

export interface NewImportJob extends NewModelJob {
  readonly name: string
  /** `s3://` URI. */
  readonly source: string
}

/** Jobs that copy models or take them in from S3, and the models that come of them. */
export class ModelJobsService {
  readonly #queue: JobQueue<ModelJobSpec, ModelJobProgress>
  readonly #models: ResourceStore<ServedModel>
  readonly #imported: ResourceStore<ImportedModel>

  constructor(
    queue: JobQueue<ModelJobSpec, ModelJobProgress>,
    models: ResourceStore<ServedModel>,
    imported: ResourceStore<ImportedModel>,
  ) {
    this.#queue = queue
    this.#models = models
    this.#imported = imported
  }

  /** A job that makes a model of the same files. @throws TuningNameTaken */
  async copy({ model, source, modelName, owner, dialect }: NewCopyJob): Promise<ModelJob> {
    const [id, modelId] = [resourceId(), resourceId()]
    const { homeId } = model.document
    await claimName(
      this.#models.add({
        id: modelId,
        name: modelName,
        state: 'creating',
        parent: model.parent,
        // It has the files from now on: they stay when the model that is copied is deleted meanwhile.
        document: { ...model.document, source, dialect },
      }),
      modelName,
    )
    const spec = {
      type: 'copy',
      modelId,
      modelName,
      dialect,
      source,
      sourceName: model.name,
      homeId,
    } as const
    // The client gives it no name; by this one it is found from the model.
    return this.#add('model-copy', { id, name: modelId, owner, spec }, this.#models)
  }

  /** The job that made a model of another. */
  findCopyOf(modelId: string): Promise<ModelJob | undefined> {
    return this.#queue.findByName('model-copy', modelId)
  }

  /** A job that imports a model from S3. @throws TuningNameTaken */
  async import({ name, modelName, source, owner, dialect }: NewImportJob): Promise<ModelJob> {
    if ((await this.findByName('model-import', name)) !== undefined) throw new TuningNameTaken('job', name)
    const [id, modelId] = [resourceId(), resourceId()]
    const homeId = takenModelId({ modelId })
    await claimName(
      this.#imported.add({
        id: modelId,
        name: modelName,
        state: 'creating',
        parent: null,
        document: { homeId, jobId: id, source, architecture: null, localBase: homeId, dialect },
      }),
      modelName,
    )
    const spec = { type: 'import', modelId, modelName, dialect, source } as const
    return this.#add('model-import', { id, name, owner, spec }, this.#imported)
  }

  /** A job that makes a custom model of files in S3. @throws TuningNameTaken */
  async createModel({ modelName, source, owner, dialect }: Omit<NewImportJob, 'name'>): Promise<ModelJob> {
    const [id, modelId] = [resourceId(), resourceId()]
    const homeId = takenModelId({ modelId })
    await claimName(
      this.#models.add({
        id: modelId,
        name: modelName,
        state: 'creating',
        parent: importedBase,
        document: {
          homeId,
          jobId: null,
          profile: importedBase,
          baseIdentifier: importedBase,
          localBase: homeId,
          trainingLoss: null,
          validationLoss: null,
          dialect,
          source,
        },
      }),
      modelName,
    )
    const spec = { type: 'creation', modelId, modelName, dialect, source } as const
    return this.#add('model-creation', { id, name: id, owner, spec }, this.#models)
  }

  async find(kind: ModelJobKind, id: string): Promise<ModelJob | undefined> {
    const job = await this.#queue.find(id)
    return job?.kind === kind ? job : undefined
  }

  findByName(kind: ModelJobKind, name: string): Promise<ModelJob | undefined> {
    return this.#queue.findByName(kind, name)
  }

  list(options: ListJobs & { readonly kind: ModelJobKind }): Promise<ModelJob[]> {
    return this.#queue.list(options)
  }

  /** @param store of the model whose name was taken for it */
  async #add(
    kind: ModelJobKind,
    job: Pick<ModelJob, 'id' | 'name' | 'owner' | 'spec'>,
    store: Pick<ResourceStore<never>, 'remove'>,
  ): Promise<ModelJob> {
    try {
      await this.#queue.add({ ...job, kind, progress: { bytes: 0 } })
    } catch (error) {
      await store.remove(job.spec.modelId)
      const taken = (await this.#queue.findByName(kind, job.name)) !== undefined
      throw taken ? new TuningNameTaken('job', job.name) : error
    }
    const added = await this.#queue.find(job.id)
    if (added === undefined) throw new Error(`job ${job.id} is gone`)
    return added
  }
}

async function claimName(adding: Promise<void>, name: string): Promise<void> {
  try {
    await adding
  } catch (error) {
    throw error instanceof NameTaken ? new TuningNameTaken('model', name) : error
  }
}

/** Whether a model that is not being removed has these files in the home, be it that they were trained for it or for what it is a copy of. */
export async function hasModelWithFiles(
  models: Pick<ResourceStore<ServedModel>, 'list'>,
  homeId: string,
): Promise<boolean> {
  let after: { readonly createdAt: number; readonly id: string } | undefined
  do {
    const page = await models.list({ limit: 500, ...(after === undefined ? {} : { after }) })
    if (page.some(({ state, document }) => state !== 'removing' && document.homeId === homeId)) return true
    after = page.length < 500 ? undefined : page.at(-1)
  } while (after !== undefined)
  return false
}
