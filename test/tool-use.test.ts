import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  CountTokensCommand,
  InvokeModelCommand,
  type ConverseCommandInput,
} from '@aws-sdk/client-bedrock-runtime'
import { AnthropicBedrock } from '@anthropic-ai/bedrock-sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type TestServer } from './testing/start-server.ts'
import { tinyHome } from './testing/tiny-home.ts'
import { createToldChat } from './testing/told-chat.ts'

const haiku = 'anthropic.claude-3-haiku-20240307-v1:0'
const call = '<tool_call>{"name": "find_claim", "arguments": {"id": "C-7"}}</tool_call>'

const told = createToldChat()
const { asked } = told

let server: TestServer
let runtime: BedrockRuntimeClient
let anthropic: AnthropicBedrock

beforeAll(async () => {
  const home = await tinyHome()
  server = await startServer({
    ...home,
    chat: told,
  })
  const { accessKeyId, secretAccessKey } = server.credentials
  runtime = new BedrockRuntimeClient({
    endpoint: server.endpoint,
    region: 'us-west-2',
    credentials: server.credentials,
    maxAttempts: 1,
  })
  anthropic = new AnthropicBedrock({
    awsAccessKey: accessKeyId,
    awsSecretKey: secretAccessKey,
    awsRegion: 'us-west-2',
    baseURL: server.endpoint,
    maxRetries: 0,
  })
}, 60_000)

afterAll(async () => {
  runtime.destroy()
  await server[Symbol.asyncDispose]()
})

const schema = { type: 'object', properties: { id: { type: 'string' } } } as const
const question = {
  model: haiku,
  max_tokens: 100,
  system: 'You help.',
  messages: [{ role: 'user' as const, content: 'Where is claim C-7?' }],
  tools: [{ name: 'find_claim', description: 'Finds a claim', input_schema: schema }],
}
const converse: ConverseCommandInput = {
  modelId: haiku,
  messages: [{ role: 'user', content: [{ text: 'Where is claim C-7?' }] }],
  toolConfig: {
    tools: [
      { toolSpec: { name: 'find_claim', description: 'Finds a claim', inputSchema: { json: schema } } },
    ],
  },
}

test("Anthropic's client gets calls, gives their results, and gets the answer", async () => {
  asked.length = 0
  told.answer = `I look.\n${call}`
  const first = await anthropic.messages.create(question)
  expect(first).toMatchObject({
    stop_reason: 'tool_use',
    content: [
      { type: 'text', text: 'I look.' },
      { type: 'tool_use', name: 'find_claim', input: { id: 'C-7' } },
    ],
  })
  const id = first.content.find((block) => block.type === 'tool_use')?.id ?? ''
  told.answer = 'It is paid.'
  const second = await anthropic.messages.create({
    ...question,
    messages: [
      ...question.messages,
      { role: 'assistant', content: first.content },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: id, content: 'down', is_error: true },
          { type: 'text', text: 'Well?' },
        ],
      },
    ],
  })
  expect(second).toMatchObject({ stop_reason: 'end_turn', content: [{ type: 'text', text: 'It is paid.' }] })
  expect(second.usage.input_tokens).toBeGreaterThan(first.usage.input_tokens)
  const tools = [{ name: 'find_claim', description: 'Finds a claim', parameters: schema }]
  expect(asked.map((request) => request.tools)).toEqual([tools, tools])
  expect(asked[1]?.messages.slice(2)).toMatchObject([
    {
      role: 'assistant',
      content: 'I look.',
      toolCalls: [{ id, name: 'find_claim', arguments: { id: 'C-7' } }],
    },
    { role: 'tool', content: 'down', toolCallId: id, failed: true },
    { role: 'user', content: 'Well?' },
  ])
})

test("the events of Anthropic's stream come in their order", async () => {
  told.answer = `I look.\n${call}${call}`
  const types: string[] = []
  const stream = anthropic.messages.stream(question)
  stream.on('streamEvent', ({ type }) => {
    if (types.at(-1) !== type) types.push(type)
  })
  const whole = await stream.finalMessage()
  expect(whole).toMatchObject({
    stop_reason: 'tool_use',
    content: [
      { type: 'text', text: 'I look.' },
      { type: 'tool_use', input: { id: 'C-7' } },
      { type: 'tool_use', input: { id: 'C-7' } },
    ],
  })
  const block = ['content_block_start', 'content_block_delta', 'content_block_stop']
  expect(types).toEqual(['message_start', ...block, ...block, ...block, 'message_delta', 'message_stop'])
})

test('Converse and its stream call tools', async () => {
  told.answer = call
  const { output, stopReason } = await runtime.send(new ConverseCommand(converse))
  expect(stopReason).toBe('tool_use')
  expect(output?.message?.content).toMatchObject([{ toolUse: { name: 'find_claim', input: { id: 'C-7' } } }])
  const toolUseId = output?.message?.content?.[0]?.toolUse?.toolUseId
  expect(toolUseId).toMatch(/^[a-zA-Z0-9_-]{1,64}$/)

  const messages = [
    ...(converse.messages ?? []),
    { role: 'assistant' as const, content: output?.message?.content },
    { role: 'user' as const, content: [{ toolResult: { toolUseId, content: [{ json: { paid: true } }] } }] },
  ]
  const { stream } = await runtime.send(new ConverseStreamCommand({ ...converse, messages }))
  let input = ''
  let stopped: string | undefined
  for await (const event of stream ?? []) {
    input += event.contentBlockDelta?.delta?.toolUse?.input ?? ''
    stopped ??= event.messageStop?.stopReason
  }
  expect(JSON.parse(input)).toEqual({ id: 'C-7' })
  expect(stopped).toBe('tool_use')
  expect(asked.at(-1)?.messages.at(-1)).toMatchObject({
    role: 'tool',
    content: '{"paid":true}',
    toolCallId: toolUseId,
  })
})

