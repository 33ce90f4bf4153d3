import { getEventListeners } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { ChatModel, ChatPart, ChatRequest, WaitOptions } from '../../core/chat-model.ts'
import { temporaryFolder } from '../../engine/weights/testing/temporary-folder.ts'
import { openLocalChatModel } from './local-chat-model.ts'
import { scriptedWorker } from './testing/scripted-worker.ts'
import { builtWorker, tinyBase } from './testing/tiny-base.ts'

const hello: ChatRequest = { messages: [{ role: 'user', content: 'hi' }], maxTokens: 12 }

async function openTiny(): Promise<ChatModel> {
  const { folder, cacheFolder } = await tinyBase()
  const model = await openLocalChatModel(
    'tiny',
    builtWorker('generate'),
    { base: folder },
    { cacheFolder, threads: 1 },
  )
  onTestFinished(() => model[Symbol.asyncDispose]())
  return model
}

/** A model whose worker opens at once and does as told afterwards. */
async function openScripted(onChat: string): Promise<ChatModel> {
  const worker = scriptedWorker(
    `if (message.type === 'open') send({ type: 'ready', bytes: 1 }); else { ${onChat} }`,
  )
  const model = await openLocalChatModel('scripted', worker, { base: 'x' }, { cacheFolder: 'x' })
  onTestFinished(() => model[Symbol.asyncDispose]())
  return model
}

async function partsOf(model: ChatModel, request: ChatRequest, options?: WaitOptions): Promise<ChatPart[]> {
  const parts: ChatPart[] = []
  for await (const part of model.chat(request, options)) parts.push(part)
  return parts
}

/** Without what the cache did, which depends on what was asked before. */
const answerOf = (parts: readonly ChatPart[]): ChatPart[] =>
  parts.map((part) => {
    if (part.type !== 'finish') return part
    const { cache: _, ...usage } = part.usage
    return { ...part, usage }
  })

const textOf = (parts: readonly ChatPart[]): string =>
  parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('')

const delta = "send({ type: 'part', id: message.id, part: { type: 'text-delta', text: 'a' } })"

