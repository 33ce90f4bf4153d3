import { writeFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HoneRefusal, type HoneClient } from '../examples/native-client/hone-client.ts'
import { importText, nativeClient, refusal } from './testing/native-client.ts'
import { startServer, type TestServer } from './testing/start-server.ts'
import { colourLines, tinyHome, type TinyHome } from './testing/tiny-home.ts'

let home: TinyHome
let server: TestServer
let client: HoneClient
let colours = ''

beforeAll(async () => {
  home = await tinyHome()
  server = await startServer(home)
  client = nativeClient(server)
  colours = await importText(client, 'colours', 'colours.jsonl', colourLines(120, 1))
}, 120_000)

afterAll(() => server[Symbol.asyncDispose]())

describe('an upload', () => {
  test('comes in parts, is told where it stands, and is read as what it is', async () => {
    const bytes = Buffer.from('question,answer\nWhat is red?,a colour\nWhat is a cat?,an animal\n')
    const { id, offset } = await client.call('createUpload', { body: { name: 'q.csv', bytes: bytes.length } })
    expect(offset).toBe(0)
    const path = { id }
    await client.call('addToUpload', { path, query: { offset: 0 }, body: bytes.subarray(0, 20) })
    const wrong = await refusal(client.call('addToUpload', { path, query: { offset: 5 }, body: bytes }))
    expect(wrong).toMatchObject({ status: 409, failure: { code: 'E_EXISTS', hint: 'go on from 20' } })
    const early = await refusal(client.call('importUpload', { path, body: { name: 'questions' } }))
    expect(early.status).toBe(409)
    expect((await client.call('getUpload', { path })).offset).toBe(20)
    const beyond = Buffer.concat([bytes.subarray(20), Buffer.from('more')])
    const tooMuch = await refusal(client.call('addToUpload', { path, query: { offset: 20 }, body: beyond }))
    expect(tooMuch.failure.code).toBe('E_USAGE')
    await client.call('addToUpload', { path, query: { offset: 20 }, body: bytes.subarray(20) })
    const seen = await client.call('inspectUpload', { path, body: {} })
    expect(seen).toMatchObject({ kind: 'csv', columns: ['question', 'answer'], records: 2, isWhole: true })
    expect(seen.examples[0]?.example.messages.map(({ content }) => content)).toEqual([
      'What is red?',
      'a colour',
    ])
    const { dataset, records } = await client.call('importUpload', { path, body: { name: 'questions' } })
    expect(records).toBe(2)
    const { version } = await client.call('getDataset', { path: { id: dataset } })
    expect(version).toMatchObject({ name: 'questions', step: 'import' })
    expect((await client.call('listUploads', {})).uploads).toEqual([])
  })

  test('that is cut in the middle keeps what came', async () => {
    const bytes = Buffer.from(colourLines(40, 2))
    const { id } = await client.call('createUpload', { body: { name: 'c.jsonl', bytes: bytes.length } })
    const leaving = new AbortController()
    const half = async function* (): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(0, 1000)
      // The connection ends when that much has arrived.
      for (;;) {
        const { offset } = await client.call('getUpload', { path: { id } })
        if (offset === 1000) break
      }
      leaving.abort()
      yield bytes.subarray(1000)
    }
    const sent = fetch(`${server.endpoint}/api/uploads/${id}?offset=0`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${server.bearer}` },
      body: half(),
      duplex: 'half',
      signal: leaving.signal,
    })
    await expect(sent).rejects.toThrow(/abort/i)
    let at = await client.call('getUpload', { path: { id } })
    expect(at.offset).toBeGreaterThanOrEqual(1000)
    for (;;) {
      const { offset } = at
      try {
        at = await client.call('addToUpload', {
          path: { id },
          query: { offset },
          body: bytes.subarray(offset),
        })
        break
      } catch (error) {
        // The server has not seen yet that the first connection is gone.
        if (!(error instanceof HoneRefusal) || error.status !== 409) throw error
        at = await client.call('getUpload', { path: { id } })
      }
    }
    expect(at.offset).toBe(bytes.length)
    await client.call('deleteUpload', { path: { id } })
    expect((await refusal(client.call('getUpload', { path: { id } }))).status).toBe(404)
  })

  test('with columns that mean nothing asks what they mean', async () => {
    const bytes = Buffer.from('a,b\nred,colour\ncat,animal\n')
    const { id } = await client.call('createUpload', { body: { name: '../../odd.csv', bytes: bytes.length } })
    await client.call('addToUpload', { path: { id }, query: { offset: 0 }, body: bytes })
    const asked = await client.call('inspectUpload', { path: { id }, body: {} })
    expect(asked.columns).toEqual(['a', 'b'])
    expect(asked.needsMap?.message).toContain('a, b')
    expect(asked.firstValues).toEqual(['red', 'colour'])
    const told = await client.call('inspectUpload', { path: { id }, body: { map: 'user=a,assistant=b' } })
    expect(told).toMatchObject({ needsMap: null, records: 2, refused: 0 })
    await client.call('deleteUpload', { path: { id } })
  })
})

const pageOf = (query: Parameters<typeof client.call<'listExamples'>>[1]['query'] = {}) =>
  client.call('listExamples', { path: { id: colours }, query })

describe('examples', () => {
  test('come by offset, and are filtered by label, length and text', async () => {
    const first = await pageOf({ limit: 2 })
    expect(first).toMatchObject({ records: 120, found: 120, labels: { names: ['red', 'green', 'blue'] } })
    const later = await pageOf({ offset: 118, limit: 10 })
    expect(later.rows.map(({ row, line }) => [row, line])).toEqual([
      [118, 119],
      [119, 120],
    ])
    const green = await pageOf({ label: 'green', limit: 3, offset: 1 })
    expect(green.found).toBe(40)
    expect(green.rows.map(({ row }) => row)).toEqual([4, 7, 10])
    const lengths = first.rows.map(({ characters }) => characters)
    const exact = await pageOf({ shortest: lengths[0]!, longest: lengths[0]! })
    expect(exact.rows.every(({ characters }) => characters === lengths[0])).toBe(true)
    const [word = ''] = first.rows[0]?.example?.messages[0]?.content.split(' ') ?? []
    const searched = await pageOf({ search: word.toUpperCase() })
    expect(searched.rows.map(({ row }) => row)).toContain(0)
    const named = await pageOf({ lines: '3,7,1000', label: 'blue' })
    expect(named.rows.map(({ line }) => line)).toEqual([3])
    expect((await refusal(pageOf({ lines: '3;7' }))).status).toBe(400)
    // Keys and roles are not searched, or all would fit.
    expect((await pageOf({ search: 'assistant' })).found).toBe(0)
  })

  test('with what no line may do to a page', async () => {
    const hostile = [
      '{"messages":[{"role":"user","content":"<script>alert(1)</script> \\u202e"},{"role":"assistant","content":"x"}]}',
      'not json',
      `{"messages":[{"role":"user","content":"${'long '.repeat(60_000)}"},{"role":"assistant","content":"y"}]}`,
      '',
      '{"messages":[{"role":"user","content":"caf\\u00e9"},{"role":"assistant","content":"z"}]}',
    ].join('\n')
    const file = join(home.work, 'hostile.jsonl')
    writeFileSync(file, hostile)
    // As a version that was kept with its faults: what was made elsewhere is not always sound.
    const { saveDataset } = await import('../src/store/datasets.ts')
    const { fingerprintFile } = await import('../src/lib/fingerprint-file.ts')
    const { sha256, bytes } = await fingerprintFile(file, {})
    await saveDataset(home.home, {
      name: 'hostile',
      parts: [{ part: 'records', file, sha256, bytes, records: 4 }],
      lineage: { step: 'save', settings: {}, inputs: [] },
    })
    const all = await client.call('listExamples', { path: { id: 'hostile' } })
    expect(all.rows.map(({ line, isCut, example }) => [line, isCut, example !== null])).toEqual([
      [1, false, true],
      [2, false, false],
      [3, true, false],
      [5, false, true],
    ])
    expect(all.rows[1]).toMatchObject({ text: 'not json', findings: [{ id: 'json/syntax' }] })
    const found = await client.call('listExamples', { path: { id: 'hostile' }, query: { search: 'CAFÉ' } })
    expect(found.rows.map(({ line }) => line)).toEqual([5])
    const whole = await client.call('getExample', { path: { id: 'hostile', row: '2' } })
    expect(whole.row.example?.messages[0]?.content.length).toBe(300_000)
  })

  test('one comes as the tokens that training sees', async () => {
    const { row, mask } = await client.call('getExample', {
      path: { id: 'colours', row: '3' },
      query: { base: home.base },
    })
    expect(row.row).toBe(3)
    const [view] = mask?.sequences ?? []
    expect(view?.counts.trained).toBeGreaterThan(0)
    const trained = view?.tokens.filter(({ state }) => state === 'trained').map(({ text }) => text)
    expect(trained?.join('')).toContain(row.example?.messages.at(-1)?.content)
    const missing = await refusal(client.call('getExample', { path: { id: 'colours', row: '120' } }))
    expect(missing.status).toBe(404)
  })

  test('an index that is damaged is made anew', async () => {
    const { version } = await client.call('getDataset', { path: { id: colours } })
    const folder = join(home.home, 'datasets', version.name, version.hash.slice(0, 12))
    const index = join(folder, 'records.jsonl.index')
    const good = readFileSync(index)
    const { openExampleIndex } = await import('../src/service/example-pages/example-index.ts')
    for (const damaged of [
      good.subarray(0, 100),
      Buffer.from('x'),
      Buffer.concat([good, Buffer.from('x')]),
    ]) {
      writeFileSync(index, damaged)
      const [part] = version.parts
      const made = await openExampleIndex(join(folder, 'records.jsonl'), part?.sha256 ?? '')
      expect(made.records).toBe(120)
      expect(readFileSync(index).equals(good)).toBe(true)
    }
  })

  test('one that is added makes a new version', async () => {
    const body = {
      messages: [
        { role: 'user' as const, content: 'abc violet' },
        { role: 'assistant' as const, content: 'violet' },
      ],
    }
    const made = await client.call('addExample', { path: { id: 'extended' }, body })
    expect(made).toMatchObject({ name: 'extended', step: 'add', parts: [{ records: 1 }] })
    const more = await client.call('addExample', { path: { id: 'extended' }, body: { ...body, label: 'v' } })
    expect(more).toMatchObject({ parts: [{ records: 2 }], inputs: [{ dataset: `${made.id}/records` }] })
  })
})

const letter = (text: string): string =>
  `${JSON.stringify({
    messages: [
      { role: 'user', content: text },
      { role: 'assistant', content: 'ok' },
    ],
  })}\n`

describe('what is known of a dataset', () => {
  test('its check, with the rows of a finding', async () => {
    const doubled = `${colourLines(20, 3)}${colourLines(2, 3)}`
    const id = await importText(client, 'doubled', 'doubled.jsonl', doubled)
    const checked = await client.call('checkDataset', { path: { id }, body: {} })
    expect(checked.records).toBe(22)
    const rule = checked.findings.find(({ at }) => at.line === 21)?.id ?? ''
    expect(rule).not.toBe('')
    const rows = await client.call('listExamples', { path: { id }, query: { finding: rule } })
    expect(rows.rows.map(({ line }) => line)).toContain(21)
    const { outcome } = await client
      .call('findDuplicates', { path: { id }, body: { near: 1 } })
      .then((result) => ({ outcome: result }))
    expect(outcome).toMatchObject({ records: 22, kept: 20, count: 2 })
    expect(outcome.clusters[0]?.kept[0]?.file).toBe(`${id}/records`)
  })

  test('a mend is shown word by word before it is kept, and what can be chosen is listed', async () => {
    const id = await importText(
      client,
      'bells',
      'bells.jsonl',
      `${letter('one')}${letter('two\u0007 bells')}`,
    )
    const shown = await client.call('fixDataset', { path: { id }, body: {} })
    expect(shown).toMatchObject({ changed: 1, dataset: null, changes: [{ line: 2 }] })
    const removed = shown.changes[0]?.runs.filter(({ kind }) => kind !== 'same')
    expect(removed?.map(({ kind }) => kind)).toEqual(['removed'])
    const kept = await client.call('fixDataset', { path: { id }, body: { save: true } })
    const diff = await client.call('diffDatasets', { path: { id: kept.dataset ?? '' }, body: { before: id } })
    expect(diff.counts).toEqual({ unchanged: 1, changed: 1, added: 0, removed: 0 })
    const { formats, profiles } = await client.call('getFormats', {})
    expect(formats.map((format) => format.id)).toContain('openai-chat')
    expect(profiles.map((profile) => profile.id)).toContain('bedrock:claude-3-haiku')
  })

  test('its numbers, with progress meanwhile', async () => {
    const events: string[] = []
    let labels: unknown
    for await (const event of client.follow('getStatistics', { path: { id: colours }, body: {} })) {
      events.push(event.event)
      if (event.event === 'result') labels = event.data.labels?.counts
    }
    expect(labels).toEqual([
      { value: 'blue', count: 40 },
      { value: 'green', count: 40 },
      { value: 'red', count: 40 },
    ])
    expect(events.at(-1)).toBe('result')
    expect(events).toContain('progress')
    const again = await client.call('getStatistics', { path: { id: colours }, body: {} })
    expect(again.records).toBe(120)
  })

  test('its tokens', async () => {
    const counted = await client.call('countTokens', { path: { id: colours }, body: { base: home.base } })
    expect(counted.statistics.counted).toBe(120)
    expect(counted.statistics.histogram.length).toBeGreaterThan(0)
  })

  test('what redaction would change', async () => {
    const text = ['write to anna.schmidt@posteo.de', 'nothing here'].map(letter).join('')
    const id = await importText(client, 'letters', 'letters.jsonl', text)
    const shown = await client.call('redactDataset', { path: { id }, body: {} })
    expect(shown).toMatchObject({ records: 2, changed: 1, dataset: null })
    expect(shown.changes[0]?.line).toBe(1)
    const saved = await client.call('redactDataset', { path: { id }, body: { save: true } })
    const page = await client.call('listExamples', { path: { id: saved.dataset ?? '' } })
    expect(page.rows[0]?.example?.messages[0]?.content).not.toContain('anna')
  })

  test('its split, sealed, and the difference of two versions', async () => {
    const split = await client.call('splitDataset', { path: { id: colours }, body: { name: 'parted' } })
    expect(split.parts.train.examples + split.parts.validation.examples + split.parts.test.examples).toBe(120)
    const path = { id: split.dataset ?? '' }
    expect((await client.call('getDataset', { path })).sealed).toEqual({ part: 'test', looks: 0 })
    const tests = await client.call('listExamples', { path, query: { part: 'test', limit: 1 } })
    expect(tests.looks).toBe(1)
    expect((await client.call('listExamples', { path, query: { part: 'test', offset: 1 } })).looks).toBe(1)
    const changed = await client.call('diffDatasets', {
      path: { id: 'extended' },
      body: { before: 'questions' },
    })
    expect(changed.counts).toMatchObject({ added: 2, removed: 2 })
  })

  test('its export, in other forms', async () => {
    const response = await client.call('exportDataset', {
      path: { id: 'questions' },
      query: { as: 'openai-chat', file: 'jsonl' },
    })
    const [line = ''] = (await response.text()).split('\n')
    expect(JSON.parse(line)).toEqual({
      messages: [
        { role: 'user', content: 'What is red?' },
        { role: 'assistant', content: 'a colour' },
      ],
    })
    const missing = await refusal(client.call('exportDataset', { path: { id: 'nothing' } }))
    expect(missing).toMatchObject({ status: 404, failure: { code: 'E_NOT_FOUND' } })
  })
})

test('the server has nothing to blame itself for', () => {
  expect(server.failures).toEqual([])
})
