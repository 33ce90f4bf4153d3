import OpenAI, { NotFoundError } from 'openai'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startServer, type TestServer } from './testing/start-server.ts'
import { tinyHome } from './testing/tiny-home.ts'
import { createToldChat } from './testing/told-chat.ts'

const model = 'gpt-4o-mini'
const told = createToldChat()
const { asked } = told

let server: TestServer
let openai: OpenAI

const clientOf = (apiKey: string): OpenAI =>
  new OpenAI({ apiKey, baseURL: `${server.endpoint}/v1`, maxRetries: 0 })

beforeAll(async () => {
  server = await startServer({ ...(await tinyHome()), chat: told })
  openai = clientOf(server.bearer)
}, 60_000)
afterAll(() => server[Symbol.asyncDispose]())
beforeEach(() => {
  told.answer = 'Hello.'
  asked.length = 0
})

const tool = { type: 'function' as const, name: 'find_claim', parameters: { type: 'object' }, strict: null }
const call = '<tool_call>{"name": "find_claim", "arguments": {"id": "C-7"}}</tool_call>'

test('what was answered is there again, until it is deleted', async () => {
  const made = await openai.responses.create({ model, input: 'Hi', metadata: { of: 'me' } })
  const again = await openai.responses.retrieve(made.id)
  expect(again).toMatchObject({ ...made, output_text: 'Hello.', store: true, metadata: { of: 'me' } })
  await openai.responses.delete(made.id)
  await expect(openai.responses.retrieve(made.id)).rejects.toThrow(NotFoundError)
  await expect(openai.responses.delete(made.id)).rejects.toMatchObject({ status: 404 })
})

test('what a response would read is counted, and nothing is asked of the model', async () => {
  const said = { model, instructions: 'Be brief.', input: 'Hi', tools: [tool] }
  const first = await openai.responses.create(said)
  asked.length = 0
  const counted = await openai.responses.inputTokens.count(said)
  expect(counted).toEqual({ object: 'response.input_tokens', input_tokens: first.usage?.input_tokens })
  const next = { model, input: 'And now?', previous_response_id: first.id }
  const { input_tokens: tokens } = await openai.responses.inputTokens.count(next)
  expect(asked).toEqual([])
  expect(tokens).toBe((await openai.responses.create(next)).usage?.input_tokens)
  const refused = [
    [{ input: 'Hi' }, { status: 400, param: 'model', code: 'missing_required_parameter' }],
    [
      { model: 'gpt-nine', input: 'Hi' },
      { status: 404, code: 'model_not_found' },
    ],
    [
      { ...next, conversation: 'conv_1' },
      { status: 400, param: 'conversation' },
    ],
  ] as const
  for (const [body, failure] of refused) {
    await expect(openai.responses.inputTokens.count(body)).rejects.toMatchObject(failure)
  }
})

test('what is not to be stored is not', async () => {
  const made = await openai.responses.create({ model, input: 'Hi', store: false })
  expect(made).toMatchObject({ store: false })
  await expect(openai.responses.retrieve(made.id)).rejects.toMatchObject({ status: 404 })
  await expect(
    openai.responses.create({ model, input: 'And?', previous_response_id: made.id }),
  ).rejects.toMatchObject({
    status: 400,
    code: 'previous_response_not_found',
    param: 'previous_response_id',
  })
})

test('a conversation goes on from a response, whole or streamed, without the instructions of before', async () => {
  told.answer = call
  const first = await openai.responses.create({
    model,
    instructions: 'Be brief.',
    input: 'Is C-7 paid?',
    tools: [tool],
  })
  const [found] = first.output
  if (found?.type !== 'function_call') throw new Error('no call')
  told.answer = 'Paid.'
  const stream = openai.responses.stream({
    model,
    previous_response_id: first.id,
    input: [{ type: 'function_call_output', call_id: found.call_id, output: 'paid' }],
    tools: [tool],
  })
  const second = await stream.finalResponse()
  expect(second).toMatchObject({ previous_response_id: first.id, status: 'completed' })
  told.answer = 'Yes.'
  const third = await openai.responses.create({
    model,
    previous_response_id: second.id,
    instructions: 'In French.',
    input: 'Sure?',
  })
  expect(asked.at(-1)?.messages).toEqual([
    { role: 'system', content: 'In French.' },
    { role: 'user', content: 'Is C-7 paid?' },
    {
      role: 'assistant',
      content: '',
      toolCalls: [{ id: found.call_id, name: 'find_claim', arguments: { id: 'C-7' } }],
    },
    { role: 'tool', content: 'paid', toolCallId: found.call_id },
    { role: 'assistant', content: 'Paid.' },
    { role: 'user', content: 'Sure?' },
  ])
  const items: { readonly type: string }[] = []
  for await (const item of openai.responses.inputItems.list(third.id, { order: 'asc', limit: 2 })) {
    items.push(item)
  }
  expect(items).toMatchObject([
    { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Is C-7 paid?' }] },
    { type: 'function_call', call_id: found.call_id },
    { type: 'function_call_output', output: 'paid' },
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Paid.' }] },
    { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Sure?' }] },
  ])
  const [newest] = (await openai.responses.inputItems.list(third.id)).data
  expect(newest).toMatchObject(items.at(-1) ?? {})
  await openai.responses.delete(first.id)
  await expect(
    openai.responses.create({ model, previous_response_id: third.id, input: 'x' }),
  ).rejects.toMatchObject({ code: 'previous_response_not_found' })
})

test('an item is named instead of sent again', async () => {
  const first = await openai.responses.create({ model, input: 'Hi' })
  const reference = { type: 'item_reference' as const, id: first.output[0]?.id ?? '' }
  const user = { role: 'user' as const, content: 'And?' }
  await openai.responses.create({ model, input: [{ role: 'user', content: 'Hi' }, reference, user] })
  expect(asked.at(-1)?.messages).toEqual([
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: 'Hello.' },
    { role: 'user', content: 'And?' },
  ])
  await expect(
    openai.responses.create({ model, previous_response_id: first.id, input: [reference, user] }),
  ).rejects.toMatchObject({ status: 400, message: expect.stringContaining('Duplicate item found') })
})

test('others do not find it, nor go on from it', async () => {
  const made = await openai.responses.create({ model, input: 'My secret' })
  const { key } = await server.parts.keys.createBearer({ user: 'another', allow: ['*'] })
  const another = clientOf(key)
  for (const ask of [
    () => another.responses.retrieve(made.id),
    () => another.responses.inputItems.list(made.id),
    () => another.responses.delete(made.id),
  ]) {
    await expect(ask()).rejects.toMatchObject({ status: 404 })
  }
  await expect(
    another.responses.create({ model, input: 'Go on', previous_response_id: made.id }),
  ).rejects.toMatchObject({ status: 400 })
  const reference = { type: 'item_reference' as const, id: made.output[0]?.id ?? '' }
  await expect(another.responses.create({ model, input: [reference] })).rejects.toMatchObject({
    status: 400,
    param: 'input[0].id',
  })
  expect(await openai.responses.retrieve(made.id)).toMatchObject({ id: made.id })
})

test('pages that come after nothing known, and streams of what has ended, are refused', async () => {
  const { id } = await openai.responses.create({ model, input: 'Hi' })
  await expect(openai.responses.inputItems.list(id, { after: 'msg_x' })).rejects.toMatchObject({
    status: 404,
  })
  await expect(openai.responses.retrieve(id, { stream: true })).rejects.toMatchObject({
    status: 400,
    param: 'stream',
  })
  expect(server.failures).toEqual([])
})
