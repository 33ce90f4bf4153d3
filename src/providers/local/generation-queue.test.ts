import { beforeEach, expect, onTestFinished, test } from 'vitest'
import type { ChatRequest } from '../../core/chat-model.ts'
import { openBaseModel } from '../../engine/base-model.ts'
import { loadGenerator } from '../../engine/load-generator.ts'
import type { FromGenerationWorker } from './generation-protocol.ts'
import { GenerationQueue } from './generation-queue.ts'
import { tinyBase } from './testing/tiny-base.ts'

let sent: FromGenerationWorker[]
/** Called with every message. */
let onMessage: (message: FromGenerationWorker) => void

async function openQueue(): Promise<GenerationQueue> {
  const { folder, cacheFolder } = await tinyBase()
  const base = await openBaseModel(folder, { cacheFolder })
  const loaded = await loadGenerator(base, undefined, cacheFolder, { threads: 1 })
  onTestFinished(() => loaded[Symbol.asyncDispose]())
  return new GenerationQueue(base, loaded.generator, (message) => {
    sent.push(message)
    onMessage(message)
  })
}

const asking = (content: string, maxTokens: number): ChatRequest => ({
  messages: [{ role: 'user', content }],
  maxTokens,
})

beforeEach(() => {
  sent = []
  onMessage = () => undefined
})

const finished = (): number[] =>
  sent.flatMap((message) => (message.type === 'part' && message.part.type === 'finish' ? message.id : []))
const textOf = (id: number): string =>
  sent
    .map((message) =>
      message.type === 'part' && message.id === id && message.part.type === 'text-delta'
        ? message.part.text
        : '',
    )
    .join('')

test('a chat that comes while another is answered does not wait for its end', async () => {
  const queue = await openQueue()
  await queue.chat(7, asking('no', 2))
  let later: Promise<void> | undefined
  onMessage = () => {
    later ??= queue.chat(2, asking('no', 2))
  }
  await queue.chat(1, asking('hi', 30))
  await later
  expect(finished()).toEqual([7, 2, 1])
  expect(textOf(2)).toBe(textOf(7))
  expect(textOf(7)).not.toBe('')
})

test('labels are ranked while a chat goes on', async () => {
  const queue = await openQueue()
  let scored: Promise<void> | undefined
  onMessage = () => {
    scored ??= queue.score({ id: 2, messages: [{ role: 'user', content: 'a?' }], labels: ['yes', 'no'] })
  }
  await queue.chat(1, asking('hi', 30))
  await scored
  const place = sent.findIndex(({ type }) => type === 'scores')
  expect(place).toBeGreaterThan(0)
  expect(place).toBeLessThan(sent.length - 1)
})

test('a cancelled chat sends nothing more, and no failure', async () => {
  const queue = await openQueue()
  onMessage = () => {
    if (sent.length === 3) queue.cancel(1)
  }
  await queue.chat(1, asking('hi', 30))
  expect(sent.map(({ type }) => type)).toEqual(['part', 'part', 'part'])
  expect(finished()).toEqual([])
})

test('a chat that is too long fails alone', async () => {
  const queue = await openQueue()
  await Promise.all([queue.chat(1, asking('far too long '.repeat(10), 3)), queue.chat(2, asking('hi', 3))])
  expect(sent).toContainEqual({
    type: 'failed',
    id: 1,
    error: expect.objectContaining({ code: 'E_DATA_TOO_LONG' }),
  })
  expect(finished()).toEqual([2])
})
