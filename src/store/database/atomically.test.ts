import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startPostgres } from '../testing/start-postgres.ts'
import { atomically } from './atomically.ts'
import { openDatabase } from './open-database.ts'
import { NameTaken, ResourceStore } from './resource-store.ts'
import { TagStore } from './tag-store.ts'
import type { Database } from './tables.ts'

const postgres = await startPostgres()
if (postgres === undefined)
  process.stderr.write('transactions are not tested on Postgres: it is not installed\n')
const folder = await mkdtemp(join(tmpdir(), 'hone-atomically-'))

afterAll(async () => {
  await postgres?.[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

describe.each([
  { name: 'SQLite', location: join(folder, 'hone.db') },
  { name: 'Postgres', location: postgres?.location },
])('on $name', ({ location }) => {
  describe.skipIf(location === undefined)('where it is installed', () => {
    let database: Database
    let things: ResourceStore<object>
    let tags: TagStore

    beforeAll(async () => {
      database = await openDatabase({ location: location ?? '' })
      things = new ResourceStore(database, 'thing')
      tags = new TagStore(database)
    })
    afterAll(() => database.destroy())
    beforeEach(async () => {
      await database.deleteFrom('resources').execute()
      await database.deleteFrom('tags').execute()
    })

    const add = (id: string, name = id): Promise<void> =>
      things.add({ id, name, state: 'new', parent: null, document: {} })
    const all = async (): Promise<string[]> =>
      (await things.list({ limit: 100, ascending: true })).map(({ id }) => id).toSorted()

    test('what several stores write is there together, or not at all', async () => {
      await atomically(database, async () => {
        await add('a')
        await tags.set('a', [{ key: 'k', value: 'v' }])
        // Its own writes can be read before they are anybody else's.
        expect(await things.find('a')).toBeDefined()
      })
      const failing = atomically(database, async () => {
        await add('b')
        await tags.set('b', [{ key: 'k', value: 'v' }])
        throw new Error('no')
      })
      await expect(failing).rejects.toThrow('no')
      expect(await all()).toEqual(['a'])
      expect(await tags.list('b')).toEqual([])
    })

    test('a call inside another joins it, and what fails inside is undone alone where it is caught', async () => {
      const result = await atomically(database, async () => {
        await add('outer')
        return atomically(database, async () => {
          await add('inner')
          return 'both'
        })
      })
      expect(result).toBe('both')
      await atomically(database, async () => {
        await add('kept')
        const again = atomically(database, async () => {
          await add('undone')
          await add('again', 'inner')
        })
        await expect(again).rejects.toThrow(NameTaken)
        await add('kept too')
      })
      const uncaught = atomically(database, async () => {
        await add('lost')
        await atomically(database, () => add('lost too'))
        await atomically(database, () => add('again', 'inner'))
      })
      await expect(uncaught).rejects.toThrow(NameTaken)
      expect(await all()).toEqual(['inner', 'kept', 'kept too', 'outer'])
    })

    test('others go on meanwhile and afterwards, each on its own', async () => {
      const late: Promise<void>[] = []
      const many = Array.from({ length: 20 }, (_, at) =>
        atomically(database, async () => {
          await add(`first ${at}`)
          await add(`second ${at}`)
          // Nobody waits for it: it must not be lost with a transaction that is over.
          late.push(
            new Promise((resolve) => {
              setImmediate(resolve)
            }).then(() => add(`late ${at}`)),
          )
          if (at % 2 === 1) throw new Error('odd')
        }).catch(() => undefined),
      )
      const reads = Array.from({ length: 20 }, () => all())
      await Promise.all([...many, ...reads])
      // Those that met the end of a transaction which failed are gone with it; the others are there.
      await Promise.allSettled(late)
      const found = await all()
      expect(found.filter((id) => !id.startsWith('late'))).toEqual(
        Array.from({ length: 10 }, (_, at) => [`first ${at * 2}`, `second ${at * 2}`])
          .flat()
          .toSorted(),
      )
      await add('afterwards')
      expect(await things.find('afterwards')).toBeDefined()
    })
  })
})
