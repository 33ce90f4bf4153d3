import { getEventListeners } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Example } from '../../core/example.ts'
import type { TrainingEvent } from '../../core/training-event.ts'
import type { TrainingJob } from '../../core/training-job.ts'
import type { TrainingSettings } from '../../core/training-settings.ts'
import { readAdapter } from '../../engine/adapter/adapter-files.ts'
import { openBaseModel } from '../../engine/base-model.ts'
import { currentEnvironment } from '../../engine/environment.ts'
import { writeJob, writeJobData } from '../../engine/train/job-files.ts'
import { temporaryFolder } from '../../engine/weights/testing/temporary-folder.ts'
import { createLocalTuner } from './local-tuner.ts'
import { scriptedWorker } from './testing/scripted-worker.ts'
import { builtWorker, tinyBase, type TinyBase } from './testing/tiny-base.ts'

const examples = ['red', 'blue', 'green', 'grey', 'pink'].map((content, index): Example => ({
  id: `example ${index}`,
  messages: [
    { role: 'user', content },
    { role: 'assistant', content: content.slice(0, 2) },
  ],
}))

/** A job of forty steps over four examples, one held back. */
async function newJob(
  { folder, cacheFolder }: TinyBase,
  more: Partial<TrainingSettings> = {},
): Promise<string> {
  const base = await openBaseModel(folder, { cacheFolder })
  const jobFolder = temporaryFolder()
  const job: TrainingJob = {
    schema: 1,
    kind: 'training-job',
    id: 'tiny-1',
    base: { id: 'tiny', folder, weights: base.weightsKey },
    settings: {
      rank: 2,
      alpha: 4,
      targets: ['q_proj', 'down_proj'],
      layers: 'all',
      epochs: 20,
      maxSteps: null,
      batchSize: 2,
      accumulate: 1,
      learningRate: 0.01,
      schedule: 'cosine',
      warmup: 1,
      weightDecay: 0,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      clip: 1,
      seed: 7,
      validationEvery: 10,
      checkpointEvery: 5,
      earlyStopping: null,
      method: 'sft',
      preference: null,
      answers: 'all',
      scaling: 'standard',
      dropout: 0,
      gradientCheckpointing: 'none',
      activationCache: false,
      ...more,
    },
    steps: 40,
    start: null,
    data: {
      training: await writeJobData(jobFolder, 'training', examples.slice(0, 4)),
      validation: await writeJobData(jobFolder, 'validation', examples.slice(4)),
    },
    template: { sha256: base.text.template.hash, defaultSystemPrompt: null },
    systemPrompt: null,
    environment: currentEnvironment(1),
    createdAt: '2026-01-01T00:00:00.000Z',
  }
  await writeJob(jobFolder, job)
  return jobFolder
}

const adapterOf = (jobFolder: string): string =>
  readFileSync(join(jobFolder, 'adapter', 'adapter_model.safetensors')).toString('hex')

const computed = (events: readonly TrainingEvent[]): TrainingEvent[] =>
  events.filter(({ type }) => type === 'activations')