describe('a chat', () => {
  test('is streamed and ends with one finish; two at once equal each alone', async () => {
    const model = await openTiny()
    const other: ChatRequest = {
      messages: [
        { role: 'system', content: 'be' },
        { role: 'user', content: 'yes?' },
      ],
      maxTokens: 5,
      temperature: 1,
      seed: 4,
      logProbabilities: true,
    }
    const [first, second] = await Promise.all([partsOf(model, hello), partsOf(model, other)])
    expect(first.filter(({ type }) => type === 'finish')).toHaveLength(1)
    expect(first.at(-1)).toMatchObject({ type: 'finish', usage: { promptTokens: 21 } })
    expect(textOf(first).length).toBeGreaterThan(0)
    expect(answerOf(await partsOf(model, hello))).toEqual(answerOf(first))
    // In a batch the sums of a row may be rounded otherwise, so the log-probabilities are compared as numbers.
    const alone = await partsOf(model, other)
    expect(textOf(alone)).toBe(textOf(second))
    expect(answerOf(alone).at(-1)).toEqual(answerOf(second).at(-1))
    const probabilities = second.flatMap((part) =>
      part.type === 'text-delta' ? (part.logProbabilities ?? []) : [],
    )
    expect(probabilities.length).toBeGreaterThan(0)
    expect(probabilities.filter((value) => !(value <= 0 && value > -20))).toEqual([])
  })

  test('tells its tokens and the likeliest ones, where it is asked to', async () => {
    const model = await openTiny()
    const parts = await partsOf(model, { ...hello, likeliestTokens: 3, logProbabilities: true })
    const texts = parts.filter((part) => part.type === 'text-delta')
    const tokens = texts.flatMap((part) => part.tokens ?? [])
    expect(tokens.length).toBeGreaterThan(0)
    expect(Buffer.from(tokens.flatMap(({ bytes }) => bytes)).toString()).toBe(textOf(parts))
    // Greedy: each is the likeliest of its place.
    expect(tokens.map(({ likeliest }) => likeliest.length)).toEqual(tokens.map(() => 3))
    for (const { bytes, logProbability, likeliest } of tokens)
      expect(likeliest[0]).toEqual({ bytes, logProbability })
    const numbers = texts.flatMap((part) => part.logProbabilities ?? [])
    for (const [at, { logProbability }] of tokens.entries())
      expect(logProbability).toBeCloseTo(numbers[at] ?? Number.NaN, 9)
  })

  test('that is left early does not hold up the next one', async () => {
    const model = await openTiny()
    for await (const part of model.chat({ ...hello, maxTokens: 40 })) {
      expect(part.type).toBe('text-delta')
      break
    }
    expect((await partsOf(model, hello)).at(-1)?.type).toBe('finish')
  })

  test('that is aborted rejects with the reason, leaves no listener, and the model goes on', async () => {
    const model = await openTiny()
    const controller = new AbortController()
    const reason = new Error('enough')
    const seen: ChatPart[] = []
    const reading = (async () => {
      for await (const part of model.chat({ ...hello, maxTokens: 40 }, { signal: controller.signal })) {
        seen.push(part)
        controller.abort(reason)
      }
    })()
    await expect(reading).rejects.toBe(reason)
    expect(seen.length).toBeGreaterThan(0)
    expect(seen.filter(({ type }) => type === 'finish')).toEqual([])
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    await expect(partsOf(model, hello, { signal: controller.signal })).rejects.toBe(reason)
    expect((await partsOf(model, hello)).at(-1)?.type).toBe('finish')
  })

  test('that is aborted when all of it has arrived rejects too', async () => {
    const finish = "{ type: 'finish', reason: 'stop', usage: { promptTokens: 1, completionTokens: 2 } }"
    const model = await openScripted(
      `${delta}; ${delta}; send({ type: 'part', id: message.id, part: ${finish} })`,
    )
    const controller = new AbortController()
    const reading = (async () => {
      for await (const _ of model.chat(hello, { signal: controller.signal })) {
        await new Promise((resolve) => setTimeout(resolve, 50))
        controller.abort(new Error('enough'))
      }
    })()
    await expect(reading).rejects.toThrow('enough')
  })

  test('too long for the context is E_DATA_TOO_LONG, and others are answered', async () => {
    const model = await openTiny()
    const long: ChatRequest = { messages: [{ role: 'user', content: 'far too long '.repeat(10) }] }
    const [refused, answered] = await Promise.allSettled([partsOf(model, long), partsOf(model, hello)])
    expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'E_DATA_TOO_LONG' } })
    expect(answered.status).toBe('fulfilled')
  })
})

