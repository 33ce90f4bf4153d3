import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { HoneClient } from '../examples/native-client/hone-client.ts'
import { importText, nativeClient, refusal } from './testing/native-client.ts'
import { startServer, type TestServer } from './testing/start-server.ts'
import { colourLines, tinyHome, type TinyHome } from './testing/tiny-home.ts'

let home: TinyHome
let server: TestServer
let client: HoneClient

beforeAll(async () => {
  home = await tinyHome()
  server = await startServer(home)
  client = nativeClient(server)
  const id = await importText(client, 'colours', 'colours.jsonl', colourLines(120, 1))
  await client.call('splitDataset', { path: { id }, body: { name: 'parted' } })
}, 120_000)

afterAll(() => server[Symbol.asyncDispose]())

describe('training', () => {
  test('is planned, started, paused, resumed and followed to its end', async () => {
    const body = { dataset: 'parted', base: home.base, settings: { maxSteps: 30, batchSize: 4 } }
    const plan = await client.call('planTraining', { body })
    expect(plan).toMatchObject({ base: { id: home.base }, steps: 30, usd: 0 })
    expect(plan.reasons['batchSize']).toBeTruthy()
    expect(plan.command).toMatch(
      /^hone train --data parted@\w+\/train --validation .* --max-steps 30 --batch 4$/,
    )
    const job = await client.call('startTraining', { body })
    expect(job).toMatchObject({ startedBy: 'server', owner: 'developer', base: home.base })
    expect(job.data?.training).toMatch(/^dataset:parted@\w+\/train$/)
    const path = { id: job.id }
    const events: string[] = []
    let paused = false
    for await (const { event, data } of client.follow('followJob', { path })) {
      events.push(event)
      if (event === 'training' && 'step' in data && data.step === 2 && !paused) {
        paused = true
        await client.call('pauseJob', { path })
      }
      if (event === 'job' && 'state' in data && data.state === 'paused') {
        await client.call('resumeJob', { path })
      }
    }
    expect(events.at(-1)).toBe('end')
    const { job: ended, examples } = await client.call('getJob', { path })
    expect(ended).toMatchObject({ state: 'succeeded', step: 30 })
    expect(examples?.training).toBeGreaterThan(80)
    const { lineage } = await client.call('getModel', { path: { id: ended.model } })
    expect(lineage).toMatchObject({ job: job.id, dataset: { id: job.data?.training } })
    const { samples, models } = await client.call('getJobSamples', { path, body: { samples: 2 } })
    expect(models[0]).toBe(home.base)
    expect(samples).toHaveLength(2)
    expect(samples[0]?.answers).toHaveLength(models.length)
    const used = await client.call('getDataset', { path: { id: 'parted' } })
    expect(used.usedBy).toContain(ended.model)
    await client.call('deleteModel', { path: { id: ended.model } })
    expect((await refusal(client.call('getModel', { path: { id: ended.model } }))).status).toBe(404)
  }, 120_000)

  test('with a setting that is none, or data that are not there, is refused with the place', async () => {
    const odd = { dataset: 'parted', base: home.base, settings: { batchSize: 0 } }
    const refused = await refusal(client.call('planTraining', { body: odd }))
    expect(refused).toMatchObject({ status: 400, failure: { at: { pointer: '/settings/batchSize' } } })
    const unknown = await refusal(client.call('startTraining', { body: { dataset: 'nobody' } }))
    expect(unknown).toMatchObject({ status: 404, failure: { code: 'E_NOT_FOUND' } })
  })

  test('what can be set is told with its range', async () => {
    const { settings, bases } = await client.call('getTrainable', {})
    expect(bases.find(({ id }) => id === home.base)?.isHere).toBe(true)
    expect(settings.filter(({ isBasic }) => isBasic)).toHaveLength(3)
    expect(settings.find(({ name }) => name === 'rank')?.schema).toMatchObject({ minimum: 1 })
    expect(settings.find(({ name }) => name === 'maxTokens')?.schema).toMatchObject({ minimum: 1 })
    expect(settings.every(({ schema }) => Object.keys(schema).length > 0)).toBe(true)
  })
})

