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
let openai: OpenAI

beforeAll(async () => {
  server = await startServer({ ...(await tinyHome()), chat: told })
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

const picture = { type: 'image_url', image_url: { url: 'https://example.com/a.png' } }

test.each([
  ['an unknown parameter', { fast: true }, 'fast', 'unknown_parameter', "Unknown parameter: 'fast'."],
  ['a parameter that cannot be kept to', { audio: {} }, 'audio', 'unsupported_parameter', /use|text/],
  [
    'a value that cannot be kept to',
    { frequency_penalty: 1 },
    'frequency_penalty',
    'unsupported_value',
    /Only 0/,
  ],
  ['storing', { store: true }, 'store', 'unsupported_value', /false/],
  [
    'a picture',
    { messages: [{ role: 'user', content: [{ type: 'text', text: 'a' }, picture] }] },
    'messages[0].content[1].type',
    'unsupported_value',
    'Invalid content type. image_url is only supported by certain models.',
  ],
  [
    'no messages',
    { messages: undefined },
    'messages',
    'missing_required_parameter',
    "Missing required parameter: 'messages'.",
  ],
  ['a wrong type', { temperature: 'hot' }, 'temperature', null, /Invalid 'temperature': .*expected number/],
  ['too hot', { temperature: 3 }, 'temperature', null, /<=2/],
  [
    'two limits',
    { max_tokens: 1, max_completion_tokens: 1 },
    'max_tokens',
    'invalid_parameter_combination',
    /same time/,
  ],
  ['options of no stream', { stream_options: {} }, 'stream_options', null, /only allowed when 'stream'/],
  ['likeliest tokens of none', { top_logprobs: 2 }, 'top_logprobs', null, /only allowed when 'logprobs'/],
  [
    'arguments that are no object',
    {
      messages: [
        {
          role: 'assistant',
          tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '[' } }],
        },
      ],
    },
    'messages[0].tool_calls[0].function.arguments',
    'invalid_value',
    /JSON of an object/,
  ],
  [
    'a result without a call',
    { messages: [{ role: 'tool', tool_call_id: 'x', content: 'y' }] },
    'messages[0]',
    'E_DATA',
    /answers no call/,
  ],
])('%s is refused by name', async (_, members, param, code, message) => {
  const body = { ...question, ...members } as OpenAI.ChatCompletionCreateParamsNonStreaming
  const failure = await openai.chat.completions.create(body).then(
    () => undefined,
    (error: unknown) => error as InstanceType<typeof OpenAI.APIError>,
  )
  expect(failure?.status).toBe(400)
  expect(failure?.message).toMatch(message)
  expect(failure).toMatchObject({ param, code, type: 'invalid_request_error' })
})

describe('completions', () => {
  test('answer each prompt as one turn of a user, as often as is asked', async () => {
    const { choices, usage, object } = await openai.completions.create({
      model,
      prompt: ['a', 'b'],
      n: 2,
      echo: true,
    })
    expect(object).toBe('text_completion')
    expect(choices.map(({ text }) => text)).toEqual(['aHello.', 'aHello.', 'bHello.', 'bHello.'])
    expect(asked.map(({ messages: [first], maxTokens }) => [first, maxTokens])).toEqual(
      ['a', 'a', 'b', 'b'].map((content) => [{ role: 'user', content }, 16]),
    )
    expect(usage?.completion_tokens).toBe(24)
  })

  test('tell their tokens, and stream', async () => {
    told.answer = 'éa'
    const body = { model, prompt: 'x', logprobs: 1 }
    const { choices } = await openai.completions.create(body)
    expect(choices[0]?.logprobs).toEqual({
      tokens: ['é', 'a'],
      token_logprobs: [-0.5, -0.5],
      top_logprobs: [{ é: -0.5 }, { a: -0.5 }],
      text_offset: [0, 1],
    })
    const offsets: number[] = []
    let text = ''
    let tokens: number | undefined
    const options = { include_usage: true }
    const stream = await openai.completions.create({ ...body, stream: true, stream_options: options })
    for await (const chunk of stream) {
      text += chunk.choices[0]?.text ?? ''
      offsets.push(...(chunk.choices[0]?.logprobs?.text_offset ?? []))
      tokens = chunk.usage?.completion_tokens ?? tokens
    }
    expect({ text, offsets, tokens }).toEqual({ text: 'éa', offsets: [0, 1], tokens: 2 })
  })

  test.each([
    ['best_of', { best_of: 3 }],
    ['suffix', { suffix: 'x' }],
    ['prompt[0]', { prompt: [1, 2] }],
    ['logprobs', { logprobs: 1, echo: true }],
    ['n', { prompt: Array.from({ length: 100 }, () => 'a'), n: 2 }],
  ])('%s that cannot be kept to is refused by name', async (param, members) => {
    const body = { model, prompt: 'a', ...members } as OpenAI.CompletionCreateParamsNonStreaming
    await expect(openai.completions.create(body)).rejects.toMatchObject({ status: 400, param })
  })
})