describe('labels', () => {
  const messages = [{ role: 'user', content: 'a?' }] as const

  test('are ranked, with shares that sum to 1, also beside a chat', async () => {
    const model = await openTiny()
    const labels = ['yes', 'no', 'yes!']
    const [scores] = await Promise.all([model.scoreLabels(messages, labels), partsOf(model, hello)])
    expect(scores.map(({ label }) => label).toSorted()).toEqual(labels.toSorted())
    expect(scores.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 9)
    const logProbabilities = scores.map(({ logProbability }) => logProbability)
    expect(logProbabilities).toEqual(logProbabilities.toSorted((left, right) => right - left))
    expect(await model.scoreLabels(messages, ['no'])).toMatchObject([{ label: 'no', probability: 1 }])
  })

  test('need one at least', async () => {
    const model = await openScripted('')
    await expect(model.scoreLabels(messages, [])).rejects.toMatchObject({ code: 'E_USAGE' })
  })

  test('that are aborted reject with the reason', async () => {
    const model = await openScripted('')
    const controller = new AbortController()
    const waiting = model.scoreLabels(messages, ['a'], { signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    await expect(model.scoreLabels(messages, ['a'], { signal: controller.signal })).rejects.toThrow('enough')
  })
})

describe("the worker's death", () => {
  test('fails every call under way and all later ones with E_WORKER and the signal', async () => {
    const model = await openScripted(`${delta}; if (message.id === 3) die()`)
    const calls = await Promise.allSettled([
      partsOf(model, hello),
      model.scoreLabels(hello.messages, ['a']),
      partsOf(model, hello),
    ])
    expect(calls).toHaveLength(3)
    const death = { code: 'E_WORKER', message: expect.stringContaining('SIGKILL') }
    for (const call of calls) expect(call).toMatchObject({ status: 'rejected', reason: death })
    await expect(partsOf(model, hello)).rejects.toMatchObject(death)
    await expect(model.scoreLabels(hello.messages, ['a'])).rejects.toMatchObject(death)
  })

  test('comes after the parts that arrived before', async () => {
    const model = await openScripted(`${delta}; setTimeout(die, 20)`)
    const seen: ChatPart[] = []
    const reading = (async () => {
      for await (const part of model.chat(hello)) seen.push(part)
    })()
    await expect(reading).rejects.toMatchObject({ code: 'E_WORKER' })
    expect(textOf(seen)).toBe('a')
  })

  test('while it opens is the error of opening', async () => {
    const opening = openLocalChatModel('x', scriptedWorker('die()'), { base: 'x' }, { cacheFolder: 'x' })
    await expect(opening).rejects.toMatchObject({
      code: 'E_WORKER',
      message: expect.stringContaining('SIGKILL'),
    })
  })
})

describe('opening', () => {
  test('a folder that is no base is its own error', async () => {
    const { cacheFolder } = await tinyBase()
    const opening = openLocalChatModel('x', builtWorker('generate'), { base: cacheFolder }, { cacheFolder })
    await expect(opening).rejects.toMatchObject({ code: 'E_MODEL_FILE' })
  })

  test('an adapter of another base is its own error', async () => {
    const { folder, cacheFolder } = await tinyBase()
    const adapter = join('test', 'fixtures', 'llama-tiny', 'adapter')
    const opening = openLocalChatModel(
      'x',
      builtWorker('generate'),
      { base: folder, adapter },
      { cacheFolder },
    )
    await expect(opening).rejects.toMatchObject({
      code: 'E_MODEL_FILE',
      at: { file: join(adapter, 'adapter_model.safetensors') },
    })
  })

  test('can be aborted, before and while', async () => {
    const silent = scriptedWorker('')
    const open = (signal: AbortSignal): Promise<ChatModel> =>
      openLocalChatModel('x', silent, { base: 'x' }, { cacheFolder: 'x' }, { signal })
    await expect(open(AbortSignal.abort(new Error('before')))).rejects.toThrow('before')
    const controller = new AbortController()
    const opening = open(controller.signal)
    controller.abort(new Error('while'))
    await expect(opening).rejects.toThrow('while')
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
  })

  test('that fails ends the worker', async () => {
    const pid = join(temporaryFolder(), 'pid')
    const worker = scriptedWorker(
      "send({ type: 'failed', error: { code: 'E_MODEL_FILE', message: 'no', at: {} } })",
      `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(pid)}, String(process.pid))`,
    )
    const opening = openLocalChatModel('x', worker, { base: 'x' }, { cacheFolder: 'x' })
    await expect(opening).rejects.toMatchObject({ code: 'E_MODEL_FILE', message: 'no' })
    expect(() => process.kill(Number(readFileSync(pid, 'utf8')), 0)).toThrow('ESRCH')
  })
})

test('a model that was closed fails what is under way, and says so', async () => {
  const model = await openScripted('')
  const waiting = partsOf(model, hello)
  const settled = Promise.allSettled([waiting])
  await model[Symbol.asyncDispose]()
  const [call] = await settled
  expect(call).toMatchObject({ reason: { code: 'E_WORKER', message: 'the model scripted was closed' } })
  await expect(partsOf(model, hello)).rejects.toMatchObject({ code: 'E_WORKER' })
})
