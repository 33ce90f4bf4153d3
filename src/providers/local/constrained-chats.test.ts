import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChatPart, ChatRequest } from '../../core/chat-model.ts'
import type { Tool } from '../../core/example.ts'
import { openBaseModel } from '../../engine/base-model.ts'
import { loadGenerator, type LoadedGenerator } from '../../engine/load-generator.ts'
import { importModel } from '../../engine/weights/import-model.ts'
import { tinyGguf } from '../../engine/weights/testing/hugging-face-folder.ts'
import type { FromGenerationWorker } from './generation-protocol.ts'
import { GenerationQueue } from './generation-queue.ts'

let home: string
let loaded: LoadedGenerator
let queue: GenerationQueue
let sent: FromGenerationWorker[] = []

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'hone-constrained-'))
  const { folder } = await importModel(tinyGguf, { home, id: 'tiny' })
  const cacheFolder = join(home, 'cache')
  const opened = await openBaseModel(folder, { cacheFolder })
  // Room for tools.
  const base = { ...opened, config: { ...opened.config, contextLength: 2048 } }
  loaded = await loadGenerator(base, undefined, cacheFolder, { threads: 1 })
  queue = new GenerationQueue(base, loaded.generator, (message) => void sent.push(message))
})
afterAll(async () => {
  await loaded[Symbol.asyncDispose]()
  rmSync(home, { recursive: true, force: true })
})

interface Answered {
  readonly text: string
  readonly calls: readonly { readonly name: string; readonly arguments: unknown }[]
  readonly reason: string | undefined
  readonly error: unknown
}

/** The answers of an untrained model, drawn at random. */
async function ask(...requests: readonly Omit<ChatRequest, 'messages'>[]): Promise<Answered[]> {
  sent = []
  await Promise.all(
    requests.map((request, id) =>
      queue.chat(id, {
        messages: [{ role: 'user', content: 'a' }],
        maxTokens: 120,
        temperature: 1.5,
        seed: id,
        ...request,
      }),
    ),
  )
  return requests.map((_, id) => {
    const parts = sent.flatMap((message): ChatPart[] =>
      message.type === 'part' && message.id === id ? [message.part] : [],
    )
    const failure = sent.find((message) => message.type === 'failed' && message.id === id)
    return {
      text: parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join(''),
      calls: parts.flatMap((part) => (part.type === 'tool-call' ? [part.call] : [])),
      reason: parts.find((part) => part.type === 'finish')?.reason,
      error: failure?.type === 'failed' ? failure.error : undefined,
    }
  })
}

const seeds = Array.from({ length: 12 }, (_, seed) => seed)

