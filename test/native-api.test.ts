import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HoneClient } from '../examples/native-client/hone-client.ts'
import { apiTypesSource, type ApiDocument } from '../scripts/generate-api-client.ts'
import { createServices } from '../src/compose.ts'
import { checkedFetch } from './testing/checked-fetch.ts'
import { nativeClient, refusal } from './testing/native-client.ts'
import { startServer, type TestServer } from './testing/start-server.ts'
import { colourRecords, tinyHome, writeRecords, type TinyHome } from './testing/tiny-home.ts'

let home: TinyHome
let server: TestServer
let client: HoneClient

beforeAll(async () => {
  home = await tinyHome()
  const data = writeRecords(home.work, 'colours.jsonl', colourRecords(24))
  const { train } = createServices({ home: home.home })
  await train.train({ data, base: home.base, id: 'colours', overrides: { maxSteps: 4, batchSize: 4 } })
  server = await startServer(home)
  client = nativeClient(server)
}, 120_000)

afterAll(() => server[Symbol.asyncDispose]())

const plain = (source: string): string => source.replaceAll(/[\s;,()|'"]/g, '')

const get = (path: string, headers: Readonly<Record<string, string>>): Promise<Response> =>
  fetch(`${server.endpoint}${path}`, { headers })

describe('the document', () => {
  test('is served to anyone, and the types of the example client are made from it', async () => {
    const response = await fetch(`${server.endpoint}/api/openapi.json`)
    const document = (await response.json()) as ApiDocument & { readonly openapi: string }
    expect(document.openapi).toBe('3.1.0')
    const kept = readFileSync('examples/native-client/api-types.ts', 'utf8').replaceAll('\r\n', '\n')
    expect(plain(kept)).toBe(plain(apiTypesSource(document)))
  })

  test('every reference leads somewhere', async () => {
    const text = await (await fetch(`${server.endpoint}/api/openapi.json`)).text()
    const { components } = JSON.parse(text) as ApiDocument
    const named = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name ?? '')
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter((name) => !Object.hasOwn(components.schemas, name))).toEqual([])
  })
})

describe('state, doctor and models', () => {
  test('what is here is shown', async () => {
    const state = await client.call('getState', {})
    expect(state).toMatchObject({ isEmpty: false, counts: { tuned: 1, bases: 1, jobs: 1 }, attention: [] })
    expect(state.finished.map(({ id, startedBy }) => ({ id, startedBy }))).toEqual([
      { id: 'colours', startedBy: 'command-line' },
    ])
    const { models } = await client.call('listModels', {})
    expect(models.map(({ id, kind }) => `${id} ${kind}`)).toEqual(['colours tuned', 'tiny base'])
    const details = await client.call('getModel', { path: { id: 'colours' } })
    expect(details.lineage).toMatchObject({
      job: 'colours',
      base: { id: 'tiny' },
      dataset: { id: null, training: { examples: 24 } },
      gate: null,
    })
    expect(details.uses.map(({ api, id }) => `${api} ${id}`)).toContain('openai colours')
    const base = await client.call('getModel', { path: { id: 'tiny' } })
    expect(base.dependents.models).toEqual(['colours'])
  })

  test('the doctor answers', async () => {
    const { checks } = await client.call('getDoctor', {})
    expect(checks.map(({ name }) => name)).toContain('memory')
  })

  test('a model is exported as an archive, and removed only when nothing needs it', async () => {
    const response = await client.call('exportModel', { path: { id: 'colours' }, query: { form: 'adapter' } })
    const bytes = Buffer.from(await response.arrayBuffer())
    expect(response.headers.get('content-disposition')).toContain('colours-adapter.tar')
    expect(bytes.toString('latin1')).toContain('adapter_model.safetensors')
    const { failure, status } = await refusal(client.call('deleteModel', { path: { id: 'tiny' } }))
    expect(status).toBe(409)
    expect(failure.code).toBe('E_EXISTS')
  })
})

