import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { HoneError } from '../../core/errors.ts'
import type { TunedModel } from '../../core/tuner.ts'
import { modelFolder } from '../../lib/home-layout.ts'
import { atomically, type Atomically } from '../../store/database/atomically.ts'
import { JobQueue } from '../../store/database/job-queue.ts'
import { openDatabase } from '../../store/database/open-database.ts'
import { ResourceStore } from '../../store/database/resource-store.ts'
import type { Database } from '../../store/database/tables.ts'
import { FileObjectStore } from '../../store/objects/file-object-store.ts'
import type { TrainServiceOptions } from '../train/train-service.ts'
import { TuningService } from './tuning-service.ts'
import {
  homeModelId,
  type ServedModel,
  type TuningJob,
  type TuningProgress,
  type TuningSpec,
} from './tuning-job.ts'
import { runTuningWorker } from './tuning-worker.ts'

let home: string
let database: Database
let queue: JobQueue<TuningSpec, TuningProgress>
let models: ResourceStore<ServedModel>
let job: TuningJob
const together: Atomically = (action) => atomically(database, action)

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'hone-tuning-'))
  database = await openDatabase({ location: join(home, 'hone.db') })
  queue = new JobQueue(database)
  models = new ResourceStore(database, 'model')
  job = await new TuningService(queue, models, together).create({
    name: 'job',
    owner: 'me',
    modelName: 'model',
    profile: 'p',
    baseIdentifier: 'b',
    localBase: 'tiny',
    parent: null,
    training: 's3://data/train.jsonl',
    validation: [],
    output: 's3://data/out',
    hyperparameters: {},
    overrides: {},
    dialect: {},
  })
  const folder = modelFolder(home, homeModelId(job.spec))
  await mkdir(folder, { recursive: true })
  // Its training has begun.
  await writeFile(join(folder, 'job.json'), '{}')
  await writeFile(join(folder, 'manifest.json'), '{"metrics":{"lastLoss":1,"bestValidationLoss":null}}')
  await writeFile(join(folder, 'step_wise_training_metrics.csv'), 'step_number\n1\n')
})
afterEach(async () => {
  await database.destroy()
  await rm(home, { recursive: true, force: true })
})

const unused = (): Promise<never> => Promise.reject(new Error('not here'))

/** Runs the job to its end; each training dies after the step that its entry names, and goes on to the end after the last. */
async function run(deaths: readonly number[]): Promise<{ job: TuningJob | undefined; trainings: number }> {
  const objects = new FileObjectStore(join(home, 's3'))
  await objects.createBucket('data')
  let trainings = 0
  const resume = (folder: string, { onEvent }: TrainServiceOptions = {}): Promise<TunedModel> => {
    const step = deaths[trainings++]
    if (step === undefined) return Promise.resolve({ id: 'm', folder, bestStep: 1, steps: 1 })
    const rest = {
      epoch: 1,
      steps: 9,
      loss: 1,
      learningRate: 1,
      gradientNorm: 1,
      tokensPerSecond: 1,
      secondsLeft: 1,
    }
    onEvent?.({ type: 'step', step, ...rest } as Parameters<typeof onEvent>[0])
    return Promise.reject(new HoneError('E_WORKER', 'the worker process was ended by SIGKILL'))
  }
  const over = new AbortController()
  const working = runTuningWorker(
    {
      home,
      objects,
      models,
      queue,
      atomically: together,
      name: 'w',
      now: Date.now,
      train: { plan: unused, train: unused, resume },
      removeModel: () => Promise.resolve(),
      checkData: () => Promise.resolve(),
      pollEvery: 5,
      renewEvery: 1000,
      onFailure: () => undefined,
    },
    over.signal,
  )
  await expect
    .poll(async () => (await queue.find(job.id))?.endedAt ?? null, { timeout: 10_000 })
    .not.toBeNull()
  over.abort(new Error('done'))
  await working
  return { job: await queue.find(job.id), trainings }
}

test('a training whose process is killed goes on, as often as it comes further', async () => {
  const done = await run([1, 2, 3, 4, 5, 6])
  expect(done).toMatchObject({ trainings: 7, job: { state: 'succeeded', attempts: 1 } })
  expect(await models.find(job.spec.modelId)).toMatchObject({ state: 'active' })
})

test('one that dies at the same step again and again fails its job', async () => {
  const done = await run([1, 2, 2, 2, 2])
  expect(done).toMatchObject({ trainings: 4, job: { state: 'failed', failure: { code: 'E_WORKER' } } })
  // The name of its model is free again.
  expect(await models.find(job.spec.modelId)).toBeUndefined()
})
