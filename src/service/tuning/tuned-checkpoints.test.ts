import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { emptyAdapter, type Adapter } from '../../engine/adapter/adapter.ts'
import { listEpochAdapters, writeEpochAdapter } from '../../engine/train/epoch-adapters.ts'
import { writeJob } from '../../engine/train/job-files.ts'
import { modelFolder, modelsFolder } from '../../lib/home-layout.ts'
import { openDatabase } from '../../store/database/open-database.ts'
import { ResourceStore } from '../../store/database/resource-store.ts'
import type { Database } from '../../store/database/tables.ts'
import { readStoredModel } from '../../store/read-model.ts'
import { TunedCheckpoints } from './tuned-checkpoints.ts'
import { homeModelId, type TuningSpec } from './tuning-job.ts'

let home: string
let database: Database
let checkpoints: TunedCheckpoints
const job = { id: 'thejob', spec: { modelId: 'abc', localBase: 'tiny' } as TuningSpec }
const adapter: Adapter = emptyAdapter([{ name: 'q.lora_A.weight', shape: [1, 2] }], {
  rank: 1,
  alpha: 1,
  targetModules: ['q_proj'],
})

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'hone-checkpoints-'))
  database = await openDatabase({ location: join(home, 'hone.db') })
  checkpoints = new TunedCheckpoints({
    home,
    store: new ResourceStore(database, 'checkpoint'),
    removeModel: (id) => rm(modelFolder(home, id), { recursive: true }),
  })
})
afterEach(async () => {
  await database.destroy()
  await rm(home, { recursive: true, force: true })
})

const jobFolder = (): string => modelFolder(home, homeModelId(job.spec))
const epoch = (number: number, kept = 3): Promise<void> =>
  writeEpochAdapter(
    jobFolder(),
    adapter,
    { step: 5 * number, epoch: number, loss: 1 / number, validationLoss: null },
    { base: 'tiny', dropout: 0, kept },
  )

async function begin(): Promise<void> {
  await epoch(1)
  await writeJob(jobFolder(), {
    schema: 1,
    kind: 'training-job',
    id: homeModelId(job.spec),
    base: { id: 'tiny', folder: modelFolder(home, 'tiny'), weights: 'w' },
    settings: {
      method: 'sft',
      preference: null,
      answers: 'all',
      rank: 1,
      alpha: 1,
      scaling: 'standard',
      targets: ['q_proj'],
      layers: 'all',
      dropout: 0,
      epochs: 9,
      maxSteps: null,
      batchSize: 1,
      accumulate: 1,
      learningRate: 1,
      schedule: 'cosine',
      warmup: 0,
      weightDecay: 0,
      beta1: 0,
      beta2: 0,
      epsilon: 0,
      clip: 0,
      seed: 1,
      validationEvery: 1,
      checkpointEvery: 1,
      earlyStopping: null,
      gradientCheckpointing: 'none',
      activationCache: false,
    },
    steps: 45,
    data: { training: { file: 'data/train.jsonl', examples: 5, sha256: 'x' }, validation: null },
    template: { sha256: 't', defaultSystemPrompt: null },
    systemPrompt: null,
    keepEpochs: 3,
    start: null,
    environment: { hone: '0', node: '0', runtime: '0', platform: 'p', cpu: 'c', threads: 1 },
    createdAt: new Date(0).toISOString(),
  })
}

test('the models of the last three epochs stay, each once', async () => {
  await begin()
  expect(await checkpoints.publish(job)).toMatchObject([{ step: 5, epoch: 1, loss: 1 }])
  expect(await checkpoints.publish(job)).toEqual([])
  for (const number of [2, 3, 4]) await epoch(number)
  expect((await listEpochAdapters(jobFolder())).map(({ step }) => step)).toEqual([10, 15, 20])
  expect((await checkpoints.publish(job)).map(({ step }) => step)).toEqual([10, 15, 20])
  expect((await checkpoints.list(job.id)).map(({ document }) => document.step)).toEqual([20, 15, 10])
  expect(await checkpoints.find(job.id, 5)).toBeUndefined()
  const found = await checkpoints.find(job.id, 15)
  const homeId = found?.document.homeId ?? ''
  expect(await readStoredModel(modelFolder(home, homeId), homeId)).toMatchObject({
    kind: 'tuned',
    id: homeId,
    base: 'tiny',
    steps: 15,
    bestStep: 15,
  })
  // They outlive the folder of their job.
  await rm(jobFolder(), { recursive: true })
  expect(await checkpoints.publish(job)).toEqual([])
  expect(await checkpoints.list(job.id)).toHaveLength(3)
  await checkpoints.removeAll(job.id)
  expect(await readdir(modelsFolder(home))).toEqual([])
})

test('an epoch whose adapter is removed while its model is made is passed over', async () => {
  await begin()
  await epoch(2)
  const [first] = await listEpochAdapters(jobFolder())
  await rm(join(first?.folder ?? '', 'adapter_model.safetensors'))
  expect((await checkpoints.publish(job)).map(({ step }) => step)).toEqual([10])
  expect((await readdir(modelsFolder(home))).toSorted()).toEqual(['custom-abc', 'custom-abc-step-10'])
})
