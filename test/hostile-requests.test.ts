import { request as send } from 'node:http'
import { SignatureV4 } from '@smithy/signature-v4'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRandom, type Random } from '../src/lib/random.ts'
import { Sha256 } from '../src/wire/testing/sha256.ts'
import { startServer, type TestServer } from './testing/start-server.ts'
import { tinyHome } from './testing/tiny-home.ts'

const count = process.env['HONE_TEST_LONG'] === '1' ? 10_000 : 600

let server: TestServer
let base: string

beforeAll(async () => {
  const home = await tinyHome()
  base = home.base
  server = await startServer(home)
}, 60_000)
afterAll(() => server[Symbol.asyncDispose]())

interface Answer {
  readonly method: string
  readonly status: number
  readonly type: string
  readonly body: string
}

const paths = [
  '/',
  '/model-customization-jobs',
  '/model-customization-jobs/job-1',
  '/model-customization-jobs/job-1/stop',
  '/custom-models/m',
  '/provisioned-model-throughput',
  '/provisioned-model-throughputs',
  '/foundation-models',
  '/model/anthropic.claude-3-haiku-20240307-v1%3A0/invoke',
  '/model/anthropic.claude-3-haiku-20240307-v1%3A0/converse',
  '/model/x/count-tokens',
  '/tagResource',
  '/bucket',
  '/bucket/key',
  '/bucket/key?uploads',
  '/bucket?list-type=2',
  '/bucket?delete',
]

const bodies = [
  '',
  '{}',
  '[]',
  'null',
  '{"jobName":"a","customModelName":"b","roleArn":"arn:aws:iam::1:role/x","baseModelIdentifier":"anthropic.claude-3-haiku-20240307-v1:0:200k","trainingDataConfig":{"s3Uri":"s3://bucket/key"},"outputDataConfig":{"s3Uri":"s3://bucket/out"}}',
  '{"anthropic_version":"bedrock-2023-05-31","max_tokens":1,"messages":[{"role":"user","content":"a"}]}',
  '{"messages":[{"role":"user","content":[{"text":"a"}]}],"inferenceConfig":{"maxTokens":1}}',
  '<Delete><Object><Key>a</Key></Object></Delete>',
  'Action=GetCallerIdentity&Version=2011-06-15',
  'Action=CreateRole&RoleName=a',
]

/** Changes a few characters of a text. */
function mutated(text: string, random: Random, characters: string): string {
  // Half of them stay as they are, so that the other parts are reached.
  if (random.integer(2) === 0) return text
  let changed = text
  for (let edits = random.integer(4); edits > 0; edits--) {
    const at = random.integer(changed.length + 1)
    const put = Array.from(
      { length: random.integer(4) },
      () => characters[random.integer(characters.length)],
    ).join('')
    changed = changed.slice(0, at) + put + changed.slice(at + random.integer(3))
  }
  return changed
}

const urlCharacters = "/%2F3A:.~-_aZ09?&=+$!'()*"
const bodyCharacters = '{}[]",:0aé\u0000\\<>/&;-'