describe('a job', () => {
  test('ends with a model; stopped on the way and taken up it is the same one, bit for bit', async () => {
    const base = await tinyBase()
    const tuner = createLocalTuner(builtWorker('train'), { cacheFolder: base.cacheFolder, threads: 1 })
    const whole = await newJob(base)
    const events: TrainingEvent[] = []
    const model = await tuner.train(whole, { onEvent: (event) => events.push(event) })
    expect(model).toMatchObject({ id: 'tiny-1', folder: whole, steps: 40 })
    expect(events.filter(({ type }) => type === 'step')).toHaveLength(40)
    const losses = events.filter((event) => event.type === 'step').map(({ loss }) => loss)
    expect(losses.at(-1)).toBeLessThan(losses[0]!)
    expect(JSON.parse(readFileSync(join(whole, 'manifest.json'), 'utf8'))).toMatchObject({
      kind: 'tuned',
      stepsDone: 40,
      bestStep: model.bestStep,
    })
    const { architecture, config } = await openBaseModel(base.folder, base)
    expect((await readAdapter(join(whole, 'adapter'), architecture, config)).tensors.size).toBe(2 * 2 * 2)

    const stopped = await newJob(base)
    const controller = new AbortController()
    const training = tuner.train(stopped, {
      signal: controller.signal,
      onEvent: (event) => {
        if (event.type === 'step' && event.step === 2) controller.abort()
      },
    })
    await expect(training).rejects.toMatchObject({ code: 'E_INTERRUPTED' })
    expect(existsSync(join(stopped, 'manifest.json'))).toBe(false)
    // As a process leaves it that is killed while it writes its last files.
    const half = [
      join('adapter', 'adapter_model.safetensors.0a1b2c3d.tmp'),
      join('adapter-last', 'adapter_config.json.0a1b2c3d.tmp'),
      join('epochs', 'step-000030', 'epoch.json.0a1b2c3d.tmp'),
      'activations.fp32.0a1b2c3d.tmp',
      'row_losses.jsonl.0a1b2c3d.tmp',
      'manifest.json.0a1b2c3d.tmp',
    ]
    for (const path of half) {
      mkdirSync(dirname(join(stopped, path)), { recursive: true })
      writeFileSync(join(stopped, path), '{')
    }
    const later: TrainingEvent[] = []
    await tuner.train(stopped, { onEvent: (event) => later.push(event) })
    expect(later[0]?.type).toBe('resumed')
    expect(adapterOf(stopped)).toBe(adapterOf(whole))
    const left = readdirSync(stopped, { recursive: true, encoding: 'utf8' })
    expect(left.filter((path) => path.endsWith('.tmp'))).toEqual([])
    expect(left).toContain(join('adapter-last', 'adapter_config.json'))
  })

  test('of the top layers computes those below once, and goes on with them to the same bits', async () => {
    const base = await tinyBase()
    const tuner = createLocalTuner(builtWorker('train'), { cacheFolder: base.cacheFolder, threads: 1 })
    const settings = { layers: 1, activationCache: true }
    const whole = await newJob(base, settings)
    const events: TrainingEvent[] = []
    await tuner.train(whole, { onEvent: (event) => events.push(event) })
    expect(computed(events).at(-1)).toEqual({ type: 'activations', done: 5, total: 5 })
    expect(readdirSync(whole).filter((name) => name.startsWith('activations'))).toEqual([])
    const { architecture, config } = await openBaseModel(base.folder, base)
    const adapter = await readAdapter(join(whole, 'adapter'), architecture, config)
    expect(adapter.config.layers).toEqual([config.layers - 1])

    for (const damage of [false, true]) {
      const stopped = await newJob(base, settings)
      const controller = new AbortController()
      const training = tuner.train(stopped, {
        signal: controller.signal,
        onEvent: (event) => {
          if (event.type === 'step' && event.step === 2) controller.abort()
        },
      })
      await expect(training).rejects.toMatchObject({ code: 'E_INTERRUPTED' })
      if (damage) truncateSync(join(stopped, 'activations.fp32'), 8)
      const later: TrainingEvent[] = []
      await tuner.train(stopped, { onEvent: (event) => later.push(event) })
      expect(computed(later)).toHaveLength(damage ? computed(events).length : 0)
      expect(adapterOf(stopped)).toBe(adapterOf(whole))
    }
  })

  test('that is none is E_RESUME', async () => {
    const { cacheFolder } = await tinyBase()
    const tuner = createLocalTuner(builtWorker('train'), { cacheFolder })
    await expect(tuner.train(cacheFolder)).rejects.toMatchObject({ code: 'E_RESUME' })
  })

  test('whose data was changed is E_RESUME', async () => {
    const base = await tinyBase()
    const jobFolder = await newJob(base)
    await writeJobData(jobFolder, 'training', examples)
    const tuner = createLocalTuner(builtWorker('train'), base)
    await expect(tuner.train(jobFolder)).rejects.toMatchObject({
      code: 'E_RESUME',
      message: "the job's data is not what it started with",
    })
  })
})

const train = (worker: URL, options = {}): Promise<unknown> =>
  createLocalTuner(worker, { cacheFolder: 'x' }).train('x', options)

describe('the training process', () => {
  test('that dies is E_WORKER with the signal', async () => {
    const events: TrainingEvent[] = []
    const worker = scriptedWorker(
      "send({ type: 'event', event: { type: 'checkpoint', step: 1 } }); setTimeout(die, 20)",
    )
    await expect(
      train(worker, { onEvent: (event: TrainingEvent) => events.push(event) }),
    ).rejects.toMatchObject({
      code: 'E_WORKER',
      message: 'the worker process was ended by SIGKILL',
    })
    expect(events).toEqual([{ type: 'checkpoint', step: 1 }])
  })

  test('is asked to stop, and answers with how it ended', async () => {
    const answer = "{ code: 'E_INTERRUPTED', message: 'stopped after step 3', at: {} }"
    const worker = scriptedWorker(
      `if (message.type === 'stop') send({ type: 'failed', error: ${answer} }); else send({ type: 'event', event: {} })`,
    )
    const controller = new AbortController()
    const training = train(worker, { signal: controller.signal, onEvent: () => controller.abort() })
    await expect(training).rejects.toMatchObject({ code: 'E_INTERRUPTED', message: 'stopped after step 3' })
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
  })

  test('that is done leaves no listener', async () => {
    const { signal } = new AbortController()
    const worker = scriptedWorker("send({ type: 'done', model: { id: 'x' } })")
    expect(await train(worker, { signal })).toEqual({ id: 'x' })
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  test('is not started for a signal that was given before', async () => {
    const worker = scriptedWorker("send({ type: 'done', model: {} })")
    await expect(train(worker, { signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow('before')
  })
})
