import Anthropic, { toFile } from '@anthropic-ai/sdk'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { refusal } from './testing/anthropic-refusal.ts'
import { startServer, type TestServer } from './testing/start-server.ts'
import { colourLines, colourRecords, tinyHome } from './testing/tiny-home.ts'

let server: TestServer
let client: Anthropic
let base: string

beforeAll(async () => {
  const tiny = await tinyHome()
  base = tiny.base
  server = await startServer({ home: tiny.home, base })
  client = new Anthropic({ apiKey: server.bearer, baseURL: server.endpoint, maxRetries: 0 })
}, 60_000)
afterAll(() => server[Symbol.asyncDispose]())
// Nothing was the server's own fault.
afterEach(() => {
  if (server.failures.length > 0) throw new Error(server.failures.map(String).join('\n'))
})

const hello = [{ role: 'user' as const, content: 'Which colour is the sky?' }]

/** The tuning API is Hone's own: the client asks by path. */
interface Page<Item> {
  readonly data: readonly Item[]
  readonly has_more: boolean
}
interface Job {
  readonly id: string
  readonly status: string
  readonly tuned_model: string | null
  readonly error: { readonly type: string; readonly message: string } | null
}
const post = <Answer>(path: string, body: unknown = {}): Promise<Answer> =>
  client.post<Answer>(path, { body })
const get = <Answer>(path: string): Promise<Answer> => client.get<Answer>(path)

