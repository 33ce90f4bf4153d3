import { expect, test } from 'vitest'
import type { ChatPart } from '../../core/chat-model.ts'
import { HoneError } from '../../core/errors.ts'
import { createEchoChat } from '../testing/echo-chat.ts'
import type { OpenedChat } from '../chat/chat-service.ts'
import { InferenceService } from './inference-service.ts'
import { ModelPool } from './model-pool.ts'

/** Models that die: each opening answers as many parts as its entry says, and `undefined` lives on. */
async function dying(lives: readonly (number | undefined)[]): Promise<{
  readonly ask: () => Promise<string>
  readonly opened: () => number
  readonly closed: () => number
}> {
  const echo = createEchoChat()
  let opened = 0
  let closed = 0
  const pool = new ModelPool({
    most: 1,
    open: async (id): Promise<OpenedChat> => {
      const chat = await echo.open(id)
      const life = lives[opened++]
      let isAlive = true
      async function* cut(...asked: Parameters<typeof chat.model.chat>): AsyncGenerator<ChatPart> {
        let parts = 0
        for await (const part of chat.model.chat(...asked)) {
          if (parts++ === life) {
            isAlive = false
            throw new HoneError('E_WORKER', 'the worker process was ended')
          }
          yield part
        }
      }
      return {
        ...chat,
        model: {
          ...chat.model,
          chat: cut,
          get isAlive() {
            return isAlive
          },
        },
        [Symbol.asyncDispose]: () => Promise.resolve(void closed++),
      }
    },
  })
  const inference = new InferenceService(pool, { places: 10, waiting: 10 }, () => Promise.resolve(undefined))
  return {
    opened: () => opened,
    closed: () => closed,
    async ask() {
      let text = ''
      const target = { homeId: 'm', localBase: 'm' }
      const messages = [{ role: 'user' as const, content: 'one two three' }]
      for await (const part of inference.chat(target, { messages }, new AbortController().signal)) {
        if (part.type === 'text-delta') text += part.text
      }
      return text
    },
  }
}

test('a model whose process died before it said anything is started again, unseen', async () => {
  const { ask, opened, closed } = await dying([0, undefined])
  expect(await ask()).toBe('one two three')
  expect([opened(), closed()]).toEqual([2, 1])
  expect(await ask()).toBe('one two three')
  expect(opened()).toBe(2)
})

test('an answer that was cut fails, and the next one is whole', async () => {
  const { ask, opened } = await dying([1, undefined])
  await expect(ask()).rejects.toThrow('the worker process was ended')
  expect(await ask()).toBe('one two three')
  expect(opened()).toBe(2)
})

test('a model that dies whenever it is asked is not started for ever', async () => {
  const { ask, opened } = await dying([0, 0, 0, undefined])
  await expect(ask()).rejects.toThrow('the worker process was ended')
  expect(opened()).toBe(2)
})
