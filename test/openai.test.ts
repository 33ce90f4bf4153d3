import OpenAI from 'openai'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { HoneError } from '../src/core/errors.ts'
import { startServer, type TestServer } from './testing/start-server.ts'
import { tinyHome } from './testing/tiny-home.ts'
import { createToldChat } from './testing/told-chat.ts'

const model = 'gpt-4o-mini'
const told = createToldChat()
const { asked } = told

let server: TestServer
let base: string
let openai: OpenAI

beforeAll(async () => {
  const home = await tinyHome()
  base = home.base
  server = await startServer({ ...home, chat: told })
  openai = new OpenAI({ apiKey: server.bearer, baseURL: `${server.endpoint}/v1`, maxRetries: 0 })
}, 60_000)
afterAll(() => server[Symbol.asyncDispose]())
beforeEach(() => {
  told.answer = 'Hello.'
  told.failure = undefined
  asked.length = 0
})

const messages = [{ role: 'user' as const, content: 'Hi' }]
const question = { model, messages }

describe('models', () => {
  test('are listed and retrieved: stand-ins and those of the home', async () => {
    const { data } = await openai.models.list()
    expect(data.map(({ id }) => id)).toEqual(expect.arrayContaining(['gpt-4o-mini-2024-07-18', model, base]))
    expect(await openai.models.retrieve(base)).toMatchObject({ id: base, object: 'model', owned_by: 'hone' })
    await expect(openai.models.retrieve('gpt-9')).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
    })
  })

  test('that were made elsewhere answer by their names, and are deleted', async () => {
    const document = {
      homeId: 'custom-x1',
      jobId: null,
      profile: 'bedrock:claude-3-haiku',
      baseIdentifier: 'anthropic.claude-3-haiku-20240307-v1:0:200k',
      localBase: base,
      trainingLoss: null,
      validationLoss: null,
      dialect: {},
    }
    await server.parts.models.add({
      id: 'x1',
      name: 'made-by-bedrock',
      state: 'active',
      parent: null,
      document,
    })
    expect(await openai.models.retrieve('made-by-bedrock')).toMatchObject({
      owned_by: 'user',
      base_model: base,
    })
    const answer = await openai.chat.completions.create({ model: 'made-by-bedrock', messages })
    expect(answer.model).toBe('made-by-bedrock')
    const endpoint = await server.parts.endpoints.create('provisioned', 'fast', {
      modelId: 'x1',
      baseIdentifier: document.baseIdentifier,
      localBase: base,
      units: 1,
      description: null,
      commitment: null,
      commitmentEnds: null,
      dialect: {},
    })
    const { response } = await openai.chat.completions.create({ model: 'fast', messages }).withResponse()
    expect(response.headers.get('x-ratelimit-limit-tokens')).toBe('60000')
    await expect(openai.models.delete('made-by-bedrock')).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining('in use by fast'),
    })
    await server.parts.endpoints.remove('provisioned', endpoint.id)
    const tagged = 'arn:aws:bedrock:us-east-1:000000000000:custom-model/anthropic.claude-3-haiku/x1'
    await server.parts.tags.set(tagged, [{ key: 'team', value: 'claims' }])
    expect(await openai.models.delete('made-by-bedrock')).toEqual({
      id: 'made-by-bedrock',
      object: 'model',
      deleted: true,
    })
    expect(await server.parts.tags.list(tagged)).toEqual([])
    await expect(openai.models.retrieve('made-by-bedrock')).rejects.toMatchObject({ status: 404 })
    await expect(openai.models.delete(model)).rejects.toMatchObject({ status: 403, code: 'model_in_use' })
  })
})

