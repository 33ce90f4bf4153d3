import Anthropic from '@anthropic-ai/sdk'
import { betaZodTool } from '@anthropic-ai/sdk/helpers/beta/zod'
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod'
import OpenAI from 'openai'
import { zodFunction, zodResponseFormat, zodTextFormat } from 'openai/helpers/zod'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { startServer, type TestServer } from './testing/start-server.ts'
import { tinyHome } from './testing/tiny-home.ts'

let server: TestServer
let openai: OpenAI
let anthropic: Anthropic

beforeAll(async () => {
  server = await startServer(await tinyHome(2048))
  const { endpoint, bearer: apiKey } = server
  openai = new OpenAI({ apiKey, baseURL: `${endpoint}/v1`, maxRetries: 0 })
  anthropic = new Anthropic({ apiKey, baseURL: endpoint, maxRetries: 0 })
}, 60_000)
afterAll(() => server[Symbol.asyncDispose]())

const colour = z.object({ colour: z.enum(['red', 'blue']) })
const model = 'gpt-4o-mini'
const haiku = 'claude-3-haiku-20240307'
const messages = [{ role: 'user' as const, content: 'Red or blue?' }]
const asked = { model, messages, max_tokens: 500, seed: 7 }

test("OpenAI's helpers parse what was kept to a schema", async () => {
  const response_format = zodResponseFormat(colour, 'colour')
  const whole = await openai.chat.completions.parse({ ...asked, response_format })
  expect(colour.parse(whole.choices[0]?.message.parsed)).toEqual(whole.choices[0]?.message.parsed)
  const stream = openai.chat.completions.stream({ ...asked, response_format })
  const final = await stream.finalChatCompletion()
  expect(final.choices[0]?.message.parsed).toEqual(whole.choices[0]?.message.parsed)
  const response = await openai.responses.parse({
    model,
    input: 'Red or blue?',
    max_output_tokens: 500,
    text: { format: zodTextFormat(colour, 'colour') },
  })
  expect(colour.parse(response.output_parsed)).toEqual(response.output_parsed)
})

test("OpenAI's helpers run tools until there is an answer", async () => {
  const painted: string[] = []
  const paint = zodFunction({
    name: 'paint',
    parameters: colour,
    function: (given) => {
      painted.push(given.colour)
      return `painted ${given.colour}`
    },
  })
  const runner = openai.chat.completions.runTools({
    ...asked,
    tools: [paint],
    tool_choice: { type: 'function', function: { name: 'paint' } },
  })
  await runner.done()
  expect(painted).toHaveLength(1)
  expect(runner.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool'])
})

test("Anthropic's helpers parse what was kept to a schema, also by the paths of betas", async () => {
  const body = { model: haiku, messages, max_tokens: 500, temperature: 0 }
  const output_config = { format: zodOutputFormat(colour) }
  const whole = await anthropic.messages.parse({ ...body, output_config })
  expect(colour.parse(whole.parsed_output)).toEqual(whole.parsed_output)
  const final = await anthropic.messages.stream({ ...body, output_config }).finalMessage()
  expect(final.content).toMatchObject([{ type: 'text' }])
  const beta = await anthropic.beta.messages.create({
    ...body,
    max_tokens: 4,
    betas: ['token-efficient-tools-2025-02-19'],
  })
  expect(beta).toMatchObject({ type: 'message', usage: { output_tokens: 4 } })
  const { input_tokens: counted } = await anthropic.beta.messages.countTokens({ model: haiku, messages })
  expect(counted).toBe(beta.usage.input_tokens)
  const models: string[] = []
  for await (const { id } of anthropic.beta.models.list({ limit: 1 })) models.push(id)
  expect(models).toContain(haiku)
})

test("Anthropic's helpers run tools until there is an answer", async () => {
  const painted: string[] = []
  const paint = betaZodTool({
    name: 'paint',
    description: 'Paints a wall',
    inputSchema: colour,
    run: (given) => {
      painted.push(given.colour)
      return `painted ${given.colour}`
    },
  })
  const runner = anthropic.beta.messages.toolRunner({
    model: haiku,
    messages,
    max_tokens: 500,
    tools: [paint],
    tool_choice: { type: 'tool', name: 'paint' },
    max_iterations: 2,
    thread: false,
  })
  const last = await runner.runUntilDone()
  expect(last.type).toBe('message')
  expect(painted.length).toBeGreaterThan(0)
  // The SDK goes on without a thread where this is what it is told, if it may.
  const threaded = { model: haiku, messages, max_tokens: 1, thread: { type: 'create' as const } }
  await expect(anthropic.beta.messages.create(threaded)).rejects.toMatchObject({
    status: 400,
    error: { error: { details: { error_code: 'thread_unsupported_request', unsupported: ['thread'] } } },
  })
})

test('nothing of this was a failure of the server', () => {
  expect(server.failures).toEqual([])
})
