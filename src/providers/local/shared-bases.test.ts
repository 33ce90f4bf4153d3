import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { ChatModel, ChatPart, ChatRequest } from '../../core/chat-model.ts'
import { initializeAdapter, parametersOf, type AdapterConfig } from '../../engine/adapter/adapter.ts'
import { writeAdapter } from '../../engine/adapter/adapter-files.ts'
import { openBaseModel } from '../../engine/base-model.ts'
import { createRandom } from '../../lib/random.ts'
import type { EngineOptions } from './training-protocol.ts'
import { openLocalChatModel } from './local-chat-model.ts'
import { SharedBases } from './shared-bases.ts'
import { scriptedWorker } from './testing/scripted-worker.ts'
import { builtWorker, tinyBase } from './testing/tiny-base.ts'

interface Home {
  readonly base: string
  readonly options: EngineOptions
  /** Folders. */
  readonly adapters: readonly string[]
}

/** A base with two adapters of other ranks and modules. */
async function homeWithAdapters(): Promise<Home> {
  const { folder, cacheFolder } = await tinyBase()
  const { architecture, config } = await openBaseModel(folder, { cacheFolder })
  const configs: AdapterConfig[] = [
    { rank: 2, alpha: 9, targetModules: architecture.linearModules },
    { rank: 5, alpha: 11, targetModules: architecture.linearModules.slice(0, 2) },
  ]
  const adapters: string[] = []
  for (const [seed, each] of configs.entries()) {
    const adapter = initializeAdapter(architecture, config, each, seed)
    const random = createRandom(seed)
    const parameters = parametersOf(adapter)
    for (const [index, value] of parameters.entries()) parameters[index] = value + random.next() - 0.5
    const target = join(cacheFolder, `adapter-${seed}`)
    await writeAdapter(target, adapter, 'tiny')
    adapters.push(target)
  }
  return { base: folder, adapters, options: { cacheFolder, threads: 1, longLived: true } }
}

const request = (content: string): ChatRequest => ({
  messages: [{ role: 'user', content }],
  maxTokens: 10,
  logProbabilities: true,
})

interface Answer {
  readonly text: string
  readonly logProbabilities: readonly number[]
}

async function answer(model: ChatModel, content: string): Promise<Answer> {
  const parts: ChatPart[] = []
  for await (const part of model.chat(request(content))) parts.push(part)
  const texts = parts.flatMap((part) => (part.type === 'text-delta' ? [part] : []))
  return {
    text: texts.map(({ text }) => text).join(''),
    logProbabilities: texts.flatMap(({ logProbabilities }) => logProbabilities ?? []),
  }
}

describe('models on one base', () => {
  test('answer at once as each alone does, from one process', async () => {
    const { base, options, adapters } = await homeWithAdapters()
    const bases = new SharedBases(builtWorker('generate'), options)
    const folders = [{ base }, ...adapters.map((adapter) => ({ base, adapter }))]
    const models: ChatModel[] = []
    for (const [index, each] of folders.entries()) {
      const model = await bases.open(`model ${index}`, each)
      onTestFinished(() => model[Symbol.asyncDispose]())
      models.push(model)
    }
    const memories = models.map(({ memory }) => memory!)
    expect(memories[0]!.own).toBe(0)
    expect(memories[1]!.own).toBeGreaterThan(0)
    expect(new Set(memories.map((memory) => JSON.stringify(memory.base))).size).toBe(1)
    expect(memories[0]!.base!.bytes).toBeGreaterThan(1000)

    const questions = ['hi', 'yes?', 'ab']
    const together = await Promise.all(
      models.flatMap((model) => questions.map((question) => answer(model, question))),
    )
    const labels = await Promise.all(
      models.map((model) => model.scoreLabels([{ role: 'user', content: 'a?' }], ['yes', 'no'])),
    )
    let compared = 0
    for (const [index, each] of folders.entries()) {
      await using alone = await openLocalChatModel('alone', builtWorker('generate'), each, options)
      for (const [place, question] of questions.entries()) {
        const shared = together[index * questions.length + place]!
        const single = await answer(alone, question)
        expect(shared.text).toBe(single.text)
        for (const [at, value] of single.logProbabilities.entries()) {
          expect(Math.abs(shared.logProbabilities[at]! - value)).toBeLessThan(1e-5)
          compared += 1
        }
      }
      const scores = await alone.scoreLabels([{ role: 'user', content: 'a?' }], ['yes', 'no'])
      for (const [at, { label, logProbability }] of scores.entries()) {
        expect(labels[index]![at]!.label).toBe(label)
        expect(Math.abs(labels[index]![at]!.logProbability - logProbability)).toBeLessThan(1e-5)
      }
    }
    expect(compared).toBeGreaterThan(40)
    expect(new Set(together.map(({ logProbabilities }) => logProbabilities[0])).size).toBeGreaterThan(6)
  })

  test('that is closed leaves the others, and may come again', async () => {
    const { base, options, adapters } = await homeWithAdapters()
    const bases = new SharedBases(builtWorker('generate'), options)
    const [adapter] = adapters as [string]
    await using kept = await bases.open('base', { base })
    const first = await bases.open('tuned', { base, adapter })
    const before = await answer(first, 'hi')
    await first[Symbol.asyncDispose]()
    await first[Symbol.asyncDispose]()
    await expect(answer(first, 'hi')).rejects.toMatchObject({ code: 'E_INTERNAL' })
    expect((await answer(kept, 'hi')).text).not.toBe('')
    await using again = await bases.open('tuned', { base, adapter })
    expect(await answer(again, 'hi')).toEqual(before)
  })

  test('an adapter that cannot be read is its own error', async () => {
    const { base, options } = await homeWithAdapters()
    const bases = new SharedBases(builtWorker('generate'), options)
    await using kept = await bases.open('base', { base })
    await expect(bases.open('x', { base, adapter: join(base, 'nowhere') })).rejects.toMatchObject({
      code: 'E_MODEL_FILE',
    })
    expect((await answer(kept, 'hi')).text).not.toBe('')
  })
})