describe('chat completions', () => {
  test('are answered whole', async () => {
    const { data, response, request_id: id } = await openai.chat.completions.create(question).withResponse()
    expect(data).toEqual({
      id: expect.stringMatching(/^chatcmpl-[0-9a-f]{32}$/),
      object: 'chat.completion',
      created: expect.any(Number),
      model: 'gpt-4o-mini-2024-07-18',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Hello.', refusal: null, annotations: [] },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: {
        prompt_tokens: expect.any(Number),
        completion_tokens: 6,
        total_tokens: (data.usage?.prompt_tokens ?? 0) + 6,
        prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
        completion_tokens_details: {
          reasoning_tokens: 0,
          audio_tokens: 0,
          accepted_prediction_tokens: 0,
          rejected_prediction_tokens: 0,
        },
      },
      service_tier: 'default',
      system_fingerprint: expect.stringMatching(/^fp_[0-9a-f]{10}$/),
    })
    expect(id).toMatch(/^[0-9a-f-]{36}$/)
    expect(response.headers.get('x-hone-base-model')).toBe(base)
    expect(Number(response.headers.get('openai-processing-ms'))).toBeGreaterThanOrEqual(0)
  })

  test('what is asked reaches the model', async () => {
    await openai.chat.completions.create({
      model,
      messages: [
        {
          role: 'developer',
          content: [
            { type: 'text', text: 'Be ' },
            { type: 'text', text: 'brief.' },
          ],
        },
        { role: 'user', content: 'Hi', name: 'Ann' },
      ],
      temperature: 0.5,
      top_p: 0.9,
      seed: 7,
      stop: ['END', ''],
      max_completion_tokens: 20,
      user: 'me',
      metadata: { a: 'b' },
      store: false,
      frequency_penalty: 0,
    })
    expect(asked).toEqual([
      {
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Hi', name: 'Ann' },
        ],
        temperature: 0.5,
        topP: 0.9,
        seed: 7,
        stop: ['END'],
        maxTokens: 20,
      },
    ])
  })

  test('are streamed as the whole is, with the tokens at the end where they are asked for', async () => {
    const whole = await openai.chat.completions.create({ ...question, max_tokens: 3 })
    const stream = openai.chat.completions.stream({
      ...question,
      max_tokens: 3,
      stream_options: { include_usage: true },
    })
    const final = await stream.finalChatCompletion()
    expect(final.choices[0]).toMatchObject({ message: { content: 'Hel' }, finish_reason: 'length' })
    expect(final.usage).toEqual(whole.usage)
    const chunks: OpenAI.ChatCompletionChunk[] = []
    for await (const chunk of await openai.chat.completions.create({ ...question, stream: true }))
      chunks.push(chunk)
    expect(chunks[0]?.choices[0]?.delta).toEqual({ role: 'assistant', content: '', refusal: null })
    expect(chunks.at(-1)?.choices[0]).toMatchObject({ delta: {}, finish_reason: 'stop' })
    expect(chunks.every((chunk) => !('usage' in chunk))).toBe(true)
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1)
  })

  test('several answers are drawn apart, also in a stream', async () => {
    const { choices, usage } = await openai.chat.completions.create({ ...question, n: 3 })
    expect(choices.map(({ index, message }) => [index, message.content])).toEqual([
      [0, 'Hello.'],
      [1, 'Hello.'],
      [2, 'Hello.'],
    ])
    expect(usage?.completion_tokens).toBe(18)
    expect(new Set(asked.map(({ seed }) => seed)).size).toBe(3)
    const final = await openai.chat.completions.stream({ ...question, n: 2 }).finalChatCompletion()
    expect(final.choices.map(({ message }) => message.content)).toEqual(['Hello.', 'Hello.'])
  })

  test('tell their tokens and the likeliest ones', async () => {
    told.answer = 'é.'
    const options = { ...question, logprobs: true, top_logprobs: 2 }
    const { choices } = await openai.chat.completions.create(options)
    const token = { token: 'é', logprob: -0.5, bytes: [195, 169] }
    expect(choices[0]?.logprobs).toMatchObject({
      content: [{ ...token, top_logprobs: [token, token] }, { token: '.' }],
      refusal: null,
    })
    const final = await openai.chat.completions.stream(options).finalChatCompletion()
    expect(final.choices[0]?.logprobs?.content).toEqual(choices[0]?.logprobs?.content)
  })
})

describe('tools', () => {
  const tools = [
    {
      type: 'function' as const,
      function: { name: 'find_claim', description: 'Finds', parameters: { type: 'object' } },
    },
  ]
  const call = '<tool_call>{"name": "find_claim", "arguments": {"id": "C-7"}}</tool_call>'

  test('are called, whole and streamed, and get their results', async () => {
    told.answer = `Let me see.\n${call}`
    const { choices } = await openai.chat.completions.create({ ...question, tools })
    const [choice] = choices
    expect(choice).toMatchObject({
      finish_reason: 'tool_calls',
      message: {
        content: 'Let me see.',
        tool_calls: [
          {
            id: expect.stringMatching(/^call_/),
            type: 'function',
            function: { name: 'find_claim', arguments: '{"id":"C-7"}' },
          },
        ],
      },
    })
    told.answer = call
    const final = await openai.chat.completions.stream({ ...question, tools }).finalChatCompletion()
    expect(final.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: {
        content: null,
        tool_calls: [{ function: { name: 'find_claim', arguments: '{"id":"C-7"}' } }],
      },
    })
    told.answer = 'It is paid.'
    const id = choice?.message.tool_calls?.[0]?.id ?? ''
    const second = await openai.chat.completions.create({
      model,
      tools,
      messages: [
        ...messages,
        ...(choice === undefined ? [] : [choice.message]),
        { role: 'tool', tool_call_id: id, content: [{ type: 'text', text: 'paid' }] },
      ],
    })
    expect(second.choices[0]?.message.content).toBe('It is paid.')
    expect(asked.at(-1)?.messages.slice(1)).toMatchObject([
      { role: 'assistant', toolCalls: [{ id, name: 'find_claim', arguments: { id: 'C-7' } }] },
      { role: 'tool', toolCallId: id, content: 'paid' },
    ])
  })

  test('with the choice none the model is told of none', async () => {
    told.answer = call
    const { choices } = await openai.chat.completions.create({ ...question, tools, tool_choice: 'none' })
    expect(choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: call } })
    expect(asked.at(-1)?.tools).toBeUndefined()
  })
})