describe('responses', () => {
  const tool = {
    type: 'function' as const,
    name: 'find_claim',
    description: 'Finds',
    parameters: { type: 'object' },
    strict: null,
  }
  const call = '<tool_call>{"name": "find_claim", "arguments": {"id": "C-7"}}</tool_call>'

  test('are answered, with what was asked said again', async () => {
    const answer = await openai.responses.create({
      model,
      input: 'Hi',
      instructions: 'Be brief.',
      user: 'me',
    })
    expect(answer).toMatchObject({
      id: expect.stringMatching(/^resp_/),
      object: 'response',
      status: 'completed',
      output_text: 'Hello.',
      instructions: 'Be brief.',
      store: true,
      previous_response_id: null,
      temperature: 1,
      text: { format: { type: 'text' } },
      user: 'me',
      output: [{ type: 'message', role: 'assistant', status: 'completed' }],
      usage: { output_tokens: 6 },
    })
    expect(asked[0]?.messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hi' },
    ])
    const cut = await openai.responses.create({ model, input: 'Hi', max_output_tokens: 2 })
    expect(cut).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      output_text: 'He',
    })
  })

  test('call tools, and read calls and their results', async () => {
    told.answer = call
    const first = await openai.responses.create({ model, input: 'Hi', tools: [tool] })
    expect(first.output).toMatchObject([
      { type: 'function_call', name: 'find_claim', arguments: '{"id":"C-7"}', status: 'completed' },
    ])
    told.answer = 'Paid.'
    const id = first.output[0]?.type === 'function_call' ? first.output[0].call_id : ''
    await openai.responses.create({
      model,
      tools: [tool],
      input: [
        { role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
        ...first.output,
        { type: 'function_call_output', call_id: id, output: 'paid' },
      ] as OpenAI.Responses.ResponseInput,
    })
    expect(asked.at(-1)?.messages).toEqual([
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: '', toolCalls: [{ id, name: 'find_claim', arguments: { id: 'C-7' } }] },
      { role: 'tool', content: 'paid', toolCallId: id },
    ])
  })

  test('are streamed in the order of the documentation', async () => {
    told.answer = `a${call}`
    const types: string[] = []
    const numbers: number[] = []
    const stream = openai.responses.stream({ model, input: 'Hi', tools: [tool] })
    for await (const event of stream) {
      types.push(event.type)
      numbers.push(event.sequence_number)
    }
    expect(types).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.output_item.added',
      'response.function_call_arguments.delta',
      'response.function_call_arguments.done',
      'response.output_item.done',
      'response.completed',
    ])
    expect(numbers).toEqual(types.map((_, at) => at))
    const final = await stream.finalResponse()
    expect(final.output).toMatchObject([
      { type: 'message', content: [{ text: 'a' }] },
      { type: 'function_call', arguments: '{"id":"C-7"}' },
    ])
  })

  test('a failure in the middle is an event of the stream', async () => {
    told.answer = 'He'
    told.failure = new HoneError('E_WORKER', 'killed')
    const seen: string[] = []
    for await (const event of await openai.responses.create({ model, input: 'Hi', stream: true })) {
      seen.push(event.type === 'response.failed' ? (event.response.error?.message ?? '') : event.type)
    }
    expect(seen.at(-1)).toBe('The model stopped while it answered. Try again.')
  })

  test.each([
    ['previous_response_id', { previous_response_id: 'resp_1' }, 'previous_response_not_found'],
    ['conversation', { conversation: 'c' }, 'unsupported_parameter'],
    ['store', { store: 'yes' }, null],
    ['background', { background: true }, 'unsupported_value'],
    ['include[0]', { include: ['file_search_call.results'] }, null],
    ['tools[0].type', { tools: [{ type: 'web_search' }] }, 'unsupported_value'],
    ['input[0].id', { input: [{ type: 'item_reference', id: 'msg_x' }] }, null],
    ['input[0].type', { input: [{ type: 'reasoning', id: 'x' }] }, 'unsupported_value'],
    [
      'input[0].content[0].type',
      { input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'x' }] }] },
      'unsupported_value',
    ],
  ])('%s is refused by name', async (param, members, code) => {
    const body = { model, input: 'Hi', ...members } as OpenAI.Responses.ResponseCreateParamsNonStreaming
    await expect(openai.responses.create(body)).rejects.toMatchObject({ status: 400, param, code })
  })
})
