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
  'name' | 'queue' | 'pollEvery' | 'renewEvery' | 'atomically' | 'onFailure'
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
  const { home, removeModel } = options
  return runJobWorker<ModelJobSpec, ModelJobProgress>(
    {
      ...options,
      kinds: modelJobKinds,
      async run({ id, spec, progress }, follow) {
        if (spec.type !== 'copy') return take(id, spec, options, follow)
        // The files are the same; what is copied must still be whole.
        await readUsableModel(modelFolder(home, spec.homeId))
        return progress
      },
      async abandon({ spec }, { progress }) {
        if (spec.type !== 'copy') await removeModel(takenModelId(spec))
        return progress
      },
      async settle({ spec }, end) {
        if (end.state === 'succeeded') await activate(spec, end.progress, options)
        else await giveUp(spec, end.failure?.message ?? 'stopped', options)
      },
    },
    signal,
  )
}

type Resources = Pick<ModelJobWorkerOptions, 'models' | 'imported'>

/** The model that was waited for can be used. */
async function activate(
  { type, modelId }: ModelJobSpec,
  { taken }: ModelJobProgress,
  { models, imported }: Resources,
): Promise<void> {
  if (type === 'import') {
    const model = await imported.find(modelId)
    if (model === undefined) return
    await imported.change(modelId, { state: 'active', document: { ...model.document, ...taken } })
    return
  }
  const model = await models.find(modelId)
  if (model === undefined) return
  const localBase = taken?.localBase ?? model.document.localBase
  await models.change(modelId, { state: 'active', document: { ...model.document, localBase } })
}

/** The model that was waited for will not come. */
async function giveUp(
  { type, modelId }: ModelJobSpec,
  failure: string,
  { models, imported }: Resources,
): Promise<void> {
  if (type === 'copy') await models.remove(modelId)
  else if (type === 'import') await imported.remove(modelId)
  else {
    // There is no job that its client could ask: the model says why it failed.
    const model = await models.find(modelId)
    if (model === undefined) return
    await models.change(modelId, { state: 'failed', document: { ...model.document, failure } })
  }
}

/** Fetches a model's files and takes them into the home, in place of what an attempt that died has left. */
async function take(
  jobId: string,
  spec: TakeSpec,
  { home, objects, importModel, adapterBase }: ModelJobWorkerOptions,
  { signal, onProgress }: FollowJob<ModelJobProgress>,
): Promise<ModelJobProgress> {
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
    const taken = {
      localBase: model.kind === 'tuned' ? model.base : model.id,
      architecture: model.kind === 'base' ? model.architecture : null,
    }
    return { bytes: fetched, taken }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
