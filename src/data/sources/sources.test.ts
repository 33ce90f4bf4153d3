import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import writeXlsxFile from 'write-excel-file/node'
import { HoneError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/example.ts'
import { parseColumnMap } from '../records/column-map.ts'
import { collectRows } from '../testing/collect-rows.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { targetEndings } from '../targets/record-targets.ts'
import { writeRecords } from '../records/write-records.ts'
import { JsonElements, type JsonShape } from './json-elements.ts'
import { sourceKinds } from './source-kinds.ts'
import type { StreamOptions } from '../records/stream-examples.ts'

const pair = { prompt: 'Where is my card?', completion: 'card_arrival' }
const turns = [
  { role: 'user', content: pair.prompt },
  { role: 'assistant', content: pair.completion },
]
const text = JSON.stringify(pair)

interface Read {
  readonly kind: string
  readonly wrappers: readonly string[]
  readonly messages: readonly unknown[]
  readonly lines: readonly number[]
  readonly findings: readonly string[]
  readonly notes: readonly string[]
  readonly ids: readonly (string | undefined)[]
}

async function read(name: string, content: string | Uint8Array, options: StreamOptions = {}): Promise<Read> {
  await using folder = await temporaryFolder()
  const { rows, summary } = await collectRows(await folder.write(name, content), options)
  return {
    kind: summary.kind,
    wrappers: summary.wrappers,
    messages: rows.flatMap(({ example }) => (example === undefined ? [] : [example.messages])),
    lines: rows.map(({ line }) => line),
    findings: rows.flatMap(({ findings }) => findings.map(({ id, at }) => `${at.line} ${id}`)),
    notes: summary.notes,
    ids: rows.map(({ example }) => example?.id),
  }
}

async function refusal(work: Promise<unknown>): Promise<HoneError> {
  const error: unknown = await work.then(
    () => new Error('nothing was refused'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof HoneError)) throw error
  return error
}

describe('what a file is, is told by its content', () => {
  // Made by zstd 1.5: `{"prompt":"a","completion":"b"}` and a line feed.
  const zstd = Buffer.from(
    '28b52ffd2020010100' + Buffer.from('{"prompt":"a","completion":"b"}\n').toString('hex'),
    'hex',
  )
  test.each<[string, string, string | Uint8Array, string]>([
    ['jsonl', 'x.jsonl', `${text}\n`, ''],
    ['jsonl', 'x.csv', `${text}\n`, ''],
    ['jsonl', 'x', text, ''],
    ['json', 'x.jsonl', `[${text}]`, ''],
    ['json', 'x.json', `\uFEFF\n[\n  ${text}\n]`, ''],
    ['json', 'x.json', JSON.stringify(pair, null, 2), ''],
    ['json', 'x.json', `${JSON.stringify(pair, null, 2)}\n`.repeat(1), ''],
    ['json', 'x.json', `{"version": 1, "name": "a,b", "rows": [${text}]}`, ''],
    [
      'jsonl',
      'x.json',
      JSON.stringify({ conversations: [{ role: 'human', content: pair.prompt }, turns[1]] }),
      '',
    ],
    ['json', 'x.json', JSON.stringify({ conversations: [{ messages: turns }] }), ''],
    ['csv', 'x.csv', `prompt,completion\n${pair.prompt},${pair.completion}`, ''],
    ['csv', 'x', `prompt;completion\r\n${pair.prompt};"${pair.completion}"\r\n`, ''],
    ['csv', 'x.tsv', `answer\tquestion\n${pair.completion}\t${pair.prompt}\n`, ''],
    ['csv', 'x.csv', `label,text\n${pair.completion},${pair.prompt}\n`, ''],
    ['text', 'x', `Q: ${pair.prompt}\nA: ${pair.completion}\n`, ''],
    ['text', 'x.txt', `\n${pair.prompt}\t${pair.completion}\n`, ''],
    ['jsonl', 'x.jsonl.gz', gzipSync(text), 'gzip'],
    ['json', 'x.gz', Buffer.concat([gzipSync('['), gzipSync(`${text}]`)]), 'gzip'],
    [
      'csv',
      'x.csv',
      gzipSync(Buffer.from(`\uFEFFprompt,completion\r${pair.prompt},${pair.completion}`, 'utf16le')),
      'gzip,UTF-16LE',
    ],
    ['jsonl', 'x.jsonl', Buffer.from(text, 'utf16le').swap16(), 'UTF-16BE'],
  ])('%s: %s', async (kind, name, content, wrappers) => {
    const found = await read(name, content)
    expect(found).toMatchObject({ kind, findings: [], messages: [turns] })
    expect(found.wrappers.join()).toBe(wrappers)
  })

  test.each(['{"messages":', '{"prompt":"a",', '{', '{"messages": [{'])(
    'jsonl whose first line was cut: %s',
    async (first) => {
      const found = await read('x.jsonl', `${first}\n${text}\n${text}\n`)
      expect(found).toMatchObject({ kind: 'jsonl', findings: ['1 json/syntax'], messages: [turns, turns] })
    },
  )

  test('zstd', async () => {
    expect(await read('x', zstd)).toMatchObject({
      kind: 'jsonl',
      wrappers: ['zstd'],
      messages: [[{ content: 'a' }, { content: 'b' }]],
    })
  })

  test.each<[string, string | Uint8Array, string]>([
    ['a window of zstd that would take the memory', Buffer.from('28b52ffd00ff', 'hex'), 'zstd window'],
    ['a cut zstd file', zstd.subarray(0, 14), 'damaged'],
    ['a cut gzip file', gzipSync(text.repeat(100)).subarray(0, 40), 'damaged'],
    ['packed too often', gzipSync(gzipSync(gzipSync(gzipSync(text)))), 'packed more than 3 times'],
    ['columns that mean nothing', 'a,b\n1,2\n3,4\n', 'a, b'],
    ['Latin-1', Buffer.from('prompt,completion\nCaf\u00e9,x\n', 'latin1'), 'UTF-8'],
    ['a column twice', 'prompt,completion,prompt\n1,2,3\n', 'two columns'],
    ['a ZIP archive', Buffer.from('504b0304000000000000', 'hex'), 'no Excel file'],
  ])('%s is refused', async (_, content, reason) => {
    const reading = async (): Promise<void> => {
      const { findings } = await read('x.csv', content)
      if (findings.length > 0) throw new HoneError('E_DATA', findings.join(), { hint: 'look' })
    }
    const { code, message, hint } = await refusal(reading())
    expect(code).toBe('E_DATA')
    expect(message).toContain(reason)
    expect(hint).not.toBe('')
  })
})

describe('rows have their lines', () => {
  test('of a table with line breaks in cells', async () => {
    const found = await read('x.csv', `prompt,completion\n"two\nlines",a\nb,"c ""d"""\n\nonly one\ne,f\n`)
    expect(found.lines).toEqual([2, 4, 6, 7])
    expect(found.findings).toEqual(['6 table/row'])
    expect(found.messages[0]).toMatchObject([{ content: 'two\nlines' }, { content: 'a' }])
    expect(found.messages[1]).toMatchObject([{ content: 'b' }, { content: 'c "d"' }])
  })

  test.each([
    ['sep=;\r\nprompt;completion\r\na, b;c\r\n', 3],
    ['\uFEFF"sep=|"\nprompt|completion\na, b|c\n', 3],
  ])('of a table whose first line says what parts its cells: %j', async (content, line) => {
    const found = await read('x.csv', content)
    expect(found).toMatchObject({
      lines: [line],
      findings: [],
      messages: [[{ content: 'a, b' }, { content: 'c' }]],
    })
  })

  test('a quote that is not closed says how many lines it took', async () => {
    await using folder = await temporaryFolder()
    const content = 'prompt,completion\na,b\n"c,d\ne,f\ng,h\n'
    const { rows } = await collectRows(await folder.write('x.csv', content), {})
    expect(rows.flatMap(({ findings }) => findings.map(({ message }) => message))).toEqual([
      'a quote is not closed, so that 4 lines were taken for one row',
    ])
  })

  test('of JSON over many lines, and ids of their own on one line', async () => {
    const many = await read('x.json', JSON.stringify([pair, pair], null, 1))
    expect(many.lines).toEqual([2, 6])
    const one = await read('x.json', JSON.stringify([pair, 3, pair]))
    expect(one).toMatchObject({
      lines: [1, 1, 1],
      ids: ['x.json:1', undefined, 'x.json:3'],
      findings: ['1 record/not-object'],
    })
  })

  test('of text', async () => {
    const found = await read('x.txt', 'Q: one\nmore\n\nA: two\n  three\nQ: lost\nQ: four\nA: five')
    expect(found.lines).toEqual([1, 6, 7])
    expect(found.findings).toEqual(['6 table/row'])
    expect(found.messages[0]).toMatchObject([{ content: 'one\nmore' }, { content: 'two\n  three' }])
  })

  test('a JSON file that breaks off loses nothing in silence', async () => {
    const found = await read('x.json', `[${text}, {"prompt": "a`)
    expect(found.messages).toHaveLength(1)
    expect(found.findings).toEqual(['1 json/syntax'])
    expect((await read('x.json', `[${text}] [${text}]`)).findings).toEqual(['1 json/syntax'])
    expect((await read('x.json', `[${text}], 1`)).findings).toEqual(['1 json/syntax'])
  })
})

test('a first sheet without records is not taken for an empty file', async () => {
  const title = [[{ value: 'Exported' }]]
  const cells = [
    [{ value: 'prompt' }, { value: 'completion' }],
    [{ value: 'a' }, { value: 'b' }],
  ]
  const sheets = [
    { sheet: 'Read me', data: title },
    { sheet: 'Data', data: cells },
  ]
  const bytes = await writeXlsxFile(sheets).toBuffer()
  const { message, hint } = await refusal(read('x.xlsx', bytes))
  expect(message).toBe('the first sheet, "Read me", has no records; "Data" may')
  expect(hint).toContain('--sheet "Data"')
  expect((await read('x.xlsx', bytes, { sheet: 'Data' })).messages).toHaveLength(1)
})

describe('columns', () => {
  const table = 'frage,antwort,klasse,patient,gewicht\nwo?,dort,WO,p1,0.5\nwann?,nie,,p2,\n'

  test('a map says what they are', async () => {
    await using folder = await temporaryFolder()
    const map = parseColumnMap('user=frage,assistant=antwort,label=klasse,metadata.patient=patient')
    const { rows, summary } = await collectRows(await folder.write('x.csv', table), { map })
    expect(rows.map(({ example }) => example)).toMatchObject([
      { messages: [{ content: 'wo?' }, { content: 'dort' }], label: 'WO', metadata: { patient: 'p1' } },
      { messages: [{ content: 'wann?' }, { content: 'nie' }], metadata: { patient: 'p2' } },
    ])
    expect(rows[1]?.example?.label).toBeUndefined()
    expect(summary.ignored).toMatchObject([{ message: '"gewicht" is not read', records: 2 }])
    expect(summary.formats[0]?.evidence).toContain('frage → user')
  })

  test('a map of columns that are not there is one error', async () => {
    const map = parseColumnMap('user=question,assistant=antwort')
    const error = await refusal(read('x.csv', table, { map }))
    expect(error.message).toBe(
      'there is no column "question"; there are frage, antwort, klasse, patient, gewicht',
    )
  })

  test('a map works on flat records too', async () => {
    const map = parseColumnMap(String.raw`user=a\,b,assistant=c=d`)
    expect(map).toEqual({ user: 'a,b', assistant: 'c=d' })
    const found = await read('x.jsonl', JSON.stringify({ 'a,b': 'q', 'c=d': 3 }), { map })
    expect(found.messages).toMatchObject([[{ content: 'q' }, { content: '3' }]])
  })

  test.each(['user=a', 'user', 'user=a,assistant=', 'who=a', 'user=a,user=b,assistant=c', 'metadata.=x'])(
    'a map that cannot be meant: %s',
    (given) => {
      expect(() => parseColumnMap(given)).toThrow(HoneError)
    },
  )
})

/** The values that are cut out of JSON in chunks of a size. */
const cut = (json: string, shape: JsonShape, size: number): unknown[] => {
  const elements = new JsonElements(shape)
  const bytes = Buffer.from(json)
  const rows = []
  for (let at = 0; at < bytes.length; at += size) rows.push(...elements.push(bytes.subarray(at, at + size)))
  rows.push(...elements.end())
  return rows.map((row) => ('text' in row ? (JSON.parse(row.text) as unknown) : row))
}
const back = (json: unknown): unknown => JSON.parse(JSON.stringify(json))

describe('JSON is cut like a parser would', () => {
  const value = fc.jsonValue({ maxDepth: 3 })
  test('wherever chunks end', () => {
    fc.assert(
      fc.property(
        fc.array(value, { maxLength: 5 }),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(0, 2),
        (list, size, indent) => {
          expect(cut(JSON.stringify(list, null, indent), { in: 'list' }, size)).toEqual(back(list))
          const held = { 'a"b': 'list', other: { list: [1] }, list, after: [2] }
          expect(cut(JSON.stringify(held, null, indent), { in: 'key', key: 'list' }, size)).toEqual(
            back(list),
          )
          const lines = list.map((each) => JSON.stringify(each, null, indent)).join('\n')
          expect(cut(lines, { in: 'sequence' }, size)).toEqual(back(list))
        },
      ),
      { numRuns: 300 },
    )
  })

  test('a record over the limit is refused alone', async () => {
    const found = await read('x.json', `[{"prompt": "${'x'.repeat(17 * 2 ** 20)}"}, ${text}]`)
    expect(found.findings).toEqual(['1 json/too-long'])
    expect(found.messages).toHaveLength(1)
  })
})

// Nothing and an empty cell are the same; sheets end with their last row that says something.
const filledCells = (list: readonly (JsonObject | undefined)[]): unknown[] =>
  list
    .map((each = {}) => Object.entries(each).filter(([, cellOf]) => (cellOf ?? '') !== ''))
    .filter((entries) => entries.length > 0)
    .map((entries) => Object.fromEntries(entries))

describe('what is written is read back', () => {
  const cell = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.constantFrom('a,b', '"', 'x\r\ny', '\ttab', ' space ', '=1', '[1]', '007', '1e3', 'true'),
  )
  const record = fc.record({
    prompt: cell,
    completion: cell,
    label: fc.option(cell, { nil: undefined }),
  }) as fc.Arbitrary<JsonObject>
  const endings = [...targetEndings, 'jsonl.gz', 'csv.gz']

  test.each(endings)('.%s', async (ending) => {
    let runs = 0
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 5 }), async (records) => {
        await using folder = await temporaryFolder()
        const file = `${folder.path}/x.${ending}`
        // A sheet has no control characters, and an empty cell is no text.
        const held = records.map((each) =>
          Object.fromEntries(
            Object.entries(each).filter(
              ([, said]) => typeof said === 'string' && /^[^\p{Cc}\p{Cs}]+$/u.test(said),
            ),
          ),
        )
        const given = ending === 'xlsx' ? held : records
        const written = await writeRecords(file, async function* () {
          yield given
        })
        expect(written).toBe(records.length)
        const { rows } = await collectRows(file).catch(() => ({ rows: undefined }))
        // Without its two columns in the first row a table says nothing.
        if (rows === undefined) return
        expect(filledCells(rows.map((row) => row.record))).toEqual(filledCells(given))
        runs++
      }),
      { numRuns: ending === 'xlsx' ? 10 : 25 },
    )
    expect(runs).toBeGreaterThan(0)
  })

  test('every kind that can be written can be read', () => {
    const readable = sourceKinds.flatMap((kind) => kind.endings)
    expect(targetEndings.filter((ending) => !readable.includes(ending))).toEqual([])
  })
})

describe('S3', () => {
  let server: Server | undefined
  afterEach(() => {
    server?.close()
    vi.unstubAllEnvs()
  })

  test('an object is streamed, and a missing one is said', async () => {
    server = createServer((request, response) => {
      if (request.url?.startsWith('/bucket/a/x.jsonl') !== true) {
        response.writeHead(404, { 'content-type': 'application/xml' })
        response.end('<Error><Code>NoSuchKey</Code><Message>none</Message></Error>')
        return
      }
      response.end(`${text}\n`)
    })
    await new Promise<void>((resolve) => {
      server?.listen(0, '127.0.0.1', resolve)
    })
    vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test')
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test')
    vi.stubEnv('AWS_REGION', 'us-west-2')
    const { rows, summary } = await collectRows('s3://bucket/a/x.jsonl')
    expect(rows).toHaveLength(1)
    expect(summary).toMatchObject({ totalBytes: text.length + 1, bytesRead: text.length + 1 })
    expect(await refusal(collectRows('s3://bucket/none'))).toMatchObject({
      code: 'E_DATA',
      message: 'there is no such object',
    })
    expect(await refusal(collectRows('s3://bucket'))).toMatchObject({ code: 'E_DATA' })
  })
})
