import { createAnthropic } from '@ai-sdk/anthropic'
import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import {
  generateObject,
  generateText,
  Output,
  stepCountIs,
  streamText,
  tool,
  type LanguageModel,
  type ModelMessage,
} from 'ai'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { startServer, type TestServer } from './testing/start-server.ts'
import { tinyHome } from './testing/tiny-home.ts'

let server: TestServer

beforeAll(async () => {
  server = await startServer(await tinyHome(2048))
}, 60_000)
afterAll(() => server[Symbol.asyncDispose]())

const openai = (): ReturnType<typeof createOpenAI> =>
  createOpenAI({ baseURL: `${server.endpoint}/v1`, apiKey: server.bearer })
const compatible = (): ReturnType<typeof createOpenAICompatible> =>
  createOpenAICompatible({
    name: 'hone',
    baseURL: `${server.endpoint}/v1`,
    apiKey: server.bearer,
    includeUsage: true,
    supportsStructuredOutputs: true,
  })
const anthropic = (): ReturnType<typeof createAnthropic> =>
  createAnthropic({ baseURL: `${server.endpoint}/v1`, apiKey: server.bearer })

const chats: readonly (readonly [name: string, model: () => LanguageModel])[] = [
  ['@ai-sdk/openai, responses', () => openai()('gpt-4o-mini')],
  ['@ai-sdk/openai, chat', () => openai().chat('gpt-4o-mini')],
  ['@ai-sdk/openai-compatible', () => compatible()('gpt-4o-mini')],
  ['@ai-sdk/anthropic', () => anthropic()('claude-3-haiku-20240307')],
]
const all: typeof chats = [
  ...chats,
  ['@ai-sdk/openai, completion', () => openai().completion('gpt-4o-mini')],
  ['@ai-sdk/openai-compatible, completion', () => compatible().completionModel('gpt-4o-mini')],
]

const common = { temperature: 0, maxRetries: 0 }
const colour = z.object({ colour: z.enum(['red', 'blue']) })

describe.each(all)('%s', (_, model) => {
  test('writes a text, whole and streamed, and tells the tokens', async () => {
    const asked = { ...common, model: model(), prompt: 'Hello', maxOutputTokens: 12 }
    const whole = await generateText(asked)
    expect(whole.warnings ?? []).toEqual([])
    expect(whole.finishReason).toBe('length')
    expect(whole.usage).toMatchObject({ inputTokens: expect.any(Number), outputTokens: 12 })
    const stream = streamText(asked)
    const texts: string[] = []
    for await (const text of stream.textStream) texts.push(text)
    expect(texts.join('')).toBe(whole.text)
    expect(await stream.finishReason).toBe('length')
    expect(await stream.usage).toMatchObject({
      inputTokens: whole.usage.inputTokens,
      outputTokens: 12,
    })
  })

  test('is stopped in the middle, which frees its place at once', async () => {
    const stopping = new AbortController()
    const stream = streamText({
      ...common,
      model: model(),
      prompt: 'Hello',
      maxOutputTokens: 1500,
      abortSignal: stopping.signal,
    })
    const types: string[] = []
    for await (const part of stream.fullStream) {
      types.push(part.type)
      if (part.type === 'text-delta') stopping.abort()
    }
    expect(types.at(-1)).toBe('abort')
    await vi.waitFor(() => expect(server.parts.inference.underWay).toBe(0))
  })
})

