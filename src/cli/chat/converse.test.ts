import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import type { ChatModel, ChatRequest } from '../../core/chat-model.ts'
import type { Services } from '../../service/services.ts'
import { runCli } from '../run-cli.ts'
import { fakeHost, type FakeHost } from '../testing/fake-host.ts'

const ctrlC = '\u0003'
const ctrlD = '\u0004'

interface Talk {
  readonly host: FakeHost
  readonly requests: ChatRequest[]
  /** Types once the prompt is shown. */
  readonly type: (keys: string) => Promise<void>
  /** Types while an answer is under way. */
  readonly typeNow: (keys: string) => void
  readonly status: Promise<number>
}

/** A conversation on a terminal with a model that repeats the last word, and is silent for ever about `wait`. */
function talk(): Talk {
  const requests: ChatRequest[] = []
  const model: ChatModel = {
    id: 'echo',
    concurrency: 1,
    async *chat(request, { signal } = {}) {
      requests.push(request)
      const last = request.messages.at(-1)?.content ?? ''
      yield { type: 'text-delta', text: last.toUpperCase() }
      if (last === 'wait' && signal !== undefined) {
        if (!signal.aborted) await once(signal, 'abort')
        signal.throwIfAborted()
      }
      yield { type: 'finish', reason: 'stop', usage: { promptTokens: 1, completionTokens: 1 } }
    },
    scoreLabels: () => Promise.reject(new Error('not asked for')),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
  const opened = {
    id: 'echo',
    kind: 'base',
    folder: '/m',
    base: 'echo',
    defaultSystemPrompt: null,
    model,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  } as const
  const stdin = Object.assign(new PassThrough(), { isTTY: true })
  const services = { chat: { open: () => Promise.resolve(opened) } } as unknown as Services
  const host = {
    ...fakeHost(['chat', 'echo', '--system', 'S'], { terminal: true }),
    stdin,
    openServices: () => Promise.resolve(services),
  }
  const shown = (): string => host.text().stderr
  let prompts = 0
  const type = async (keys: string): Promise<void> => {
    // A prompt for each line so far, and one more.
    while (shown().split('> ').length - 1 <= prompts) await once(host.stderr, 'data')
    prompts = shown().split('> ').length - 1
    stdin.write(keys)
  }
  return { host, requests, type, typeNow: (keys) => stdin.write(keys), status: runCli(host) }
}

test('keeps the conversation, forgets it on /new, and ends at Ctrl-D', async () => {
  const { host, requests, type, status } = talk()
  await type('one\r')
  await type('two\r')
  await type('/new\r')
  await type('three\r')
  await type(ctrlD)
  expect(await status).toBe(0)
  expect(host.text().stdout).toBe('ONE\nTWO\nTHREE\n')
  const contents = requests.map(({ messages }) => messages.map(({ content }) => content))
  expect(contents).toEqual([
    ['S', 'one'],
    ['S', 'one', 'ONE', 'two'],
    ['S', 'three'],
  ])
})

test('Ctrl-C stops an answer and not the conversation; at the prompt it ends', async () => {
  const { host, requests, type, typeNow, status } = talk()
  await type('wait\r')
  while (!host.text().stdout.includes('WAIT')) await once(host.stdout, 'data')
  typeNow(ctrlC)
  await type('again\r')
  await type(ctrlC)
  expect(await status).toBe(0)
  expect(host.text().stderr).toContain('stopped; the last message is forgotten')
  expect(requests.at(-1)?.messages.map(({ content }) => content)).toEqual(['S', 'again'])
  expect(host.ended).toEqual([])
})

test('lines that are pasted at once are all answered', async () => {
  const { host, type, status } = talk()
  await type('one\rtwo\r/exit\r')
  expect(await status).toBe(0)
  expect(host.text().stdout).toBe('ONE\nTWO\n')
})

test('/exit ends it, and a request to end from outside is an interruption', async () => {
  const first = talk()
  await first.type('/exit\r')
  expect(await first.status).toBe(0)
  const second = talk()
  await second.type('one\r')
  while (!second.host.text().stdout.includes('ONE')) await once(second.host.stdout, 'data')
  second.host.signals.emit('SIGTERM')
  expect(await second.status).toBe(130)
})
