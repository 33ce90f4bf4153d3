import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { huggingFaceFolder } from '../../engine/weights/testing/hugging-face-folder.ts'
import { atomically } from '../../store/database/atomically.ts'
import { JobQueue } from '../../store/database/job-queue.ts'
import { openDatabase } from '../../store/database/open-database.ts'
import { ResourceStore } from '../../store/database/resource-store.ts'
import type { Database } from '../../store/database/tables.ts'
import { FileObjectStore } from '../../store/objects/file-object-store.ts'
import { createModelsService } from '../models/models-service.ts'
import type { ServedModel } from '../tuning/tuning-job.ts'
import { modelJobKinds, type ImportedModel, type ModelJobProgress, type ModelJobSpec } from './model-job.ts'
import { runModelJobWorker } from './model-job-worker.ts'
import { ModelJobsService } from './model-jobs-service.ts'

let home: string
let database: Database
let queue: JobQueue<ModelJobSpec, ModelJobProgress>
let models: ResourceStore<ServedModel>
let imported: ResourceStore<ImportedModel>
let jobs: ModelJobsService
let objects: FileObjectStore
let clock = 1_000_000
const now = (): number => clock

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'hone-jobs-'))
  database = await openDatabase({ location: join(home, 'hone.db') })
  queue = new JobQueue(database, { now, lease: 1000 })
  models = new ResourceStore(database, 'model', now)
  imported = new ResourceStore(database, 'imported-model', now)
  jobs = new ModelJobsService(queue, models, imported)
  objects = new FileObjectStore(join(home, 's3'))
  await objects.createBucket('models')
  const folder = await huggingFaceFolder(false)
  for (const name of readdirSync(folder)) {
    async function* bytes(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(readFileSync(join(folder, name)))
    }
    await objects.put('models', `tiny/${name}`, bytes())
  }
})
afterEach(() => database.destroy())

const isOver = async (id: string): Promise<boolean> => (await queue.find(id))?.endedAt != null

/** Runs a worker until the job has ended, or something else is true. */
async function work(
  id: string,
  {
    until = () => isOver(id),
    afterImport,
  }: { until?: () => Promise<boolean>; afterImport?: () => Promise<void> } = {},
): Promise<void> {
  const stop = new AbortController()
  const service = createModelsService({ home })
  const running = runModelJobWorker(
    {
      name: 'alive',
      home,
      queue,
      objects,
      models,
      imported,
      adapterBase: 'tiny',
      pollEvery: 5,
      renewEvery: 100,
      atomically: (action) => atomically(database, action),
      async importModel(asked, options) {
        const model = await service.import(asked, options)
        await afterImport?.()
        return model
      },
      removeModel: async (homeId) => {
        await service.remove(homeId, { force: true }).catch(() => undefined)
      },
      onFailure: () => undefined,
    },
    stop.signal,
  )
  while (!(await until())) await new Promise((resolve) => setTimeout(resolve, 20))
  stop.abort(new Error('done'))
  await running
}

const request = { owner: 'me', modelName: 'taken', source: 's3://models/tiny', dialect: {} }

test('what a worker that died has left does not hinder the next one', async () => {
  const { id, spec } = await jobs.import({ ...request, name: 'job' })
  expect((await queue.claim('dead', modelJobKinds))?.id).toBe(id)
  // It had fetched a part, and had begun to take it in.
  mkdirSync(join(home, 'jobs', id), { recursive: true })
  writeFileSync(join(home, 'jobs', id, 'model.safetensors'), 'half')
  mkdirSync(join(home, 'models', `imported-${spec.modelId}`), { recursive: true })
  writeFileSync(join(home, 'models', `imported-${spec.modelId}`, 'config.json'), '{')
  clock += 2000
  await work(id)
  expect(await queue.find(id)).toMatchObject({ state: 'succeeded', failure: null, attempts: 2 })
  expect(await imported.find(spec.modelId)).toMatchObject({
    state: 'active',
    document: { architecture: 'llama' },
  })
  expect(readdirSync(join(home, 'jobs'))).toEqual([])
  expect(readdirSync(join(home, 'models')).filter((name) => !name.startsWith('.'))).toEqual([
    `imported-${spec.modelId}`,
  ])
}, 60_000)

test('a job that was done but not noted as done is done again to the same end', async () => {
  const { id, spec } = await jobs.createModel(request)
  await work(id)
  await database.updateTable('jobs').set({ state: 'queued', ended_at: null }).where('id', '=', id).execute()
  await work(id)
  expect(await queue.find(id)).toMatchObject({ state: 'succeeded', attempts: 2 })
  expect(await models.find(spec.modelId)).toMatchObject({
    state: 'active',
    document: { baseIdentifier: 'imported', localBase: `imported-${spec.modelId}` },
  })
}, 60_000)

test('a worker that lost the job makes no model of it', async () => {
  const { id, spec } = await jobs.import({ ...request, name: 'job' })
  let isLost = false
  await work(id, {
    until: () => Promise.resolve(isLost),
    async afterImport() {
      clock += 2000
      expect((await queue.claim('other', modelJobKinds))?.id).toBe(id)
      isLost = true
    },
  })
  expect(await queue.find(id)).toMatchObject({ state: 'running', endedAt: null })
  expect(await imported.find(spec.modelId)).toMatchObject({ state: 'creating' })
  clock += 2000
  await work(id)
  expect(await imported.find(spec.modelId)).toMatchObject({ state: 'active' })
}, 60_000)

test('a copy of a model whose files are gone fails, and its name is free', async () => {
  const original = await jobs.createModel(request)
  await work(original.id)
  const model = await models.find(original.spec.modelId)
  if (model === undefined) throw new Error('there is no model')
  await createModelsService({ home }).remove(model.document.homeId, { force: true })
  const copy = { model, source: 'arn', owner: 'me', modelName: 'copy', dialect: {} }
  const { id } = await jobs.copy(copy)
  await expect(jobs.copy(copy)).rejects.toMatchObject({ name: 'TuningNameTaken', what: 'model' })
  await work(id)
  expect(await queue.find(id)).toMatchObject({ state: 'failed', failure: { code: 'E_MODEL_FILE' } })
  expect(await models.findByName('copy')).toBeUndefined()
}, 60_000)