describe('jobs', () => {
  test('a run of the command line is listed with its numbers', async () => {
    const { jobs } = await client.call('listJobs', {})
    expect(jobs.map(({ id, state, step, steps }) => ({ id, state, step, steps }))).toEqual([
      { id: 'colours', state: 'succeeded', step: 4, steps: 4 },
    ])
    const details = await client.call('getJob', { path: { id: 'colours' } })
    expect(details.settings).toMatchObject({ batchSize: 4, maxSteps: 4 })
    const { steps, totalSteps } = await client.call('getJobMetrics', { path: { id: 'colours' } })
    expect(steps.step).toEqual([1, 2, 3, 4])
    expect(totalSteps).toBe(4)
    expect(steps.loss.every((loss) => loss > 0)).toBe(true)
    const { events } = await client.call('listJobEvents', { path: { id: 'colours' } })
    expect(events.filter(({ type }) => type === 'step')).toHaveLength(4)
  })

  test('its events come from the beginning, or from where a client has been', async () => {
    const ids: string[] = []
    const names: string[] = []
    for await (const { event, id } of client.follow('followJob', { path: { id: 'colours' } })) {
      names.push(event)
      if (id !== undefined) ids.push(id)
    }
    expect(names[0]).toBe('job')
    expect(names.at(-1)).toBe('end')
    expect(names.filter((name) => name === 'training').length).toBeGreaterThanOrEqual(4)
    const rest: string[] = []
    const seen = ids.at(-3) ?? ''
    for await (const { id } of client.follow('followJob', {
      path: { id: 'colours' },
      headers: { 'last-event-id': seen },
    })) {
      if (id !== undefined) rest.push(id)
    }
    expect(rest).toEqual(ids.slice(-2))
  })

  test('a job that is not there is said to be so', async () => {
    const { failure, status } = await refusal(client.call('getJob', { path: { id: 'nobody' } }))
    expect({ status, code: failure.code }).toEqual({ status: 404, code: 'E_NOT_FOUND' })
    const followed = await refusal(client.follow('followJob', { path: { id: 'nobody' } }).next())
    expect(followed.status).toBe(404)
  })
})

describe('chat', () => {
  test('an answer comes in parts, then one end', async () => {
    const parts: string[] = []
    let text = ''
    let promptTokens = 0
    for await (const part of client.follow('chat', {
      body: {
        model: 'colours',
        messages: [{ role: 'user', content: 'abc red' }],
        maxTokens: 5,
        logProbabilities: true,
      },
    })) {
      parts.push(part.event)
      if (part.event === 'text') text += part.data.text
      if (part.event === 'finish') promptTokens = part.data.usage.promptTokens
    }
    expect(parts.filter((part) => part === 'finish')).toEqual(['finish'])
    expect(parts.at(-1)).toBe('finish')
    expect(text.length).toBeGreaterThan(0)
    expect(promptTokens).toBeGreaterThan(0)
  })

  test('each token is told with what else it could have been', async () => {
    const messages = [{ role: 'user' as const, content: 'abc red' }]
    const body = { model: 'colours', messages, maxTokens: 5, likeliestTokens: 3 }
    let text = ''
    const tokens = []
    for await (const part of client.follow('chat', { body })) {
      if (part.event !== 'text') continue
      text += part.data.text
      tokens.push(...(part.data.tokens ?? []))
    }
    expect(tokens.map((token) => token.text).join('')).toBe(text)
    expect(tokens.every(({ likeliest }) => likeliest.length === 3)).toBe(true)
    // The greedy answer is the likeliest token at each place.
    expect(tokens.map(({ likeliest: [first] }) => first?.text)).toEqual(tokens.map((token) => token.text))
  })

  test('an unknown model and an unknown member are refused before anything is streamed', async () => {
    const messages = [{ role: 'user' as const, content: 'a' }]
    const unknown = await refusal(client.follow('chat', { body: { model: 'nobody', messages } }).next())
    expect(unknown).toMatchObject({ status: 404, failure: { code: 'E_MODEL_UNKNOWN' } })
    const odd = { model: 'colours', messages, colour: 'red' }
    const refused = await refusal(client.follow('chat', { body: odd }).next())
    expect(refused).toMatchObject({ status: 400, failure: { code: 'E_USAGE' } })
  })
})

