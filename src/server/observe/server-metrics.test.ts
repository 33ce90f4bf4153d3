import { expect, test } from 'vitest'
import type { RequestFacts } from '../aws/request-facts.ts'
import { ServerMetrics } from './server-metrics.ts'

const request = (facts: Partial<RequestFacts>): Parameters<ServerMetrics['end']>[0] => ({
  facts: { id: 'x', ...facts },
  method: 'GET',
  path: '/',
  status: 200,
  startedAt: 1000,
  endedAt: 1250,
  hungUp: false,
})

const linesOf = (text: string, name: string): string[] =>
  text.split('\n').filter((line) => line.startsWith(`${name}{`))

test('labels stay few, whatever clients claim', async () => {
  using metrics = new ServerMetrics(() => Promise.resolve({ jobs: [], modelsInMemory: 0 }))
  for (let n = 0; n < 500; n++) {
    metrics.begin()
    const inference = { requested: `m${n}`, model: `m${n}`, startedAt: 1000, inputTokens: 2 }
    metrics.end(request({ service: `claimed-${n}`, inference }))
  }
  const text = await metrics.text()
  expect(linesOf(text, 'hone_requests_total')).toEqual([
    'hone_requests_total{service="other",operation="other",status="200"} 500',
  ])
  const models = linesOf(text, 'hone_tokens_total')
  expect(models).toHaveLength(101)
  expect(models.at(-1)).toBe('hone_tokens_total{model="other",direction="input"} 800')
  expect(text).toContain('hone_requests_in_flight 0\n')
})

test('times are in seconds, jobs are those of the moment', async () => {
  let jobs: { kind: string; state: 'queued' | 'running'; count: number }[] | undefined = [
    { kind: 'tune', state: 'queued', count: 3 },
  ]
  using metrics = new ServerMetrics(() => Promise.resolve({ jobs, modelsInMemory: 2 }))
  metrics.begin()
  metrics.end(request({ service: 's3', operation: 'GetObject' }))
  const before = await metrics.text()
  expect(before).toContain('hone_request_duration_seconds_sum{service="s3",operation="GetObject"} 0.25\n')
  expect(before).toContain('hone_jobs{kind="tune",state="queued"} 3\n')
  expect(before).toContain('hone_models_in_memory 2\n')
  jobs = [{ kind: 'tune', state: 'running', count: 1 }]
  const after = await metrics.text()
  expect(linesOf(after, 'hone_jobs')).toEqual(['hone_jobs{kind="tune",state="running"} 1'])
  expect(after).toContain('hone_database_up 1\n')
  // A database that does not answer takes nothing of the rest away.
  jobs = undefined
  const down = await metrics.text()
  expect(down).toContain('hone_database_up 0\n')
  expect(linesOf(down, 'hone_jobs')).toEqual([])
  expect(down).toContain('hone_models_in_memory 2\n')
})