/** Answers opening and loading, tells its process with each chat, and dies when asked to. */
const scripted = [
  "if (message.type === 'open') send({ type: 'ready', bytes: 7 })",
  "if (message.type === 'load') send({ type: 'loaded', id: message.id, bytes: 3 })",
  "if (message.type === 'chat' && message.request.messages[0].content === 'die') die()",
  "else if (message.type === 'chat') { send({ type: 'part', id: message.id, part: { type: 'text-delta', text: String(process.pid) } });",
  "send({ type: 'part', id: message.id, part: { type: 'finish', reason: 'stop', usage: { promptTokens: 1, completionTokens: 1 } } }) }",
].join('\n')

const isThere = (processId: number): boolean => {
  try {
    return process.kill(processId, 0)
  } catch {
    return false
  }
}

describe('the process of a base', () => {
  test('is one for all its models, and ends with the last', async () => {
    const bases = new SharedBases(scriptedWorker(scripted), { cacheFolder: 'x' })
    const [first, second] = await Promise.all([
      bases.open('a', { base: 'x', adapter: 'a' }),
      bases.open('b', { base: 'x', adapter: 'b' }),
    ])
    expect([first.memory, second.memory]).toEqual([
      { own: 3, base: { name: 'x', bytes: 7 } },
      { own: 3, base: { name: 'x', bytes: 7 } },
    ])
    const processId = Number((await answer(first, 'who')).text)
    expect(Number((await answer(second, 'who')).text)).toBe(processId)
    await using other = await bases.open('c', { base: 'y' })
    expect(Number((await answer(other, 'who')).text)).not.toBe(processId)
    await first[Symbol.asyncDispose]()
    expect(isThere(processId)).toBe(true)
    await second[Symbol.asyncDispose]()
    expect(isThere(processId)).toBe(false)
  })

  test('that dies fails all its models, and the next one that is opened starts another', async () => {
    const bases = new SharedBases(scriptedWorker(scripted), { cacheFolder: 'x' })
    const first = await bases.open('a', { base: 'x' })
    const second = await bases.open('b', { base: 'x', adapter: 'b' })
    expect(second.isAlive).toBe(true)
    await expect(answer(first, 'die')).rejects.toMatchObject({ code: 'E_WORKER' })
    await expect(answer(second, 'who')).rejects.toMatchObject({ code: 'E_WORKER' })
    expect(second.isAlive).toBe(false)
    await using third = await bases.open('b', { base: 'x', adapter: 'b' })
    await first[Symbol.asyncDispose]()
    await second[Symbol.asyncDispose]()
    expect(Number((await answer(third, 'who')).text)).toBeGreaterThan(0)
  })

  test('that cannot be opened is tried anew', async () => {
    const failing = "send({ type: 'failed', error: { code: 'E_MODEL_FILE', message: 'no', at: {} } })"
    const bases = new SharedBases(scriptedWorker(failing), { cacheFolder: 'x' })
    const opening = [bases.open('a', { base: 'x' }), bases.open('b', { base: 'x' })]
    for (const result of await Promise.allSettled(opening))
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'E_MODEL_FILE' } })
    await expect(bases.open('a', { base: 'x' })).rejects.toMatchObject({ code: 'E_MODEL_FILE' })
  })

  test('who stops waiting for it does not keep it from others', async () => {
    const slow = `if (message.type === 'open') setTimeout(() => send({ type: 'ready', bytes: 7 }), 100); else { ${scripted} }`
    const bases = new SharedBases(scriptedWorker(slow), { cacheFolder: 'x' })
    const controller = new AbortController()
    const gone = bases.open('a', { base: 'x' }, { signal: controller.signal })
    const kept = bases.open('b', { base: 'x' })
    controller.abort(new Error('enough'))
    await expect(gone).rejects.toThrow('enough')
    await using model = await kept
    expect(Number((await answer(model, 'who')).text)).toBeGreaterThan(0)
  })
})