async function jobEnded(id: string): Promise<Job> {
  for (;;) {
    const job = await get<Job>(`/v1/fine_tuning/jobs/${id}`)
    if (['succeeded', 'failed', 'canceled'].includes(job.status)) return job
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

const uploaded = async (name: string, text: string): Promise<Anthropic.FileMetadata> =>
  client.files.upload({
    file: await toFile(Buffer.from(text), name, { type: 'application/jsonl' }),
  })

/** Records of a colour task, as conversations of a human and an assistant. */
const conversations = (count: number): string =>
  colourRecords(count)
    .map((record) => {
      const { messages } = record as { messages: { role: string; content: string }[] }
      const turns = messages.map(({ role, content }) => ({
        from: role === 'user' ? 'human' : 'assistant',
        value: content,
      }))
      return `${JSON.stringify({ conversations: turns })}\n`
    })
    .join('')

describe('files', () => {
  test('are uploaded, listed in pages or by id, read and deleted', async () => {
    const files = [await uploaded('a.jsonl', 'one\n'), await uploaded('b.jsonl', 'two\n')]
    expect(files[0]).toMatchObject({
      type: 'file',
      filename: 'a.jsonl',
      size_bytes: 4,
      mime_type: 'application/jsonl',
    })
    const [a, b] = files.map(({ id }) => id)
    const listed: string[] = []
    for await (const file of client.files.list({ limit: 1 })) listed.push(file.id)
    expect(listed).toEqual([b, a])
    const named = await client.files.list({ ids: [a ?? '', 'file_none'] })
    expect(named.data).toEqual([files[0]])
    expect(await (await client.files.download(b ?? '')).text()).toBe('two\n')
    expect(await client.files.retrieveMetadata(b ?? '')).toEqual(files[1])
    for (const id of [a, b]) expect(await client.files.delete(id ?? '')).toEqual({ id, type: 'file_deleted' })
    expect(await refusal(client.files.retrieveMetadata(a ?? ''))).toMatchObject({
      status: 404,
      type: 'not_found_error',
    })
  })

  test('whose form is wrong leave nothing', async () => {
    const form = new FormData()
    form.append('file', new Blob(['x']), 'x.jsonl')
    form.append('expires_in_seconds', '5')
    const headers = { 'anthropic-version': '2023-06-01', 'x-api-key': server.bearer }
    const answer = await fetch(`${server.endpoint}/v1/files`, { method: 'POST', headers, body: form })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({
      error: { type: 'invalid_request_error', message: expect.stringContaining('expires_in_seconds') },
    })
    expect((await client.files.list()).data).toEqual([])
  })
})

describe('tuning', () => {
  test('goes from upload to a deployed model that answers', async () => {
    const { id: training } = await uploaded('train.jsonl', conversations(40))
    const { id: validation } = await uploaded('validation.jsonl', colourLines(12, 9))
    const job = await post<Job>('/v1/fine_tuning/jobs', {
      model: 'claude-3-haiku-20240307',
      training_file: training,
      validation_file: validation,
      name: 'colours-1',
      hyperparameters: { epochs: 2, batch_size: 8, learning_rate_multiplier: 0.5, seed: 3 },
      metadata: { team: 'paint' },
    })
    expect(job).toMatchObject({
      type: 'fine_tuning_job',
      model: 'claude-3-haiku-20240307',
      base_model: base,
      tuned_model: null,
      training_file: training,
      validation_file: validation,
      metadata: { team: 'paint' },
    })
    const done = await jobEnded(job.id)
    expect(done).toMatchObject({
      status: 'succeeded',
      tuned_model: 'colours-1',
      error: null,
      hyperparameters: { epochs: 2, batch_size: 8, learning_rate_multiplier: 0.5, seed: 3 },
      progress: {
        step: 10,
        steps: 10,
        training_loss: expect.any(Number),
        validation_loss: expect.any(Number),
      },
    })
    const events = await get<Page<{ id: string; event: string }>>(
      `/v1/fine_tuning/jobs/${job.id}/events?limit=100`,
    )
    const types = events.data.map(({ event }) => event)
    expect(types[0]).toBe('succeeded')
    expect(types.at(-1)).toBe('created')
    expect(types.filter((type) => type === 'metrics')).toHaveLength(10)
    const [newest, second] = events.data.map(({ id }) => id)
    const path = `/v1/fine_tuning/jobs/${job.id}/events?limit=1`
    expect((await get<Page<{ id: string }>>(`${path}&after_id=${newest}`)).data[0]?.id).toBe(second)
    expect((await get<Page<{ id: string }>>(`${path}&before_id=${second}`)).data[0]?.id).toBe(newest)

    const deployment = await post<{ id: string }>('/v1/fine_tuning/deployments', {
      model: 'colours-1',
      name: 'colours',
    })
    expect(deployment).toMatchObject({
      type: 'deployment',
      name: 'colours',
      model: 'colours-1',
      base_model: base,
    })
    const { data: checkpoints } = await get<Page<{ model: string }>>(
      `/v1/fine_tuning/jobs/${job.id}/checkpoints`,
    )
    expect(checkpoints).toHaveLength(2)
    for (const model of ['colours-1', 'colours', ...checkpoints.map((each) => each.model)]) {
      const message = await client.messages.create({ model, max_tokens: 2, messages: hello })
      expect(message.model).toBe(model)
    }
    const models: string[] = []
    for await (const { id } of client.models.list()) models.push(id)
    // Checkpoints and deployments answer, and are listed where they were made.
    expect(models).toEqual(['colours-1', base, 'claude-3-haiku-20240307'])
    // Without the version of this API the path is that of OpenAI's, where the same job is.
    const other = await fetch(`${server.endpoint}/v1/fine_tuning/jobs/${job.id.replace('_', '-')}`, {
      headers: { authorization: `Bearer ${server.bearer}` },
    })
    expect(await other.json()).toMatchObject({ object: 'fine_tuning.job', status: 'succeeded' })
    await client.delete(`/v1/fine_tuning/deployments/${deployment.id}`)
    expect((await get<Page<unknown>>('/v1/fine_tuning/deployments')).data).toEqual([])
    expect(
      await refusal(
        post('/v1/fine_tuning/jobs', { model: base, training_file: training, name: 'colours-1' }),
      ),
    ).toMatchObject({
      status: 409,
    })
  }, 60_000)

  test('of data that are wrong fails with the file and the line', async () => {
    const { id: training } = await uploaded('bad.jsonl', `${conversations(20)}{"conversations": 7}\n`)
    const { id } = await post<Job>('/v1/fine_tuning/jobs', { model: base, training_file: training })
    const { status, error } = await jobEnded(id)
    expect(status).toBe('failed')
    expect(error?.type).toBe('invalid_request_error')
    expect(error?.message).toContain(training)
    expect(error?.message).toContain('21')
  }, 30_000)

  test('is canceled, and refuses what is not there', async () => {
    const { id: training } = await uploaded('more.jsonl', conversations(200))
    const { id } = await post<Job>('/v1/fine_tuning/jobs', {
      model: base,
      training_file: training,
      hyperparameters: { epochs: 50, batch_size: 1 },
    })
    expect(await post<Job>(`/v1/fine_tuning/jobs/${id}/cancel`)).toMatchObject({
      status: expect.stringMatching(/^cancel/),
    })
    expect(await jobEnded(id)).toMatchObject({ status: 'canceled', tuned_model: null })
    expect(await refusal(post(`/v1/fine_tuning/jobs/${id}/pause`))).toMatchObject({ status: 400 })
    const asked = { model: base, training_file: 'file_none' }
    expect(await refusal(post('/v1/fine_tuning/jobs', asked))).toMatchObject({
      status: 400,
      message: expect.stringContaining('training_file'),
    })
    expect(await refusal(get('/v1/fine_tuning/jobs/ftjob_none'))).toMatchObject({ status: 404 })
  }, 30_000)
})
