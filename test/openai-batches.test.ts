import { setTimeout as pause } from 'node:timers/promises'
import OpenAI, { toFile } from 'openai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type TestServer } from './testing/start-server.ts'
import { tinyHome } from './testing/tiny-home.ts'

let server: TestServer
let openai: OpenAI

beforeAll(async () => {
  server = await startServer(await tinyHome())
  openai = new OpenAI({ apiKey: server.bearer, baseURL: `${server.endpoint}/v1`, maxRetries: 0 })
}, 60_000)
afterAll(() => server[Symbol.asyncDispose]())

const endpoint = '/v1/chat/completions'

const question = (id: string, change: object = {}): object => ({
  custom_id: id,
  method: 'POST',
  url: endpoint,
  body: {
    model: 'gpt-4o-mini',
    max_tokens: 4,
    temperature: 0,
    messages: [{ role: 'user', content: `${id} red` }],
    ...change,
  },
})

async function batch(lines: readonly (object | string)[], change: object = {}): Promise<OpenAI.Batch> {
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n')
  const file = await openai.files.create({
    file: await toFile(Buffer.from(text), 'in.jsonl'),
    purpose: 'batch',
  })
  return openai.batches.create({
    input_file_id: file.id,
    endpoint,
    completion_window: '24h',
    ...change,
  })
}

async function ended(id: string): Promise<OpenAI.Batch> {
  for (;;) {
    const found = await openai.batches.retrieve(id)
    if (!['validating', 'in_progress', 'finalizing', 'cancelling'].includes(found.status)) return found
    await pause(100)
  }
}

async function resultsOf(
  file: string | null | undefined,
): Promise<Record<string, Record<string, unknown>>[]> {
  const text = await (await openai.files.content(file ?? '')).text()
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, Record<string, unknown>>)
}

test('a batch answers each request as it would be answered alone', async () => {
  const made = await batch(
    [
      question('a'),
      question('b', { messages: [{ role: 'user', content: 'blue' }] }),
      question('c', { model: 'gpt-none' }),
    ],
    { metadata: { team: 'claims' } },
  )
  expect(made).toMatchObject({
    id: expect.stringMatching(/^batch_[a-z0-9]{12}$/),
    object: 'batch',
    endpoint,
    completion_window: '24h',
    status: 'validating',
    output_file_id: null,
    errors: null,
    metadata: { team: 'claims' },
  })
  const done = await ended(made.id)
  expect(done).toMatchObject({
    status: 'completed',
    request_counts: { total: 3, completed: 2, failed: 1 },
    completed_at: expect.any(Number),
    usage: { input_tokens: expect.any(Number), output_tokens: 8 },
  })
  const answers = await resultsOf(done.output_file_id)
  expect(answers.map(({ custom_id: id }) => id)).toEqual(['a', 'b'])
  const alone = await openai.chat.completions.create({
    model: 'gpt-4o-mini',
    max_tokens: 4,
    temperature: 0,
    messages: [{ role: 'user', content: 'a red' }],
  })
  expect(answers[0]).toMatchObject({
    id: expect.stringMatching(/^batch_req_/),
    error: null,
    response: {
      status_code: 200,
      request_id: expect.any(String),
      body: { object: 'chat.completion', model: alone.model, choices: alone.choices, usage: alone.usage },
    },
  })
  expect(await resultsOf(done.error_file_id)).toEqual([
    {
      id: expect.stringMatching(/^batch_req_/),
      custom_id: 'c',
      response: {
        status_code: 404,
        request_id: expect.any(String),
        body: { error: expect.objectContaining({ message: expect.stringContaining('gpt-none') }) },
      },
      error: null,
    },
  ])
  // A file of answers that was deleted stays so.
  await openai.files.delete(done.output_file_id ?? '')
  expect(await openai.batches.retrieve(made.id)).toEqual(done)
  await expect(openai.files.content(done.output_file_id ?? '')).rejects.toMatchObject({ status: 404 })
  expect(server.failures).toEqual([])
}, 60_000)