describe('who may', () => {
  test('a key is needed, and its permissions hold', async () => {
    const nobody = await get('/api/state', {})
    expect(nobody.status).toBe(401)
    expect(await nobody.json()).toMatchObject({ code: 'E_KEY', at: {} })
    const { key } = await server.parts.keys.createBearer({ user: 'reader', allow: ['read'] })
    const reader = new HoneClient({ address: server.endpoint, key })
    expect((await reader.call('getState', {})).user).toBe('reader')
    const refused = await refusal(reader.call('deleteModel', { path: { id: 'colours' } }))
    expect(refused).toMatchObject({ status: 403, failure: { code: 'E_KEY' } })
  })

  test('pages of others are refused, also under a name that was pointed here', async () => {
    const authorization = `Bearer ${server.bearer}`
    const foreign = await get('/api/state', { authorization, origin: 'https://evil.example' })
    expect(foreign.status).toBe(403)
    const own = await get('/api/state', { authorization, origin: server.endpoint })
    expect(own.status).toBe(200)
    const { port } = new URL(server.endpoint)
    const rebound = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { authorization, host: `evil.example:${port}` }
      request({ host: '127.0.0.1', port, path: '/api/state', headers }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .once('error', reject)
        .end()
    })
    expect(rebound).toBe(403)
  })
})

describe('settings', () => {
  test('a key is shown once, works, and is revoked', async () => {
    const made = await client.call('createKey', { body: { user: 'page', allow: ['read'] } })
    expect(made.key).toMatch(/^hone_/)
    const own = new HoneClient({ address: server.endpoint, key: made.key ?? '', fetch: checkedFetch })
    expect((await own.call('getSettings', {})).isLocal).toBe(true)
    expect((await refusal(own.call('listKeys', {}))).status).toBe(403)
    const { keys } = await client.call('listKeys', {})
    expect(JSON.stringify(keys)).not.toContain(made.key)
    await client.call('revokeKey', { path: { id: made.id } })
    expect((await refusal(own.call('getSettings', {}))).status).toBe(401)
    expect((await refusal(client.call('revokeKey', { path: { id: made.id } }))).status).toBe(404)
    const odd = await refusal(client.call('createKey', { body: { user: 'page', allow: ['fly'] } }))
    expect(odd.failure).toMatchObject({ code: 'E_USAGE' })
  })

  test('what was changed is in the audit log, and the model map is shown', async () => {
    const { entries } = await client.call('listAudit', { query: { limit: 50 } })
    expect(entries.map(({ action, outcome }) => `${action} ${outcome}`)).toContain('createKey 201')
    const found = await client.call('listAudit', { query: { limit: 1, search: 'CREATEKEY' } })
    expect(found.entries[0]?.action).toBe('createKey')
    const further = await client.call('listAudit', {
      query: { limit: 50, search: 'createkey', after: found.next ?? '' },
    })
    const all = await client.call('listAudit', { query: { limit: 50, search: 'createkey' } })
    expect([...found.entries, ...further.entries]).toEqual(all.entries)
    expect(further.next).toBeNull()
    expect((await client.call('listAudit', { query: { keyId: 'nobody' } })).entries).toEqual([])
    const { modelMap } = await client.call('getSettings', {})
    expect(modelMap.length).toBeGreaterThan(5)
    expect((await client.call('listEndpoints', {})).endpoints).toEqual([])
  })
})

test('the server has nothing to blame itself for', () => {
  expect(server.failures).toEqual([])
})