test('with the choice none, the model is told of no tool and calls none', async () => {
  told.answer = call
  const whole = await anthropic.messages.create({ ...question, tool_choice: { type: 'none' } })
  expect(whole).toMatchObject({ stop_reason: 'end_turn', content: [{ type: 'text', text: call }] })
  expect(asked.at(-1)?.tools).toBeUndefined()
})

/** Tokens of the prompt of a body. */
async function count(given: object): Promise<number> {
  const bytes = Buffer.from(JSON.stringify({ anthropic_version: 'bedrock-2023-05-31', ...given }))
  const input = { invokeModel: { body: bytes } }
  return (await runtime.send(new CountTokensCommand({ modelId: haiku, input }))).inputTokens ?? 0
}

test('the tokens of tools are counted', async () => {
  const { messages, max_tokens, tools } = question
  const more = (await count({ messages, max_tokens, tools })) - (await count({ messages, max_tokens }))
  expect(more).toBeGreaterThan(100)
})

const { model: _, ...body } = question
const result = { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'x', content: '' }] }

test.each([
  [
    'a tool that is not offered',
    { ...body, tool_choice: { type: 'tool', name: 'lose_claim' } },
    /tool choice "lose_claim" is not among the tools/,
  ],
  [
    'a choice among none',
    { ...body, tools: undefined, tool_choice: { type: 'auto' } },
    /only be specified while providing tools/,
  ],
  ['a result without a call', { ...body, messages: [...body.messages, result] }, /answers no call/],
])('%s is refused, not ignored', async (_name, given, message) => {
  const content = JSON.stringify({ anthropic_version: 'bedrock-2023-05-31', ...given })
  await expect(runtime.send(new InvokeModelCommand({ modelId: haiku, body: content }))).rejects.toMatchObject(
    {
      name: 'ValidationException',
      message: expect.stringMatching(message),
    },
  )
})

test.each([
  [{ type: 'any' as const }, { any: {} }, 'required'],
  [
    { type: 'tool' as const, name: 'find_claim', disable_parallel_tool_use: true },
    { tool: { name: 'find_claim' } },
    { name: 'find_claim' },
  ],
])('the choice %j is demanded of the model', async (choice, ofConverse, demanded) => {
  told.answer = call
  asked.length = 0
  const message = await anthropic.messages.create({ ...question, tool_choice: choice })
  const { toolConfig } = converse
  const must = { ...toolConfig, tools: toolConfig?.tools, toolChoice: ofConverse }
  const output = await runtime.send(new ConverseCommand({ ...converse, toolConfig: must }))
  expect([message.stop_reason, output.stopReason]).toEqual(['tool_use', 'tool_use'])
  expect(asked.map(({ toolChoice }) => toolChoice)).toEqual([demanded, demanded])
})

test('one call at most, and arguments of a schema, are demanded where the model is free to call, too', async () => {
  told.answer = call
  asked.length = 0
  const tools = (question.tools ?? []).map((tool) => ({ ...tool, strict: true }))
  const choice = { type: 'auto' as const, disable_parallel_tool_use: true }
  await anthropic.messages.create({ ...question, tools, tool_choice: choice })
  const { toolConfig } = converse
  const strict = toolConfig?.tools?.map((tool) =>
    tool.toolSpec === undefined ? tool : { toolSpec: { ...tool.toolSpec, strict: true } },
  )
  await runtime.send(new ConverseCommand({ ...converse, toolConfig: { tools: strict } }))
  const strictTools = ['find_claim']
  expect(asked).toMatchObject([{ oneCall: true, strictTools }, { strictTools }])
})

test('an answer that the client has begun is gone on with', async () => {
  told.answer = ' goes on'
  asked.length = 0
  const begun = [...question.messages, { role: 'assistant' as const, content: 'It' }]
  const answered = await anthropic.messages.create({ model: haiku, max_tokens: 9, messages: begun })
  expect(answered.content).toMatchObject([{ text: ' goes on' }])
  const messages = begun.map(({ role, content }) => ({ role, content: [{ text: content }] }))
  await runtime.send(new ConverseCommand({ modelId: haiku, messages }))
  const nova = JSON.stringify({ messages })
  await runtime.send(new InvokeModelCommand({ modelId: 'amazon.nova-lite-v1:0', body: nova }))
  const wanted = { continuesAnswer: true, messages: begun }
  expect(asked).toMatchObject([wanted, wanted, wanted])
  const counted = await Promise.all(
    [messages, messages.slice(0, 1)].map((each) =>
      runtime.send(new CountTokensCommand({ modelId: haiku, input: { converse: { messages: each } } })),
    ),
  )
  expect(counted[0]?.inputTokens).toBeGreaterThan(counted[1]?.inputTokens ?? Infinity)
  for (const [text, toolConfig] of [
    ['It ', undefined],
    ['It', { ...converse.toolConfig, tools: converse.toolConfig?.tools, toolChoice: { any: {} } }],
  ] as const) {
    const wrong = [...messages.slice(0, 1), { role: 'assistant' as const, content: [{ text }] }]
    await expect(
      runtime.send(new ConverseCommand({ modelId: haiku, messages: wrong, toolConfig })),
    ).rejects.toMatchObject({ name: 'ValidationException' })
  }
})