test.each([
  [
    '/v1/completions',
    { model: 'gpt-4o-mini', prompt: 'ab red', max_tokens: 4, temperature: 0 },
    'text_completion',
  ],
  [
    '/v1/responses',
    { model: 'gpt-4o-mini', input: 'ab red', max_output_tokens: 4, temperature: 0 },
    'response',
  ],
])('a batch asks %s', async (url, body, object) => {
  const made = await batch([{ custom_id: 'a', method: 'POST', url, body }], { endpoint: url })
  const done = await ended(made.id)
  expect(done).toMatchObject({ status: 'completed', error_file_id: null, usage: { output_tokens: 4 } })
  expect(await resultsOf(done.output_file_id)).toMatchObject([
    { custom_id: 'a', response: { status_code: 200, body: { object } } },
  ])
})

test('what is wrong with the lines of a batch is told by line', async () => {
  const made = await batch([
    question('a'),
    '{',
    { ...question('b'), url: '/v1/completions' },
    question('a'),
    { custom_id: 'c', method: 'POST', url: endpoint },
  ])
  const failed = await ended(made.id)
  expect(failed).toMatchObject({ status: 'failed', output_file_id: null, failed_at: expect.any(Number) })
  expect(failed.errors?.data?.map(({ code, line, param }) => ({ code, line, param }))).toEqual([
    { code: 'invalid_json_line', line: 2, param: null },
    { code: 'mismatched_endpoint', line: 3, param: 'url' },
    { code: 'duplicate_custom_id', line: 4, param: 'custom_id' },
    { code: 'missing_required_parameter', line: 5, param: 'body' },
  ])
})

test('a batch that is cancelled keeps what it was answered', async () => {
  const made = await batch(
    Array.from({ length: 2000 }, (_, at) => question(`q${at}`, { max_tokens: 60, temperature: 1 })),
  )
  await expect
    .poll(async () => (await openai.batches.retrieve(made.id)).request_counts?.completed, { timeout: 30_000 })
    .toBeGreaterThan(0)
  expect(await openai.batches.cancel(made.id)).toMatchObject({ status: 'cancelling' })
  const cancelled = await ended(made.id)
  expect(cancelled).toMatchObject({ status: 'cancelled', cancelled_at: expect.any(Number) })
  const { completed = 0, total = 0 } = cancelled.request_counts ?? {}
  expect(completed).toBeGreaterThan(0)
  expect(completed).toBeLessThan(total)
  expect(await resultsOf(cancelled.output_file_id)).toHaveLength(completed)
  expect(await openai.batches.cancel(made.id)).toMatchObject({ status: 'cancelled' })
}, 60_000)

test('batches are listed by pages', async () => {
  const ids: string[] = []
  for await (const { id } of openai.batches.list({ limit: 1 })) ids.push(id)
  expect(new Set(ids).size).toBe(5)
})

test.each([
  ['an endpoint that is not served', { endpoint: '/v1/embeddings' }, 'endpoint'],
  ['another window', { completion_window: '1h' }, 'completion_window'],
  ['a file that is not there', { input_file_id: 'file-nothere' }, 'id'],
])('%s is refused', async (_, change, param) => {
  await expect(batch([question('a')], change)).rejects.toMatchObject({ param })
})

test('each request is one of the key that made the batch', async () => {
  const { key } = await server.parts.keys.createBearer({
    user: 'writer',
    allow: ['read', 'write', 'invoke:gpt-4.1*'],
  })
  const own = openai
  openai = new OpenAI({ apiKey: key, baseURL: `${server.endpoint}/v1`, maxRetries: 0 })
  try {
    const done = await ended((await batch([question('a'), question('b', { model: 'gpt-4.1' })])).id)
    expect(done.request_counts).toEqual({ total: 2, completed: 1, failed: 1 })
    expect(await resultsOf(done.error_file_id)).toMatchObject([
      { custom_id: 'a', response: { status_code: 403 } },
    ])
  } finally {
    openai = own
  }
}, 60_000)