describe.each(chats)('%s', (_, model) => {
  test('writes an object that fits its schema', async () => {
    const asked = { ...common, model: model(), prompt: 'Red or blue?', maxOutputTokens: 500 }
    const { object } = await generateObject({ ...asked, schema: colour })
    expect(colour.parse(object)).toEqual(object)
    const { output } = await generateText({ ...asked, output: Output.object({ schema: colour }) })
    expect(colour.parse(output)).toEqual(output)
    const stream = streamText({ ...asked, output: Output.object({ schema: colour }) })
    expect(colour.parse(await stream.output)).toEqual(output)
  })

  test('calls a tool and goes on with what it gave', async () => {
    const painted: string[] = []
    const paint = tool({
      description: 'Paints a wall',
      inputSchema: colour,
      execute: ({ colour: asked }) => {
        painted.push(asked)
        return Promise.resolve({ painted: asked })
      },
    })
    const asked = {
      ...common,
      model: model(),
      prompt: 'Paint it red.',
      tools: { paint },
      maxOutputTokens: 500,
      stopWhen: stepCountIs(2),
      prepareStep: ({ stepNumber }: { readonly stepNumber: number }) => ({
        toolChoice:
          stepNumber === 0 ? { type: 'tool' as const, toolName: 'paint' as const } : ('none' as const),
      }),
    }
    const whole = await generateText(asked)
    expect(whole.steps.map(({ finishReason }) => finishReason)[0]).toBe('tool-calls')
    expect(whole.steps).toHaveLength(2)
    expect(painted).toHaveLength(1)
    expect(whole.response.messages.map(({ role }) => role)).toEqual(['assistant', 'tool', 'assistant'])
    expect(whole.steps[1]!.usage.outputTokens).toBeGreaterThan(0)
    const stream = streamText(asked)
    await stream.consumeStream()
    const [call] = (await stream.steps)[0]!.toolCalls
    expect(call).toMatchObject({ toolName: 'paint', input: { colour: painted[1] } })
    expect((await stream.steps)[1]!.text).toBe(whole.steps[1]!.text)
  })

  test('goes on with a conversation', async () => {
    const messages: ModelMessage[] = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hello' },
    ]
    const first = await generateText({ ...common, model: model(), messages, maxOutputTokens: 8 })
    messages.push(...first.response.messages, { role: 'user', content: 'And now?' })
    const second = await generateText({ ...common, model: model(), messages, maxOutputTokens: 8 })
    expect(second.usage.inputTokens).toBeGreaterThan((first.usage.inputTokens ?? 0) + 8)
  })
})

test.each([
  ['@ai-sdk/openai, responses', () => openai()('gpt-4o-mini')],
  ['@ai-sdk/openai, chat', () => openai().chat('gpt-4o-mini')],
  ['@ai-sdk/anthropic', () => anthropic()('claude-3-haiku-20240307')],
] as const)('%s: a tool that must be called is called once where that is asked for', async (_, model) => {
  const { toolCalls, finishReason } = await generateText({
    ...common,
    model: model(),
    prompt: 'Paint it.',
    tools: { paint: tool({ inputSchema: colour }) },
    toolChoice: 'required',
    maxOutputTokens: 500,
    providerOptions: {
      openai: { parallelToolCalls: false },
      anthropic: { disableParallelToolUse: true },
    },
  })
  expect(finishReason).toBe('tool-calls')
  expect(toolCalls).toHaveLength(1)
})

test('prompt tokens that were there already are told', async () => {
  const system = 'Answer with the colour of the wall that the user names, and with nothing else.'
  const cached: (number | undefined)[] = []
  for (const model of [openai().chat('gpt-4o-mini'), openai()('gpt-4o-mini'), compatible()('gpt-4o-mini')]) {
    for (const prompt of ['north', 'south', 'west']) {
      const { usage } = await generateText({ ...common, model, system, prompt, maxOutputTokens: 1 })
      cached.push(usage.inputTokenDetails.cacheReadTokens)
    }
  }
  expect(cached[0]).toBe(0)
  // A beginning is kept when it comes a second time, and all three ask alike.
  expect(Math.min(...cached.slice(2).map((tokens = 0) => tokens))).toBeGreaterThan(16)
})

test('what the server cannot keep to is an error of the SDK with its words', async () => {
  const asked = { ...common, model: openai().chat('gpt-4o-mini'), prompt: 'Hello' }
  await expect(generateText({ ...asked, presencePenalty: 1 })).rejects.toMatchObject({
    name: 'AI_APICallError',
    statusCode: 400,
    responseBody: expect.stringContaining('"param":"presence_penalty"'),
  })
  await expect(generateText({ ...asked, model: openai()('gpt-9') })).rejects.toMatchObject({
    statusCode: 404,
    isRetryable: false,
  })
})

test('nothing of this was a failure of the server', () => {
  expect(server.failures).toEqual([])
})
