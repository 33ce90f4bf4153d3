import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startPostgres, type Postgres } from '../testing/start-postgres.ts'
import { JobQueue, LeaseLost } from './job-queue.ts'
import { KeyStore } from './key-store.ts'
import { openDatabase } from './open-database.ts'
import { NameTaken } from './resource-store.ts'
import type { Database } from './tables.ts'

const postgres: Postgres | undefined = await startPostgres()
if (postgres === undefined)
  process.stderr.write('jobs and keys are not tested on Postgres: it is not installed\n')
const folder = await mkdtemp(join(tmpdir(), 'hone-database-'))

afterAll(async () => {
  await postgres?.[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

const engines = [
  { name: 'SQLite', location: join(folder, 'hone.db') },
  { name: 'Postgres', location: postgres?.location },
]

describe.each(engines)('on $name', ({ location }) => {
  describe.skipIf(location === undefined)('where it is installed', () => {
    let database: Database
    let now = 0

    beforeAll(async () => {
      database = await openDatabase({ location: location ?? '' })
    })
    afterAll(() => database.destroy())
    beforeEach(async () => {
      await database.deleteFrom('jobs').execute()
      await database.deleteFrom('keys').execute()
      now = 1_000_000
    })

    const queue = (): JobQueue<{ n: number }, { step: number }> =>
      new JobQueue(database, { now: () => now, lease: 1000 })
    const add = async (id: string, owner = 'me'): Promise<void> => {
      now++
      await queue().add({
        id,
        kind: 'tune',
        name: `name ${id}`,
        owner,
        spec: { n: 1 },
        progress: { step: 0 },
      })
    }

    test('jobs are counted by kind and state', async () => {
      expect(await queue().counts()).toEqual([])
      for (const id of ['a', 'b', 'c']) await add(id)
      await queue().claim('w', ['tune'])
      const counts = await queue().counts()
      expect(counts.toSorted((a, b) => a.count - b.count)).toEqual([
        { kind: 'tune', state: 'running', count: 1 },
        { kind: 'tune', state: 'queued', count: 2 },
      ])
    })

    test('jobs are taken in order, once each', async () => {
      for (const id of ['a', 'b', 'c']) await add(id)
      const taken = await Promise.all(
        ['w1', 'w2', 'w3', 'w4'].map((worker) => queue().claim(worker, ['tune'])),
      )
      expect(taken.map((job) => job?.id ?? '').toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
        '',
        'a',
        'b',
        'c',
      ])
      expect(await queue().claim('w5', ['other'])).toBeUndefined()
    })

    test('the owner with the fewest running jobs comes next', async () => {
      for (const id of ['a1', 'a2', 'a3']) await add(id, 'anna')
      await add('b1', 'ben')
      const order: (string | undefined)[] = []
      for (let at = 0; at < 4; at++) order.push((await queue().claim(`w${at}`, ['tune']))?.id)
      expect(order).toEqual(['a1', 'b1', 'a2', 'a3'])
    })

    test('a job whose worker is gone is taken up by another, and the first can write no more', async () => {
      await add('a')
      await queue().claim('first', ['tune'])
      await queue().renew('a', 'first', { step: 3 })
      now += 999
      expect(await queue().claim('second', ['tune'])).toBeUndefined()
      now += 2
      const again = await queue().claim('second', ['tune'])
      expect(again).toMatchObject({ id: 'a', progress: { step: 3 }, attempts: 2 })
      await expect(queue().renew('a', 'first', { step: 4 })).rejects.toThrow(LeaseLost)
      await expect(queue().end('a', 'first', { state: 'succeeded', progress: { step: 9 } })).rejects.toThrow(
        LeaseLost,
      )
      await queue().end('a', 'second', { state: 'succeeded', progress: { step: 9 } })
      expect(await queue().find('a')).toMatchObject({
        state: 'succeeded',
        progress: { step: 9 },
        endedAt: now,
      })
      expect(await queue().claim('third', ['tune'])).toBeUndefined()
    })

    test('a stop reaches the worker; a job that waits is stopped at once', async () => {
      await add('a')
      await add('b')
      await queue().claim('w', ['tune'])
      expect(await queue().requestStop('a')).toMatchObject({ state: 'running', stopRequested: true })
      expect(await queue().requestStop('b')).toMatchObject({ state: 'stopped' })
      expect(await queue().renew('a', 'w')).toEqual({ stop: true, pause: false })
      expect(await queue().requestStop('none')).toBeUndefined()
    })

    test('a job that is given back waits for the next worker', async () => {
      await add('a')
      await queue().claim('w', ['tune'])
      await queue().release('a', 'w')
      expect(await queue().claim('v', ['tune'])).toMatchObject({ id: 'a', attempts: 2 })
    })

    test('a pause reaches the worker; the job then waits until it is resumed', async () => {
      await add('a')
      await add('b')
      await queue().claim('w', ['tune'])
      expect(await queue().requestPause('a')).toMatchObject({ state: 'running', pauseRequested: true })
      expect(await queue().requestPause('b')).toMatchObject({ state: 'paused', pauseRequested: true })
      expect(await queue().renew('a', 'w')).toEqual({ stop: false, pause: true })
      await queue().release('a', 'w', { step: 5 })
      expect(await queue().find('a')).toMatchObject({ state: 'paused', progress: { step: 5 } })
      expect(await queue().claim('w', ['tune'])).toBeUndefined()
      expect(await queue().resume('a')).toMatchObject({ state: 'queued', pauseRequested: false })
      expect(await queue().claim('w', ['tune'])).toMatchObject({ id: 'a', progress: { step: 5 } })
      expect(await queue().requestStop('b')).toMatchObject({ state: 'stopped' })
      expect(await queue().resume('b')).toMatchObject({ state: 'stopped' })
      expect(await queue().requestPause('none')).toBeUndefined()
    })

    test('the leases of workers that are gone run out at once, those of others do not', async () => {
      for (const id of ['a', 'b']) await add(id)
      await queue().claim('gone', ['tune'])
      await queue().claim('here', ['tune'])
      expect(await queue().claim('next', ['tune'])).toBeUndefined()
      expect(await queue().expire((worker) => worker === 'gone')).toEqual(['a'])
      expect(await queue().claim('next', ['tune'])).toMatchObject({ id: 'a', attempts: 2 })
      await expect(queue().renew('a', 'gone')).rejects.toThrow(LeaseLost)
      expect(await queue().renew('b', 'here')).toEqual({ stop: false, pause: false })
    })

    test('a name is given once', async () => {
      await add('a')
      await expect(
        queue().add({
          id: 'z',
          kind: 'tune',
          name: 'name a',
          owner: 'me',
          spec: { n: 1 },
          progress: { step: 0 },
        }),
      ).rejects.toThrow(NameTaken)
      expect(await queue().find('z')).toBeUndefined()
    })

    test('a list is filtered and paged without gaps', async () => {
      for (let at = 0; at < 7; at++) await add(`job${at}`)
      const seen: string[] = []
      let after: { createdAt: number; id: string } | undefined
      do {
        const page = await queue().list({ kind: 'tune', limit: 3, ...(after === undefined ? {} : { after }) })
        seen.push(...page.map(({ id }) => id))
        after = page.length < 3 ? undefined : page.at(-1)
      } while (after !== undefined)
      expect(seen).toEqual(['job6', 'job5', 'job4', 'job3', 'job2', 'job1', 'job0'])
      const named = await queue().list({ kind: 'tune', limit: 9, nameContains: 'job3', ascending: true })
      expect(named.map(({ id }) => id)).toEqual(['job3'])
      expect(await queue().list({ kind: 'tune', limit: 9, nameContains: '%' })).toEqual([])
    })

    test('keys are found by what they prove, and not after they were revoked', async () => {
      const keys = new KeyStore(database, () => now)
      const pair = await keys.createPair({ user: 'dev', allow: ['*'] })
      const bearer = await keys.createBearer({ user: 'app', allow: ['invoke:*'] })
      const session = await keys.createPair({ user: 'role', allow: ['*'] }, { seconds: 60 })
      expect(await keys.findPair(pair.id)).toEqual(pair)
      expect(await keys.findBearer(bearer.key)).toMatchObject({ id: bearer.id, allow: ['invoke:*'] })
      expect(await keys.findBearer('hone_other')).toBeUndefined()
      expect((await keys.list()).map(({ id }) => id).toSorted()).toEqual([pair.id, bearer.id].toSorted())
      expect(JSON.stringify(await keys.list())).not.toContain(pair.secret)
      expect(await keys.revoke(pair.id)).toBe(true)
      expect(await keys.revoke(pair.id)).toBe(false)
      expect(await keys.findPair(pair.id)).toBeUndefined()
      // Another process that revokes a key is heard within a second.
      expect(await keys.findBearer(bearer.key)).toBeDefined()
      await new KeyStore(database, () => now).revoke(bearer.id)
      await expect.poll(() => keys.findBearer(bearer.key), { timeout: 1000 }).toBeUndefined()
      now += 61_000
      expect(await keys.countExpired()).toBe(1)
      expect(await keys.removeExpired()).toBe(1)
      expect(await keys.countExpired()).toBe(0)
      expect(await keys.findPair(session.id)).toBeUndefined()
    })
  })
})
