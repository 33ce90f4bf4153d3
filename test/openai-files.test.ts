import { createHash } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import OpenAI, { toFile } from 'openai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type TestServer } from './testing/start-server.ts'
import { colourLines, tinyHome } from './testing/tiny-home.ts'

let server: TestServer
let openai: OpenAI

beforeAll(async () => {
  server = await startServer(await tinyHome())
  openai = new OpenAI({ apiKey: server.bearer, baseURL: `${server.endpoint}/v1`, maxRetries: 0 })
}, 60_000)
afterAll(() => server[Symbol.asyncDispose]())

/** Names of the objects that files are kept in. */
async function objects(): Promise<string[]> {
  if ((await server.parts.files.findBucket('hone-files')) === undefined) return []
  const { objects: found } = await server.parts.files.list('hone-files', { limit: 1000 })
  return found.map(({ key }) => key)
}

test('a file is stored, listed, read and deleted', async () => {
  const text = colourLines(20, 1)
  const file = await openai.files.create({
    file: await toFile(Buffer.from(text), 'töne "2".jsonl'),
    purpose: 'fine-tune',
    expires_after: { anchor: 'created_at', seconds: 7200 },
  })
  expect(file).toEqual({
    id: expect.stringMatching(/^file-[a-z0-9]{12}$/),
    object: 'file',
    bytes: Buffer.byteLength(text),
    created_at: expect.any(Number),
    expires_at: file.created_at + 7200,
    filename: 'töne "2".jsonl',
    purpose: 'fine-tune',
    status: 'processed',
    status_details: null,
  })
  expect(await openai.files.retrieve(file.id)).toEqual(file)
  expect(await (await openai.files.content(file.id)).text()).toBe(text)
  expect(await openai.files.delete(file.id)).toEqual({ id: file.id, object: 'file', deleted: true })
  await expect(openai.files.retrieve(file.id)).rejects.toMatchObject({ status: 404, param: 'id' })
  await expect(openai.files.content(file.id)).rejects.toMatchObject({ status: 404 })
  expect(await objects()).toEqual([])
})

test('files are listed by pages, by purpose and in both orders', async () => {
  const ids: string[] = []
  for (const [at, purpose] of (
    ['user_data', 'batch', 'user_data', 'evals', 'user_data'] as const
  ).entries()) {
    const { id } = await openai.files.create({
      file: await toFile(Buffer.from('{}'), `${at}.jsonl`),
      purpose,
    })
    ids.push(id)
  }
  const listed = async (query: OpenAI.FileListParams): Promise<string[]> => {
    const found: string[] = []
    for await (const { id } of openai.files.list(query)) found.push(id)
    return found
  }
  expect((await listed({})).toSorted()).toEqual(ids.toSorted())
  expect(await listed({ limit: 2 })).toEqual(await listed({}))
  expect(await listed({ limit: 2, order: 'asc' })).toEqual((await listed({})).toReversed())
  expect((await listed({ purpose: 'user_data', limit: 1 })).toSorted()).toEqual(
    [ids[0], ids[2], ids[4]].map(String).toSorted(),
  )
  await expect(openai.files.list({ after: 'file-nothere' })).rejects.toMatchObject({ status: 404 })
  for (const id of ids) await openai.files.delete(id)
})

test('a file that comes in parts is joined in the order that is asked for', async () => {
  const [first, second] = [colourLines(9, 1), colourLines(11, 2)].map((text) => Buffer.from(text))
  if (first === undefined || second === undefined) throw new Error('no parts')
  const whole = Buffer.concat([first, second])
  const upload = await openai.uploads.create({
    bytes: whole.length,
    filename: 'train.jsonl',
    mime_type: 'application/jsonl',
    purpose: 'fine-tune',
  })
  expect(upload).toMatchObject({ object: 'upload', status: 'pending', bytes: whole.length })
  const part = async (bytes: Buffer): Promise<string> => {
    const { id } = await openai.uploads.parts.create(upload.id, { data: await toFile(bytes, 'part') })
    return id
  }
  const [late, early, unused] = [await part(second), await part(first), await part(Buffer.from('x'))]
  await expect(openai.uploads.complete(upload.id, { part_ids: [early] })).rejects.toMatchObject({
    status: 400,
    message: expect.stringContaining(String(whole.length)),
  })
  const md5 = createHash('md5').update(whole).digest('hex')
  const wrong = { part_ids: [late, early], md5 }
  await expect(openai.uploads.complete(upload.id, wrong)).rejects.toMatchObject({ status: 400, param: 'md5' })
  const done = await openai.uploads.complete(upload.id, { part_ids: [early, late], md5 })
  expect(done).toMatchObject({ status: 'completed', file: { filename: 'train.jsonl', bytes: whole.length } })
  expect(await (await openai.files.content(done.file?.id ?? '')).text()).toBe(whole.toString())
  await expect(openai.uploads.cancel(upload.id)).rejects.toMatchObject({ status: 400 })
  expect(unused).toMatch(/^part_/)
  await openai.files.delete(done.file?.id ?? '')
  const other = await openai.uploads.create({
    bytes: 3,
    filename: 'a.txt',
    mime_type: 'text/plain',
    purpose: 'user_data',
  })
  await openai.uploads.parts.create(other.id, { data: await toFile(Buffer.from('abc'), 'part') })
  expect(await openai.uploads.cancel(other.id)).toMatchObject({ status: 'cancelled' })
  const data = await toFile(Buffer.from('abc'), 'part')
  await expect(openai.uploads.parts.create(other.id, { data })).rejects.toMatchObject({ status: 400 })
  expect(await objects()).toEqual([])
})

