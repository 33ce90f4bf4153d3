import { getEventListeners } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { array, assert, asyncProperty, constantFrom, integer, record } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FairQueue, QueueFull, type Place } from './fair-queue.ts'

/** Enters and notes that it did. */
async function enter(
  queue: FairQueue,
  client: string,
  entered: string[],
  signal?: AbortSignal,
): Promise<Place> {
  const place = await queue.enter(client, signal)
  entered.push(client)
  return place
}

describe('clients that wait', () => {
  test('take turns, however many requests one of them has sent', async () => {
    const queue = new FairQueue({ places: 1, waiting: 100 })
    const entered: string[] = []
    const first = await enter(queue, 'a', entered)
    const all = ['a', 'a', 'a', 'b', 'a', 'c', 'b'].map((client) => enter(queue, client, entered))
    expect(queue.load).toEqual({ running: 1, waiting: 7 })
    first[Symbol.dispose]()
    for (const place of all) {
      // Whoever is in gives its place to the next.
      void place.then((own) => own[Symbol.dispose]())
    }
    await Promise.all(all)
    await nextTurn()
    expect(entered.slice(1)).toEqual(['a', 'b', 'c', 'a', 'b', 'a', 'a'])
    expect(queue.load).toEqual({ running: 0, waiting: 0 })
  })

  test('with nothing running have spare places, and take them before those that run already', async () => {
    const queue = new FairQueue({ places: 2, spare: 1, waiting: 100 })
    const entered: string[] = []
    const greedy = [await enter(queue, 'a', entered), await enter(queue, 'a', entered)]
    const waiting = enter(queue, 'a', entered)
    const modest = await enter(queue, 'b', entered)
    expect(queue.load).toEqual({ running: 3, waiting: 1 })
    // The spare one is taken, and only one client at a time can have it.
    const late = enter(queue, 'c', entered)
    const second = enter(queue, 'b', entered)
    expect(queue.load).toEqual({ running: 3, waiting: 3 })
    greedy[0]?.[Symbol.dispose]()
    // Two run, of as many places: only who has nothing running may be the third.
    const third = await late
    expect(entered).toEqual(['a', 'a', 'b', 'c'])
    // When the last of them came, nobody had more than one.
    expect([...greedy, modest, third].map(({ ahead }) => ahead)).toEqual([false, false, true, false])
    for (const place of [modest, third, greedy[1]]) place?.[Symbol.dispose]()
    for (const place of [await waiting, await second]) place[Symbol.dispose]()
    expect(queue.load).toEqual({ running: 0, waiting: 0 })
  })

  test('can leave at any time, and leave no listener', async () => {
    const queue = new FairQueue({ places: 1, waiting: 100 })
    const entered: string[] = []
    const first = await enter(queue, 'a', entered)
    const controller = new AbortController()
    const reason = new Error('enough')
    const gone = enter(queue, 'b', entered, controller.signal)
    const kept = enter(queue, 'b', entered)
    controller.abort(reason)
    await expect(gone).rejects.toBe(reason)
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    expect(queue.load).toEqual({ running: 1, waiting: 1 })
    first[Symbol.dispose]()
    first[Symbol.dispose]()
    await kept
    expect(queue.load).toEqual({ running: 1, waiting: 0 })
    await expect(queue.enter('a', controller.signal)).rejects.toBe(reason)
  })
})

describe('a full queue', () => {
  test('refuses the newest of the client that has most waiting', async () => {
    const queue = new FairQueue({ places: 1, waiting: 3 })
    const entered: string[] = []
    const first = await enter(queue, 'a', entered)
    const greedy = [1, 2, 3].map(() => enter(queue, 'a', entered))
    const settled = Promise.allSettled(greedy)
    await expect(queue.enter('a')).rejects.toThrow(QueueFull)
    const other = enter(queue, 'b', entered)
    await expect(greedy[2]).rejects.toThrow('3 requests are waiting')
    // With two against one, another would only change places.
    await expect(queue.enter('b')).rejects.toThrow(QueueFull)
    first[Symbol.dispose]()
    ;(await greedy[0]!)[Symbol.dispose]()
    ;(await other)[Symbol.dispose]()
    ;(await greedy[1]!)[Symbol.dispose]()
    await settled
    expect(entered).toEqual(['a', 'a', 'b', 'a'])
    expect(queue.load).toEqual({ running: 0, waiting: 0 })
  })
})

test('whatever comes and goes, no place is lost and no more run than there are', async () => {
  const visits = array(
    record({
      client: constantFrom('a', 'b', 'c'),
      arrival: integer({ min: 0, max: 12 }),
      stay: integer({ min: 0, max: 5 }),
      patience: integer({ min: 0, max: 15 }),
    }),
    { minLength: 1, maxLength: 30 },
  )
  const outcomes = { answered: 0, refused: 0, left: 0 }
  await assert(
    asyncProperty(
      visits,
      integer({ min: 1, max: 3 }),
      integer({ min: 0, max: 2 }),
      integer({ min: 1, max: 6 }),
      async (all, places, spare, waiting) => {
        const queue = new FairQueue({ places, spare, waiting })
        const running: string[] = []
        await Promise.all(
          all.map(async ({ client, arrival, stay, patience }) => {
            for (let turn = 0; turn < arrival; turn++) await nextTurn()
            const controller = new AbortController()
            const leaving = (async () => {
              for (let turn = 0; turn < patience; turn++) await nextTurn()
              controller.abort(new Error('left'))
            })()
            try {
              const place = await queue.enter(client, controller.signal)
              running.push(client)
              expect(running.length).toBeLessThanOrEqual(places + spare)
              // Beside the places only for those who had nothing running.
              expect(running.length <= places || new Set(running).size > 1).toBe(true)
              expect(queue.load.waiting).toBeLessThanOrEqual(waiting)
              for (let turn = 0; turn < stay; turn++) await nextTurn()
              running.splice(running.indexOf(client), 1)
              place[Symbol.dispose]()
              outcomes.answered += 1
            } catch (error) {
              if (error instanceof QueueFull) outcomes.refused += 1
              else if ((error as Error).message === 'left') outcomes.left += 1
              else throw error
            }
            await leaving
          }),
        )
        expect(queue.load).toEqual({ running: 0, waiting: 0 })
      },
    ),
    { numRuns: 500, seed: 3 },
  )
  for (const count of Object.values(outcomes)) expect(count).toBeGreaterThan(50)
})