async function askSigned(random: Random): Promise<Answer> {
  const pick = <Item>(list: readonly Item[]): Item => list[random.integer(list.length)] as Item
  const service = pick(['bedrock', 'bedrock', 'bedrock', 's3', 's3', 'sts', 'iam', 'ec2'])
  const url = `/${mutated(pick(paths), random, urlCharacters).replace(/^\/+/, '')}`
  const method = pick(['GET', 'GET', 'POST', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'])
  const body = method === 'GET' || method === 'HEAD' ? '' : mutated(pick(bodies), random, bodyCharacters)
  const [path = '', query = ''] = url.split('?')
  const headers: Record<string, string> = { host: new URL(server.endpoint).host }
  const signer = new SignatureV4({
    service,
    region: 'us-west-2',
    credentials: server.credentials,
    sha256: Sha256,
    uriEscapePath: service !== 's3',
    applyChecksum: service === 's3',
  })
  const pairs = query.split('&').filter((part) => part !== '')
  let signed: Record<string, string> = headers
  try {
    const result = await signer.sign({
      method,
      protocol: 'http:',
      hostname: '127.0.0.1',
      path,
      query: Object.fromEntries(
        pairs.map((pair) => {
          const [name = '', value = ''] = pair.split('=')
          return [decodeURIComponent(name), decodeURIComponent(value)]
        }),
      ),
      headers,
      body,
    })
    signed = result.headers
  } catch {
    // A query that cannot be decoded goes out unsigned.
  }
  if (random.integer(5) === 0) {
    const name = pick(Object.keys(signed))
    signed = {
      ...signed,
      [name]: mutated(signed[name] ?? '', random, 'abc/=,;: 09').replaceAll(/[^ -~]/g, ''),
    }
  }
  return answerTo(method, url, signed, body)
}

function answerTo(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = send(
      { host: '127.0.0.1', port: new URL(server.endpoint).port, method, path, headers },
      (incoming) => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.on('error', reject)
        incoming.on('end', () =>
          resolve({
            method,
            status: incoming.statusCode ?? 0,
            type: incoming.headers['content-type'] ?? '',
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        )
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

/** True for an answer whose body is what its type says; a question about the head has none. */
function isWellFormed(method: string, type: string, body: string): boolean {
  if (method === 'HEAD') return body === ''
  if (type.includes('xml') && body !== '') return /^<\?xml[^]*>$/.test(body)
  if (type === 'application/json') JSON.parse(body)
  return true
}

const plainPaths = [
  '/v1/chat/completions',
  '/v1/completions',
  '/v1/responses',
  '/v1/messages',
  '/v1/messages/count_tokens',
  '/v1/messages/batches',
  '/v1/batches',
  '/v1/files',
  '/v1/uploads',
  '/v1/models',
  '/v1/fine_tuning/jobs',
  '/v1/fine_tuning/jobs/job-1/cancel',
  '/api/jobs',
  '/api/datasets',
  '/api/evaluations',
  '/api/keys',
  '/api/models',
]

const plainBodies = [
  '{}',
  '[]',
  'null',
  '{"model":"m","messages":[{"role":"user","content":"a"}],"max_tokens":1}',
  '{"model":"m","messages":[{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]}],"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}]}',
  '{"model":"m","input":[{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}],"max_output_tokens":1}',
  '{"model":"m","prompt":"a","max_tokens":1,"stream":true}',
  '{"model":"m","training_file":"file-1","method":{"type":"supervised","supervised":{"hyperparameters":{"n_epochs":"auto"}}}}',
  '{"requests":[{"custom_id":"a","params":{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"a"}]}}]}',
]

function askPlainly(random: Random): Promise<Answer> {
  const pick = <Item>(list: readonly Item[]): Item => list[random.integer(list.length)] as Item
  const path = `/${mutated(pick(plainPaths), random, urlCharacters).replace(/^\/+/, '')}`
  const method = pick(['GET', 'POST', 'POST', 'POST', 'PUT', 'DELETE', 'PATCH'])
  // Nearly all of the models that are asked for exist.
  const body = mutated(pick(plainBodies), random, bodyCharacters).replace('"m"', JSON.stringify(base))
  const key = random.integer(10) === 0 ? 'none' : server.bearer
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': pick([
      'application/json',
      'application/json',
      'text/plain',
      'multipart/form-data; boundary=x',
    ]),
    ...(random.integer(2) === 0 ? { 'anthropic-version': '2023-06-01' } : {}),
  }
  return answerTo(method, path, headers, method === 'GET' ? '' : body)
}

test.each([
  ['signed', askSigned],
  ['with a key', askPlainly],
])(
  `${count} mutated requests, %s, are answered, none with a failure of the server`,
  async (_kind, ask) => {
    const random = createRandom(11)
    const statuses = new Map<number, number>()
    for (let at = 0; at < count; at++) {
      const { method, status, type, body } = await ask(random)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      if (status >= 500 && status !== 501) throw new Error(`request ${at}: ${status} ${body.slice(0, 200)}`)
      expect(isWellFormed(method, type, body), `request ${at}: ${type} ${body.slice(0, 200)}`).toBe(true)
      expect(body).not.toMatch(/\bat .*\.ts:\d+/)
    }
    expect(server.failures).toEqual([])
    // The mutations reach behind the signatures.
    expect(statuses.get(200) ?? 0).toBeGreaterThan(count / 50)
    expect(statuses.get(400) ?? 0).toBeGreaterThan(count / 50)
  },
  600_000,
)

test('values that are nested deeply are refused everywhere', async () => {
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`
  const authorization = `Bearer ${server.bearer}`
  const deepBodies = [
    deep,
    `{"model":"${base}","max_tokens":1,"messages":${deep}}`,
    `{"model":"${base}","max_tokens":1,"metadata":${deep},"messages":[{"role":"user","content":"a"}]}`,
    `{"model":"${base}","max_tokens":1,"messages":[{"role":"user","content":"a"}],"tools":[{"name":"f","input_schema":{"type":"object","default":${deep}}}]}`,
    `{"model":"${base}","input":"a","tools":[{"type":"function","name":"f","parameters":{"default":${deep}}}]}`,
  ]
  for (const path of [...paths, ...plainPaths]) {
    for (const body of deepBodies) {
      const { status, body: said } = await answerTo('POST', path, { authorization }, body)
      expect([path, status >= 400 && status < 500, said.slice(0, 200)]).toEqual([
        path,
        true,
        said.slice(0, 200),
      ])
    }
  }
  expect(server.failures).toEqual([])
})