describe('an untrained model', () => {
  const schema = {
    type: 'object',
    properties: { a: { enum: ['x', 'é', '日'] }, b: { type: 'integer', minimum: 0, maximum: 99 } },
    required: ['a', 'b'],
    additionalProperties: false,
  }

  test('writes what a schema accepts, in one batch with free answers', async () => {
    const validate = new Ajv2020().compile(schema)
    const constraint = { type: 'json-schema', schema } as const
    const answers = await ask(
      ...seeds.map((seed) => ({ constraint, topP: seed % 2 === 0 ? 1 : 0.5 })),
      ...seeds.map(() => ({})),
    )
    const whole = answers.slice(0, seeds.length).filter(({ reason }) => reason === 'stop')
    // White space may take all the room that there is.
    expect(whole.length).toBeGreaterThan(3)
    expect(whole.filter(({ text }) => !validate(JSON.parse(text)))).toEqual([])
    expect(answers.filter(({ reason, error }) => reason === undefined || error !== undefined)).toEqual([])
  })

  test('writes what matches, and one of the choices', async () => {
    const pattern = '[A-C]{2}-\\d{1,3}(é|日)?'
    const choices = ['yes', 'no', 'non-é']
    const answers = await ask(
      ...seeds.map(() => ({ constraint: { type: 'regex', pattern } as const })),
      ...seeds.map(() => ({ constraint: { type: 'choice', choices } as const })),
    )
    expect(new Set(answers.map(({ reason }) => reason))).toEqual(new Set(['stop']))
    for (const { text } of answers.slice(0, 12)) expect(text).toMatch(/^[A-C]{2}-\d{1,3}(é|日)?$/)
    const chosen = answers.slice(12).map(({ text }) => text)
    expect(chosen.filter((text) => !choices.includes(text))).toEqual([])
    expect(new Set(chosen).size).toBeGreaterThan(1)
  })

  test('writes any object where that is asked for, or is cut', async () => {
    const answers = await ask(...seeds.map(() => ({ constraint: { type: 'json-object' } as const })))
    for (const { text, reason } of answers) {
      expect(text).toMatch(/^\{/)
      expect(['length', typeof JSON.parse(reason === 'stop' ? text : '{}')]).toContain(
        reason === 'stop' ? 'object' : reason,
      )
    }
  })

  test('is refused what cannot be kept, by name and place', async () => {
    const [refused, answered] = await ask(
      { constraint: { type: 'json-schema', schema: { type: 'array', uniqueItems: true } } },
      { maxTokens: 2 },
    )
    expect(refused?.error).toMatchObject({ code: 'E_CONSTRAINT', at: { pointer: '/uniqueItems' } })
    expect(answered?.reason).toBe('length')
  })
})

describe('a tool that must be called', () => {
  const parameters = {
    type: 'object',
    properties: { n: { type: 'integer', minimum: 0, maximum: 9 } },
    required: ['n'],
    additionalProperties: false,
  }
  // Drawn from all that is allowed, most of it is white space.
  const long = { maxTokens: 400 }
  const tools: readonly Tool[] = [{ name: 'f', parameters }, { name: 'g', parameters }, { name: 'any' }]

  test('is called, with arguments that its schema accepts', async () => {
    const named = await ask(...seeds.map(() => ({ ...long, tools, toolChoice: { name: 'g' } })))
    const required = await ask(
      ...seeds.map(() => ({ ...long, tools: tools.slice(0, 2), toolChoice: 'required' as const })),
    )
    const called = [...named, ...required].filter(({ reason }) => reason === 'tool-calls')
    expect(called.length).toBeGreaterThan(3)
    expect(called.filter(({ text }) => text !== '')).toEqual([])
    for (const { calls } of called) {
      for (const { arguments: given } of calls) expect(given).toEqual({ n: expect.any(Number) as number })
    }
    const names = (answers: readonly Answered[]): string[] =>
      answers.flatMap(({ calls }) => calls.map(({ name }) => name))
    expect(new Set(names(named))).toEqual(new Set(['g']))
    expect(new Set([...names(required), 'f', 'g'])).toEqual(new Set(['f', 'g']))
    expect(named.every(({ calls }) => calls.length <= 1)).toBe(true)
  })

  test.each<[Omit<ChatRequest, 'messages'>, string]>([
    [{ toolChoice: 'required' }, '/toolChoice'],
    [{ tools, toolChoice: { name: 'h' } }, '/toolChoice/name'],
    [
      { tools: [{ name: 'f', parameters: { type: 'array' } }], toolChoice: 'required' },
      '/tools/0/parameters',
    ],
    [
      {
        tools: [tools[0]!, { name: 'g', parameters: { properties: { a: { not: {} } } } }],
        toolChoice: { name: 'g' },
      },
      '/tools/1/parameters/properties/a/not',
    ],
  ])('that cannot be called as its schema says is refused: %#', async (request, pointer) => {
    const [answer] = await ask(request)
    expect(answer?.error).toMatchObject({ code: 'E_CONSTRAINT', at: { pointer } })
  })

  test('is not told of with the choice none', async () => {
    const [none, without] = await ask({ tools, toolChoice: 'none' }, { seed: 0 })
    expect(none).toEqual(without)
  })
})
