import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { HoneError } from '../../core/errors.ts'
import type { TunedModel } from '../../core/tuner.ts'
import { modelFolder } from '../../lib/home-layout.ts'
import { atomically, type Atomically } from '../../store/database/atomically.ts'
import { JobEvents } from '../../store/database/job-events.ts'
import { JobQueue } from '../../store/database/job-queue.ts'
import { openDatabase } from '../../store/database/open-database.ts'
import { ResourceStore } from '../../store/database/resource-store.ts'
import type { Database } from '../../store/database/tables.ts'
import { FileObjectStore } from '../../store/objects/file-object-store.ts'
import { FileService, type FileDocument } from '../files/file-service.ts'
import { TunedCheckpoints, type CheckpointDocument } from './tuned-checkpoints.ts'
import type { TrainService, TrainServiceOptions } from '../train/train-service.ts'
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
let events: JobEvents
let tuning: TuningService
let removed: string[]
const together: Atomically = (action) => atomically(database, action)

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'hone-tuning-'))
  database = await openDatabase({ location: join(home, 'hone.db') })
  queue = new JobQueue(database)
  models = new ResourceStore(database, 'model')
  events = new JobEvents(database)
  removed = []
  tuning = new TuningService(queue, models, events, together, async (id) => void removed.push(id))
  job = await tuning.create({
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
  await work(resume, async () => (await queue.find(job.id))?.endedAt ?? null)
  return { job: await queue.find(job.id), trainings }
}

/** Works until what is asked is there. */
async function work(resume: TrainService['resume'], until: () => Promise<unknown>): Promise<void> {
  const objects = new FileObjectStore(join(home, 's3'))
  await objects.createBucket('data')
  const over = new AbortController()
  const working = runTuningWorker(
    {
      home,
      objects,
      models,
      queue,
      atomically: together,
      events,
      files: new FileService({
        objects,
        store: new ResourceStore<FileDocument>(database, 'file'),
        makeBucket: () => objects.createBucket('hone-files'),
        now: Date.now,
      }),
      checkpoints: new TunedCheckpoints({
        home,
        store: new ResourceStore<CheckpointDocument>(database, 'checkpoint'),
        removeModel: () => Promise.resolve(),
      }),
      name: 'w',
      now: Date.now,
      train: { plan: unused, train: unused, resume },
      removeModel: () => Promise.resolve(),
      checkData: () => Promise.resolve(),
      pollEvery: 5,
      renewEvery: 5,
      onFailure: () => undefined,
    },
    over.signal,
  )
  await expect.poll(until, { timeout: 10_000 }).not.toBeNull()
  over.abort(new Error('done'))
  await working
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

const told = async (): Promise<string[]> =>
  (await events.list(job.id, { limit: 100, ascending: true })).map(({ type }) => type)

/** A training that goes on until it is told to stop. */
const endless: TrainService['resume'] = (_, { signal } = {}) =>
  new Promise((_resolve, reject) => {
    const stop = (): void => reject(new HoneError('E_INTERRUPTED', 'the checkpoint is saved'))
    if (signal?.aborted === true) stop()
    signal?.addEventListener('abort', stop, { once: true })
  })

test('a job that is paused while it trains waits with what it has, and goes on', async () => {
  let paused: TuningJob | undefined
  let isTraining = false
  const training: TrainService['resume'] = (...asked) => {
    isTraining = true
    return endless(...asked)
  }
  await work(training, async () => {
    const found = await queue.find(job.id)
    if (isTraining && found?.pauseRequested === false) paused = await tuning.pause(job.id)
    return found?.state === 'paused' ? found : null
  })
  expect(paused).toMatchObject({ state: 'running', pauseRequested: true, endedAt: null })
  expect(await queue.find(job.id)).toMatchObject({ state: 'paused', endedAt: null, failure: null })
  // Nobody takes it up, and its model stays.
  expect(await queue.claim('other', ['tuning'])).toBeUndefined()
  expect(await models.find(job.spec.modelId)).toMatchObject({ state: 'creating' })
  expect(await tuning.resume(job.id)).toMatchObject({ state: 'queued', pauseRequested: false })
  expect((await run([])).job).toMatchObject({ state: 'succeeded', attempts: 2 })
  expect(await told()).toEqual(['created', 'started', 'paused', 'resumed', 'succeeded'])
})

test('a paused job that is stopped leaves nothing in the home', async () => {
  expect(await tuning.pause(job.id)).toMatchObject({ state: 'paused' })
  expect(await tuning.stop(job.id)).toMatchObject({ state: 'stopped' })
  expect(removed).toEqual([homeModelId(job.spec)])
  expect(await models.find(job.spec.modelId)).toBeUndefined()
  expect(await tuning.resume(job.id)).toMatchObject({ state: 'stopped' })
  expect(await told()).toEqual(['created', 'paused', 'stopped'])
})

test('a pause that is taken back before the step ends changes nothing', async () => {
  const claimed = await queue.claim('w', ['tuning'])
  expect(claimed?.id).toBe(job.id)
  await tuning.pause(job.id)
  expect(await tuning.resume(job.id)).toMatchObject({ state: 'running', pauseRequested: false })
  expect(await queue.renew(job.id, 'w')).toEqual({ stop: false, pause: false })
})

test('steps that are told again after a death are kept once', async () => {
  await run([1, 1, 2])
  const steps = (await events.list(job.id, { limit: 100, ascending: true })).filter(
    ({ type }) => type === 'metrics',
  )
  expect(steps.map(({ data }) => data['step'])).toEqual([1, 2])
})