describe('an evaluation', () => {
  test('is started, followed, read row by row, judged by the gate and reported', async () => {
    const { models } = await client.call('listModels', {})
    expect(models.map(({ id }) => id)).toContain(home.base)
    const body = {
      dataset: 'colours',
      task: { kind: 'labels' as const, labels: ['red', 'green', 'blue'] },
      base: home.base,
      candidates: ['base' as const, { id: 'short', model: 'base' as const, maxTokens: 2 }],
      limit: 6,
      maxTokens: 4,
      gate: ['accuracy of short >= 0'],
    }
    const started = await client.call('startEvaluation', { body })
    expect(started).toMatchObject({ split: 'test', candidates: ['base', 'short'] })
    const path = { id: started.id }
    const events: string[] = []
    for await (const { event } of client.follow('followEvaluation', { path })) events.push(event)
    expect(events.at(-1)).toBe('end')
    const { evaluation, result, gate } = await client.call('getEvaluation', { path })
    expect(evaluation).toMatchObject({ state: 'succeeded', failure: null })
    expect(result?.candidates.map(({ id, scores }) => [id, scores[0]?.metric])).toEqual([
      ['base', 'accuracy'],
      ['short', 'accuracy'],
    ])
    expect(gate).toEqual({ rules: body.gate, verdict: null })
    const { rows } = await client.call('listEvaluationRows', { path, query: { candidate: 'base', limit: 2 } })
    expect(rows).toHaveLength(2)
    const compared = await client.call('compareCandidates', {
      path,
      query: { baseline: 'base', candidate: 'short' },
    })
    expect(compared.rows).toBe(6)
    expect(compared.flips?.rows.every(({ input }) => input !== '')).toBe(true)
    // Each cell of the confusion matrix is a list of rows.
    const [first] = result?.evaluation.candidates ?? []
    const { labels = [], counts = [], unreadable = [] } = first?.confusion ?? {}
    expect(labels).toEqual(['red', 'green', 'blue'])
    const found = await Promise.all(
      labels
        .flatMap((expectedAs) => [
          ...labels.map((answeredAs) => ({ candidate: 'base', expectedAs, answeredAs })),
          { candidate: 'base', expectedAs, unreadable: 'true' as const },
        ])
        .map(async (query) => (await client.call('listEvaluationRows', { path, query })).found),
    )
    expect(found).toEqual(counts.flatMap((line, at) => [...line, unreadable[at]]))
    expect(found.reduce((sum, count) => sum + count, 0)).toBe(6)
    const judged = await client.call('applyGate', { path, body: { candidate: 'short' } })
    expect(judged.rules[0]?.rule).toBe('accuracy of short >= 0')
    const report = await client.call('getReport', { path })
    expect(await report.text()).toContain('<html')
    expect((await client.call('listEvaluations', {})).evaluations.map(({ id }) => id)).toEqual([started.id])
  }, 120_000)

  test('names no file of the server', async () => {
    const task = { kind: 'labels' as const, metrics: [{ file: 'evil.mjs' }] }
    const module = await refusal(client.call('startEvaluation', { body: { dataset: 'colours', task } }))
    expect(module).toMatchObject({ status: 400, failure: { at: { pointer: '/task/metrics/0/file' } } })
    const candidate = { id: 'x', model: 'base' as const }
    for (const more of [{ system: { file: 'passwords.txt' } }, { constrain: { schema: 'passwords.json' } }]) {
      const named = await refusal(
        client.call('startEvaluation', {
          body: { dataset: 'colours', task: { kind: 'labels' }, candidates: [{ ...candidate, ...more }] },
        }),
      )
      expect(named).toMatchObject({ status: 400, failure: { code: 'E_USAGE' } })
    }
  })
})

test('the server has nothing to blame itself for', () => {
  expect(server.failures).toEqual([])
})