describe('response formats', () => {
  const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }

  test('reach the model as what its answer must be', async () => {
    await openai.chat.completions.create({ ...question, response_format: { type: 'json_object' } })
    const format = { type: 'json_schema' as const, json_schema: { name: 'a', schema, strict: true } }
    await openai.chat.completions.create({ ...question, response_format: format })
    await openai.responses.create({
      model,
      input: 'Hi',
      text: { format: { type: 'json_schema', name: 'a', schema } },
    })
    const kept = { type: 'json-schema', schema }
    expect(asked.map(({ constraint }) => constraint)).toEqual([{ type: 'json-object' }, kept, kept])
  })

  test('a call is kept to its schema where it is forced, and where that is asked for', async () => {
    const tools = [
      { type: 'function' as const, function: { name: 'f', parameters: schema, strict: true } },
      { type: 'function' as const, function: { name: 'g' } },
    ]
    told.answer = '<tool_call>{"name": "f", "arguments": {"a": "b"}}</tool_call>'
    await openai.chat.completions.create({ ...question, tools, tool_choice: 'required' })
    await openai.chat.completions.create({
      ...question,
      tools,
      tool_choice: 'required',
      parallel_tool_calls: false,
    })
    expect(asked.map(({ oneCall }) => oneCall)).toEqual([undefined, true])
    const choice = { type: 'function' as const, function: { name: 'f' } }
    await openai.chat.completions.create({ ...question, tools, tool_choice: choice })
    expect(asked.map(({ toolChoice }) => toolChoice)).toEqual(['required', 'required', { name: 'f' }])
    asked.length = 0
    await openai.chat.completions.create({ ...question, tools, parallel_tool_calls: false })
    expect(asked).toMatchObject([{ strictTools: ['f'], oneCall: true }])
    asked.length = 0
    const ofResponse = tools.map(({ type, function: { name } }) => ({
      type,
      name,
      parameters: schema,
      strict: name === 'f',
    }))
    await openai.responses.create({ model, input: 'Hi', tools: ofResponse })
    expect(asked).toMatchObject([{ strictTools: ['f'] }])
    asked.length = 0
    const some = { mode: 'required' as const, tools: [{ type: 'function', function: { name: 'g' } }] }
    const allowed = { type: 'allowed_tools' as const, allowed_tools: some }
    await openai.chat.completions.create({ ...question, tools, tool_choice: allowed })
    expect(asked).toMatchObject([{ tools: [{ name: 'g' }], toolChoice: 'required' }])
    const other = { type: 'function' as const, function: { name: 'h' } }
    await expect(
      openai.chat.completions.create({ ...question, tools, tool_choice: other }),
    ).rejects.toMatchObject({ status: 400, param: 'tool_choice' })
  })

  test('a schema that cannot be kept to is refused with its place', async () => {
    told.failure = new HoneError('E_CONSTRAINT', 'not is no keyword', { at: { pointer: '/properties/a' } })
    told.answer = ''
    const format = { type: 'json_schema' as const, json_schema: { name: 'a', schema } }
    await expect(
      openai.chat.completions.create({ ...question, response_format: format }),
    ).rejects.toMatchObject({
      status: 400,
      code: 'invalid_json_schema',
      param: 'response_format.json_schema.schema',
      message: expect.stringContaining('At /properties/a: not is no keyword'),
    })
  })
})

describe('errors', () => {
  test('of keys', async () => {
    const wrong = new OpenAI({ apiKey: 'nope', baseURL: `${server.endpoint}/v1`, maxRetries: 0 })
    await expect(wrong.models.list()).rejects.toMatchObject({ status: 401, code: 'invalid_api_key' })
    const { key } = await server.parts.keys.createBearer({ user: 'web', allow: ['invoke:gpt-4o*'] })
    const web = new OpenAI({ apiKey: key, baseURL: `${server.endpoint}/v1`, maxRetries: 0 })
    await expect(web.models.list()).rejects.toMatchObject({ status: 403, code: 'insufficient_permissions' })
    expect((await web.chat.completions.create(question)).choices).toHaveLength(1)
    await expect(web.chat.completions.create({ ...question, model: base })).rejects.toMatchObject({
      status: 403,
    })
  })

  test('of a model that fails, before and in the middle of a stream', async () => {
    told.failure = new HoneError('E_DATA_TOO_LONG', 'the prompt has 9 tokens')
    told.answer = ''
    await expect(openai.chat.completions.create({ ...question, stream: true })).rejects.toMatchObject({
      status: 400,
      code: 'context_length_exceeded',
    })
    told.failure = new HoneError('E_WORKER', 'killed at /a/secret/place')
    told.answer = 'Hel'
    const read = async (): Promise<string> => {
      let text = ''
      for await (const chunk of await openai.chat.completions.create({ ...question, stream: true })) {
        text += chunk.choices[0]?.delta.content ?? ''
      }
      return text
    }
    await expect(read()).rejects.toThrow('The model stopped while it answered')
    await expect(openai.chat.completions.create(question)).rejects.toMatchObject({
      status: 503,
      type: 'server_error',
    })
    expect(server.failures).toEqual([])
  })
})
