import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { atomically } from '../../store/database/atomically.ts'
import { JobQueue, type QueuedJob } from '../../store/database/job-queue.ts'
import { openDatabase } from '../../store/database/open-database.ts'
import type { Database } from '../../store/database/tables.ts'
import { TagStore } from '../../store/database/tag-store.ts'
import { runJobWorker, type JobWorkerOptions } from './job-worker.ts'

type Job = QueuedJob<null, number>

let folder: string
let database: Database
let queue: JobQueue<null, number>

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hone-jobs-'))
  database = await openDatabase({ location: join(folder, 'hone.db') })
  queue = new JobQueue(database, { lease: 300 })
  await queue.add({ id: 'a', kind: 'k', name: 'a', owner: 'me', spec: null, progress: 0 })
})
afterEach(async () => {
  await database.destroy()
  await rm(folder, { recursive: true, force: true })
})

/** Runs a worker until the job has ended. */
async function runUntilEnd(options: Partial<JobWorkerOptions<null, number>>): Promise<Job | undefined> {
  const over = new AbortController()
  const running = runJobWorker(
    {
      name: 'w',
      queue,
      kinds: ['k'],
      pollEvery: 5,
      renewEvery: 5,
      run: () => Promise.resolve(1),
      abandon: (_, { progress }) => Promise.resolve(progress),
      atomically: (action) => atomically(database, action),
      onFailure: () => undefined,
      ...options,
    },
    over.signal,
  )
  await expect.poll(async () => (await queue.find('a'))?.endedAt ?? null).not.toBeNull()
  over.abort(new Error('done'))
  await running
  return queue.find('a')
}

test('what a job settles is written with its end, or neither is', async () => {
  const tags = new TagStore(database)
  const troubles: unknown[] = []
  let attempts = 0
  const job = await runUntilEnd({
    onTrouble: (error) => troubles.push(error),
    async settle(_, { state, progress }) {
      await tags.set(`attempt ${++attempts}`, [{ key: state, value: String(progress) }])
      if (attempts === 1) throw new Error('the database went away')
    },
  })
  // What was done is not done for nothing: its end is written by whoever takes it up.
  expect(job).toMatchObject({ state: 'succeeded', progress: 1, attempts: 2 })
  expect(await tags.list('attempt 1')).toEqual([])
  expect(await tags.list('attempt 2')).toEqual([{ key: 'succeeded', value: '1' }])
  expect(troubles).toHaveLength(1)
})

test('a stop that was asked for while the worker was dead is heard before any work', async () => {
  await queue.claim('dead', ['k'])
  await queue.requestStop('a')
  await queue.expire((worker) => worker === 'dead')
  let runs = 0
  const job = await runUntilEnd({
    run: () => {
      runs++
      return Promise.resolve(1)
    },
  })
  expect(job).toMatchObject({ state: 'stopped' })
  expect(runs).toBe(0)
})

test('a worker outlives a database that is away for a while', async () => {
  const troubles: unknown[] = []
  let away = 3
  let lost = 2
  const flaky = Object.create(queue) as JobQueue<null, number>
  flaky.claim = async (...asked) => {
    if (away-- > 0) throw new Error('no connection')
    return queue.claim(...asked)
  }
  flaky.end = (...asked) => queue.end(...asked)
  flaky.renew = async (...asked) => {
    if (lost-- > 0) throw new Error('no connection')
    return queue.renew(...asked)
  }
  const job = await runUntilEnd({
    queue: flaky,
    onTrouble: (error) => troubles.push(error),
    run: async (_, { signal }) => {
      await expect.poll(() => lost).toBeLessThan(0)
      signal.throwIfAborted()
      return 1
    },
  })
  expect(job).toMatchObject({ state: 'succeeded', progress: 1 })
  expect(troubles).toHaveLength(5)
})
