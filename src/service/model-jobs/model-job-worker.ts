import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isAdapterFolder } from '../../engine/adapter/import-adapter.ts'
import { modelFolder } from '../../lib/home-layout.ts'
import type { ResourceStore } from '../../store/database/resource-store.ts'
import type { ObjectStore } from '../../store/objects/object-store.ts'
import { runJobWorker, type FollowJob, type JobWorkerOptions } from '../jobs/job-worker.ts'
import type { ModelsService } from '../models/models-service.ts'
import { readUsableModel } from '../models/read-usable-model.ts'
import type { ServedModel } from '../tuning/tuning-job.ts'
import { fetchModelFiles } from './fetch-model-files.ts'
import {
  modelJobKinds,
  takenModelId,
  type ImportedModel,
  type ModelJobProgress,
  type ModelJobSpec,
  type TakeSpec,
} from './model-job.ts'

export interface ModelJobWorkerOptions extends Pick<
  JobWorkerOptions<ModelJobSpec, ModelJobProgress>,
  'name' | 'queue' | 'pollEvery' | 'renewEvery' | 'onFailure'
> {
  readonly home: string
  readonly objects: ObjectStore
  readonly models: ResourceStore<ServedModel>
  readonly imported: ResourceStore<ImportedModel>
  readonly importModel: ModelsService['import']
  /** Base in the home that adapters are taken to belong to. */
  readonly adapterBase: string
  readonly removeModel: (homeId: string) => Promise<void>
}

/** Takes jobs that copy models or take them in; they do not wait for those that train. */
export async function runModelJobWorker(options: ModelJobWorkerOptions, signal: AbortSignal): Promise<void> {
  const { home, models, imported, removeModel } = options
  return runJobWorker<ModelJobSpec, ModelJobProgress>(
    {
      ...options,
      kinds: modelJobKinds,
      async run({ id, spec, progress }, follow) {
        const { modelId } = spec
        if (spec.type === 'copy') {
          // The files are the same; what is copied must still be whole.
          await readUsableModel(modelFolder(home, spec.homeId))
          await models.change(modelId, { state: 'active' })
          return progress
        }
        const { localBase, architecture, bytes } = await take(id, spec, options, follow)
        if (spec.type === 'import') {
          const model = await imported.find(modelId)
          if (model !== undefined) {
            const document = { ...model.document, localBase, architecture }
            await imported.change(modelId, { state: 'active', document })
          }
        } else {
          const model = await models.find(modelId)
          if (model !== undefined) {
            await models.change(modelId, { state: 'active', document: { ...model.document, localBase } })
          }
        }
        return { bytes }
      },
      async abandon({ spec }, ended) {
        const { modelId } = spec
        if (spec.type === 'copy') await models.remove(modelId)
        else await removeModel(takenModelId(spec))
        if (spec.type === 'import') await imported.remove(modelId)
        // There is no job that its client could ask: the model says why it failed.
        const model = spec.type === 'creation' ? await models.find(modelId) : undefined
        if (model !== undefined) {
          const failure = ended.state === 'failed' ? ended.failure.message : 'stopped'
          await models.change(modelId, { state: 'failed', document: { ...model.document, failure } })
        }
        return ended.progress
      },
    },
    signal,
  )
}

interface Taken {
  readonly localBase: string
  readonly architecture: string | null
  readonly bytes: number
}

/** Fetches a model's files and takes them into the home, in place of what an attempt that died has left. */
async function take(
  jobId: string,
  spec: TakeSpec,
  { home, objects, importModel, adapterBase }: ModelJobWorkerOptions,
  { signal, onProgress }: FollowJob<ModelJobProgress>,
): Promise<Taken> {
  const folder = join(home, 'jobs', jobId)
  await rm(folder, { recursive: true, force: true })
  try {
    let fetched = 0
    const path = await fetchModelFiles(objects, spec.source, folder, {
      signal,
      onBytes: (bytes) => {
        fetched = bytes
        onProgress({ bytes })
      },
    })
    const { model } = await importModel(
      {
        path,
        id: takenModelId(spec),
        force: true,
        ...((await isAdapterFolder(path)) ? { base: adapterBase } : {}),
      },
      { signal },
    )
    const localBase = model.kind === 'tuned' ? model.base : model.id
    return { localBase, architecture: model.kind === 'base' ? model.architecture : null, bytes: fetched }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