test.each([
  ['an unknown purpose', 'a.jsonl', 'x', 'spy', 'purpose'],
  ['an empty file', 'a.jsonl', '', 'user_data', 'file'],
  ['a file for training with another name', 'a.txt', 'x', 'fine-tune', 'file'],
])('%s is refused, and nothing of it is kept', async (_, name, text, purpose, param) => {
  const body = { file: await toFile(Buffer.from(text), name), purpose: purpose as 'batch' }
  await expect(openai.files.create(body)).rejects.toMatchObject({ status: 400, param })
  expect(await objects()).toEqual([])
})

const boundary = 'the-boundary'
const disposition = 'Content-Disposition: form-data'
const member = (name: string, value: string): string =>
  `--${boundary}\r\n${disposition}; name="${name}"\r\n\r\n${value}\r\n`
const fileMember = (content: string, name = 'file'): string =>
  `--${boundary}\r\n${disposition}; name="${name}"; filename="a.jsonl"\r\n\r\n${content}\r\n`
const end = `--${boundary}--\r\n`

async function post(
  body: string,
  type = `multipart/form-data; boundary=${boundary}`,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      `${server.endpoint}/v1/files`,
      { method: 'POST', headers: { authorization: `Bearer ${server.bearer}`, 'content-type': type } },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (chunk) => (text += String(chunk)))
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
      },
    )
    sent.on('error', reject).end(body)
  })
}

test.each([
  [
    'a wrong boundary',
    member('purpose', 'batch') + fileMember('x') + end,
    'multipart/form-data; boundary=other',
  ],
  ['no boundary', fileMember('x') + end, 'multipart/form-data'],
  ['another type', '{}', 'application/json'],
  ['a form that is cut off', member('purpose', 'batch') + fileMember('x'), undefined],
  ['no file', member('purpose', 'batch') + end, undefined],
  ['two files', member('purpose', 'batch') + fileMember('x') + fileMember('y') + end, undefined],
  ['no purpose', fileMember('x') + end, undefined],
  [
    'a member that is not known',
    member('purpose', 'batch') + member('colour', 'red') + fileMember('x') + end,
    undefined,
  ],
  [
    'a thousand members',
    Array.from({ length: 1000 }, (_, at) => member(`m${at}`, 'x')).join('') + end,
    undefined,
  ],
  ['a header without end', `--${boundary}\r\n${disposition}; name="${'x'.repeat(100_000)}`, undefined],
])('%s is answered with 400, and nothing of it is kept', async (_, body, type) => {
  const { status, text } = await post(body, type)
  expect({ status, text }).toMatchObject({ status: 400 })
  expect(JSON.parse(text)).toMatchObject({
    error: { type: 'invalid_request_error', message: expect.any(String) },
  })
  expect(await objects()).toEqual([])
  expect(server.failures).toEqual([])
})

test('members may come after the file', async () => {
  const { status, text } = await post(fileMember('{"a": 1}') + member('purpose', 'user_data') + end)
  expect({ status, text }).toMatchObject({ status: 200 })
  await openai.files.delete((JSON.parse(text) as { id: string }).id)
})

test('an upload whose client goes away in the middle leaves nothing', async () => {
  const { hostname, port } = new URL(server.endpoint)
  const socket = connect(Number(port), hostname)
  const head = `POST /v1/files HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${server.bearer}\r\ncontent-type: multipart/form-data; boundary=${boundary}\r\ncontent-length: 100000000\r\n\r\n`
  socket.write(head + member('purpose', 'user_data') + fileMember('x'.repeat(300_000)))
  await expect.poll(async () => (await server.parts.files.findBucket('hone-files')) !== undefined).toBe(true)
  socket.destroy()
  await expect.poll(objects).toEqual([])
  const { data } = await openai.files.list()
  expect(data).toEqual([])
  expect(server.failures).toEqual([])
})

test('a part that is larger than a part may be is refused with 413', async () => {
  const upload = await openai.uploads.create({
    bytes: 70 * 2 ** 20,
    filename: 'a.bin',
    mime_type: 'application/octet-stream',
    purpose: 'user_data',
  })
  const data = await toFile(Buffer.alloc(65 * 2 ** 20), 'part')
  await expect(openai.uploads.parts.create(upload.id, { data })).rejects.toMatchObject({ status: 413 })
  expect(await objects()).toEqual([])
})

test('keys that may only read cannot upload or delete', async () => {
  const { key } = await server.parts.keys.createBearer({ user: 'reader', allow: ['read'] })
  const reader = new OpenAI({ apiKey: key, baseURL: `${server.endpoint}/v1`, maxRetries: 0 })
  expect((await reader.files.list()).data).toEqual([])
  const file = await toFile(Buffer.from('x'), 'a.txt')
  await expect(reader.files.create({ file, purpose: 'user_data' })).rejects.toMatchObject({ status: 403 })
  await expect(reader.files.delete('file-a')).rejects.toMatchObject({ status: 403 })
})
