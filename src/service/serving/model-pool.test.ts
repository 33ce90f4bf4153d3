import { describe, expect, test } from 'vitest'
import type { ModelMemory } from '../../core/chat-model.ts'
import { HoneError } from '../../core/errors.ts'
import type { OpenedChat } from '../chat/chat-service.ts'
import { ModelPool } from './model-pool.ts'

interface Opened {
  readonly log: string[]
  readonly alive: Map<string, boolean>
  readonly pool: ModelPool
}

const none = (): never => {
  throw new Error('nobody asks')
}

/** A pool of models that only say what they take: those whose id begins with "x" share a base of 100 bytes. */
function openPool(limits: { readonly most: number; readonly mostBytes?: number }): Opened {
  const log: string[] = []
  const alive = new Map<string, boolean>()
  const open = (id: string): Promise<OpenedChat> => {
    log.push(`open ${id}`)
    alive.set(id, true)
    const memory: ModelMemory = id.startsWith('x')
      ? { own: 10, base: { name: 'x', bytes: 100 } }
      : { own: 50, base: undefined }
    const close = (): Promise<void> => {
      log.push(`close ${id}`)
      return Promise.resolve()
    }
    return Promise.resolve({
      id,
      kind: 'tuned',
      folder: id,
      base: 'x',
      defaultSystemPrompt: null,
      systemPrompt: null,
      countTokens: none,
      model: {
        id,
        concurrency: 1,
        memory,
        get isAlive() {
          return alive.get(id) ?? false
        },
        chat: none,
        scoreLabels: none,
        [Symbol.asyncDispose]: close,
      },
      [Symbol.asyncDispose]: close,
    })
  }
  return { log, alive, pool: new ModelPool({ open, ...limits }) }
}

async function touch(pool: ModelPool, ...ids: string[]): Promise<void> {
  for (const id of ids) (await pool.use(id))[Symbol.dispose]()
}

describe('memory', () => {
  test('counts a base once, and makes room where the limit is passed: whatever was idle longest goes', async () => {
    const { log, pool } = openPool({ most: 100, mostBytes: 130 })
    await touch(pool, 'x1', 'x2', 'x3')
    expect(pool.bytes).toBe(130)
    await touch(pool, 'x1', 'x4')
    expect(log).toEqual(['open x1', 'open x2', 'open x3', 'open x4', 'close x2'])
    expect(pool.bytes).toBe(130)
    await touch(pool, 'y1')
    // The base goes with its last model.
    expect(log.slice(5)).toEqual(['open y1', 'close x3', 'close x1', 'close x4'])
    expect(pool.bytes).toBe(50)
  })

  test('of what is in use is never freed, and freed when another comes', async () => {
    const { log, pool } = openPool({ most: 100, mostBytes: 60 })
    const first = await pool.use('y1')
    const second = await pool.use('y2')
    expect(pool.bytes).toBe(100)
    first[Symbol.dispose]()
    second[Symbol.dispose]()
    await touch(pool, 'y3')
    expect(log.slice(3)).toEqual(['close y1', 'close y2'])
  })

  test('a number of models is a limit too', async () => {
    const { log, pool } = openPool({ most: 2 })
    await touch(pool, 'x1', 'x2', 'x1', 'x3')
    expect(log.slice(3)).toEqual(['close x2'])
  })
})

test('whoever has gone already gets no model, also where it is open', async () => {
  const { pool } = openPool({ most: 1 })
  await touch(pool, 'x1')
  const gone = AbortSignal.abort(new Error('gone'))
  await expect(pool.use('x1', gone)).rejects.toThrow('gone')
})

describe('a model whose process is gone', () => {
  test('is opened anew by the next request', async () => {
    const { log, alive, pool } = openPool({ most: 5 })
    await touch(pool, 'x1')
    alive.set('x1', false)
    await Promise.all([touch(pool, 'x1'), touch(pool, 'x1')])
    expect(log).toEqual(['open x1', 'close x1', 'open x1'])
  })
})

test('who stops waiting for a model does not keep it from others', async () => {
  let finish: (() => void) | undefined
  const waiting = new Promise<void>((resolve) => {
    finish = resolve
  })
  const { pool: inner } = openPool({ most: 1 })
  const pool = new ModelPool({
    most: 1,
    open: async (id) => {
      await waiting
      return (await inner.use(id)).chat
    },
  })
  const controller = new AbortController()
  const gone = pool.use('x1', controller.signal)
  const kept = pool.use('x1')
  controller.abort(new Error('enough'))
  await expect(gone).rejects.toThrow('enough')
  finish?.()
  expect((await kept).chat.id).toBe('x1')
})

test('who asks for a model that was removed meanwhile does not learn what others there are', async () => {
  const unknown = new HoneError('E_MODEL_UNKNOWN', 'there is no model "a"', { hint: 'here: secret' })
  const pool = new ModelPool({ open: () => Promise.reject(unknown), most: 1 })
  const failure = await pool.use('a').catch((error: unknown) => error)
  expect(failure).toMatchObject({ code: 'E_MODEL_UNKNOWN', message: 'the model "a" has been removed' })
  expect(failure).not.toHaveProperty('hint', 'here: secret')
})
